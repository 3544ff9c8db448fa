import Testing

@Suite struct FloorPlanTests {
    @Test func `every target stands in the plan and the plan names no other`() {
        let found = Set((SourceFile.all + SourceFile.headers).map(\.target))
        #expect(found == Set(FloorPlan.targets.map(\.name)))
    }

    @Test(arguments: FloorPlan.targets.map(\.name))
    func `a target imports only floors below its own`(name: String) throws {
        let target = try #require(FloorPlan.targets.first { $0.name == name })
        for other in FloorPlan.targets where target.imports.contains(other.name) {
            #expect(other.floor < target.floor, "\(name) imports \(other.name)")
        }
    }

    @Test(arguments: FloorPlan.targets.filter { !$0.isC }.map(\.name))
    func `the files of a target import what the plan allows`(name: String) throws {
        let target = try #require(FloorPlan.targets.first { $0.name == name })
        for file in SourceFile.all where file.target == name {
            let foreign = Set(file.imports).subtracting(target.imports)
            #expect(foreign.isEmpty, "\(file) imports \(foreign.sorted())")
        }
    }

    @Test func `up to floor two nothing imports Foundation`() {
        let lower = FloorPlan.targets.filter { $0.floor <= 2 }.map(\.name)
        for file in SourceFile.all where lower.contains(file.target) {
            #expect(!file.imports.contains { $0.hasPrefix("Foundation") }, "\(file)")
        }
    }

    @Test func `only Posix sees the C library`() {
        for file in SourceFile.all where file.imports.contains("Glibc") {
            #expect(file.target == "Posix", "\(file)")
        }
    }

    @Test func `the headers of C targets name no header of ncurses or OpenSSL`() {
        #expect(!SourceFile.headers.isEmpty)
        for file in SourceFile.headers {
            let included = file.text.matches(of: /(?m)^\s*#\s*include\s*[<"]([^>"]+)/).map {
                String($0.1)
            }
            #expect(
                !included.contains { $0.contains("curses") || $0.contains("openssl") }, "\(file)")
        }
    }

    @Test(arguments: FloorPlan.clockless)
    func `the pure targets start no thread and read no clock`(name: String) {
        for file in SourceFile.all where file.target == name {
            let found = FloorPlan.clocks.filter(file.code.contains)
            #expect(found.isEmpty, "\(file) holds \(found)")
        }
    }

    @Test(arguments: ["try!", "as!", "fatalError("])
    func `nothing in Sources may trap where it could throw`(word: String) {
        for file in SourceFile.all {
            #expect(!file.code.contains(word), "\(file) holds \(word)")
        }
    }

    @Test(arguments: ["TODO", "FIXME", "XXX"])
    func `nothing in Sources is left for later`(word: String) {
        for file in SourceFile.all + SourceFile.headers {
            #expect(!file.text.contains(word), "\(file) holds \(word)")
        }
    }

    @Test func `a file is named after a type it declares`() {
        // What extends other files' types may be named after its concept: `Conversions`.
        for file in SourceFile.all where !file.declared.isEmpty && !file.extendsTypes {
            // `AMFMarker` holds `AMF0Marker` and `AMF3Marker`.
            let isNamed = file.declared.contains {
                $0 == file.name || $0.filter { !$0.isNumber } == file.name
            }
            #expect(isNamed, "\(file) declares \(file.declared)")
        }
    }

    @Test func `views and tables name roles and never colours`() {
        for file in SourceFile.all
        where file.path.hasPrefix("Console/View/") || file.path.hasPrefix("Console/Table/") {
            #expect(!file.text.contains(/"#[0-9a-fA-F]{3,6}"/), "\(file)")
            #expect(!file.code.contains(/\bColour\b/), "\(file)")
        }
    }
}
