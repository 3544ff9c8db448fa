import Console
import FoundationEssentials
import Recording
import Testing

@testable import rtmp_top

/// Where the configuration comes from and where it is saved (DESIGN §24).
@Suite struct ConfigurationFileTests {
    private let folder = FileManager.default.temporaryDirectory.path() + "rtmp-top-\(UUID())"

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func options(_ arguments: String...) throws -> ConsoleOptions {
        try Arguments.read(arguments).console
    }

    private func write(_ text: String, _ name: String) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }

    private func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    @Test func `the file asked for must be there, the user's may be`() throws {
        #expect(throws: Failure.self) {
            try ConfigurationFile(try options("--config", "\(folder)/none.toml"))
        }
        let none = try ConfigurationFile(try options()) { _ in "/nonexistent" }
        #expect(none.settings == Settings() || !none.faults.isEmpty)
    }

    @Test func `the user's file counts, unless no configuration is wanted`() throws {
        try FileManager.default.createDirectory(
            atPath: folder + "/rtmp-top", withIntermediateDirectories: true)
        try write("[console]\ntheme = \"nord\"\nrefresh = 3\n", "rtmp-top/config.toml")
        let environment = { (name: String) in name == "XDG_CONFIG_HOME" ? self.folder : nil }
        let own = try ConfigurationFile(try options(), environment: environment)
        #expect(own.settings.theme == "nord")
        #expect(own.faults.count == 1)
        #expect(own.faults.first?.contains("line 3") == true)
        let nothing = try ConfigurationFile(try options("--no-config"), environment: environment)
        #expect(nothing.settings.theme == "auto")
    }

    @Test func `what is recorded comes from the configuration where nothing else says it`() throws {
        let text = """
            [record]
            all = true
            streams = ["live/cam", "studio/*"]
            dir = "/srv/video"
            segment = "10m"
            """
        try write(text, "record.toml")
        let file = try ConfigurationFile(try options("--config", "\(folder)/record.toml"))
        func adopted(_ arguments: String...) throws -> RecordingOptions {
            var options = try Arguments.read(arguments).recording
            options.adopt(file.settings.record)
            return options
        }
        let recordings = try adopted().recordings
        #expect(recordings.recordsAll && recordings.folder == "/srv/video")
        #expect(recordings.streams == [StreamPattern("live/cam"), StreamPattern("studio/*")])
        #expect(recordings.writer.segmentMilliseconds == 600_000)
        let said = try adopted(
            "--no-record-all", "--record", "a", "--record-dir", "b", "--record-segment", "1s"
        ).recordings
        #expect(!said.recordsAll && said.folder == "b" && said.streams == [StreamPattern("a")])
        #expect(said.writer.segmentMilliseconds == 1000)
    }

    @Test(arguments: [
        ("[record]\nall = \"perhaps\"", "line 2: record.all: expected true or false"),
        ("[record]\nsegment = \"0s\"", "line 2: record.segment: expected a time like"),
        ("[record]\nstreams = \"live\"", "line 2: record.streams: expected a list"),
        ("\n[record]\ndir = 5", "line 3: record.dir: expected the path"),
        ("[record]\npath = \"a\"", "line 2: record.path: there is no such setting"),
        ("record = true", "line 1: record: expected a table"),
    ])
    func `a recording that the file wants wrongly keeps the server from starting`(
        text: String, fault: String
    ) throws {
        try write(text, "wrong.toml")
        let file = try ConfigurationFile(try options("--config", "\(folder)/wrong.toml"))
        #expect(file.serverFault?.contains("wrong.toml: " + fault) == true, "\(file.faults)")
    }

    @Test func `what is no TOML keeps a service from starting, and is shown on a console`() throws {
        try write("[record\nall = true", "wrong.toml")
        let options = try options("--config", "\(folder)/wrong.toml")
        #expect(try ConfigurationFile(options).serverFault == nil)
        let service = try ConfigurationFile(options, isHeadless: true)
        #expect(service.serverFault?.contains("wrong.toml: line 1") == true)
        try write("[console]\nrefresh = 3", "wrong.toml")
        #expect(try ConfigurationFile(options, isHeadless: true).serverFault == nil)
    }

    @Test func `saving keeps what was there, and makes the folder`() throws {
        let environment = { (name: String) in name == "XDG_CONFIG_HOME" ? self.folder : nil }
        let file = try ConfigurationFile(try options("--no-config"), environment: environment)
        #expect(!file.save("[console]\n", to: nil).hasFailed)
        #expect(!file.save("[console]\nmouse = false\n", to: nil).hasFailed)
        #expect(try read("rtmp-top/config.toml") == "[console]\nmouse = false\n")
        #expect(try read("rtmp-top/config.toml.bak") == "[console]\n")
        #expect(!file.save("", to: "\(folder)/new/folder/x.toml").hasFailed)
        #expect(file.save("", to: "/dev/null/x.toml").hasFailed)
    }
}
