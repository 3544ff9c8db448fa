import Console
import Monitor
import Testing

@Suite struct KeyMapTests {
    @Test func `no key means two things in one place`() {
        for scope in KeyScope.each {
            let keys = KeyMap.standardRows.filter { $0.scopes.contains(scope) }.flatMap(\.keys)
            for key in Set(keys) {
                #expect(keys.count { $0 == key } == 1, "\(key.name) in \(scope)")
            }
        }
    }

    @Test func `every row works where it says`() {
        for row in KeyMap.standardRows {
            for scope in KeyScope.each where row.scopes.contains(scope) {
                for key in row.keys {
                    #expect(KeyMap.standard.action(for: key, in: scope) == row.action)
                }
            }
        }
    }

    @Test func `help lists every key with its words`() throws {
        let text = try SnapshotText.render(
            Demo().snapshot(at: 0), view: "help", width: 100, height: 250)
        let lines = text.split(separator: "\n")
        for row in KeyMap.standardRows {
            #expect(
                lines.contains { $0.contains(row.keyNames) && $0.contains(row.help) },
                "\(row.keyNames): \(row.help)")
        }
        // Every key says where it works.
        #expect(!text.contains("[]"))
    }

    @Test(arguments: [(60, 20), (80, 24), (120, 40)])
    func `hints fit and always show help and the way out`(width: Int, height: Int) throws {
        for view in ViewKind.allCases {
            let text = try SnapshotText.render(
                Demo().snapshot(at: 0), view: view.name, width: width, height: height)
            let hints = try #require(text.split(separator: "\n").last)
            #expect(hints.hasPrefix(" ? Help"))
            #expect(hints.hasSuffix("q Quit"))
        }
    }

    @Test func `H hides the hints and gives their row to the body`() {
        var desk = Desk()
        desk.type("H")
        #expect(!desk.screen.contains("? Help"))
    }
}
