import Console
import FoundationEssentials
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
