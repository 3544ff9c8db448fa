import Console
import Testing

@testable import rtmp_top

@Suite struct ThemeTests {
    @Test(arguments: [
        (["NO_COLOR": "1"], 16_777_216, "mono"), (["NO_COLOR": ""], 256, "dark"), ([:], 2, "mono"),
        ([:], 8, "sixteen"), ([:], 16, "sixteen"), ([:], 256, "dark"),
        (["COLORFGBG": "0;15"], 256, "light"), (["COLORFGBG": "15;0"], 256, "dark"),
        (["COLORFGBG": "0;default;7"], 256, "light"), (["COLORFGBG": "junk"], 256, "dark"),
    ])
    func `the terminal decides where nobody chose`(
        environment: [String: String], colours: Int, name: String
    ) {
        #expect(ThemeChoice.name(environment: { environment[$0] }, colours: colours) == name)
    }

    @Test func `folders are asked in order, then the built-in themes`() {
        let library = ThemeLibrary(
            environment: { ["XDG_CONFIG_HOME": "/config"][$0] }, executable: "/opt/x/bin/rtmp-top")
        #expect(
            library.folders.prefix(4) == [
                "/config/rtmp-top/themes", "/opt/x/share/rtmp-top/themes", "/opt/x/bin/themes",
                "/opt/x/themes",
            ])
    }

    @Test func `without a configuration folder the home folder counts`() {
        let library = ThemeLibrary(
            environment: { ["HOME": "/home/a"][$0] }, executable: "rtmp-top")
        #expect(library.folders.first == "/home/a/.config/rtmp-top/themes")
    }

    @Test(arguments: BuiltInThemes.names)
    func `a built-in theme needs no folder`(name: String) throws {
        let library = ThemeLibrary(environment: { _ in nil }, executable: "/nowhere/rtmp-top")
        #expect(try library.theme(name).theme.name == name)
        #expect(try library.text(name).text.contains("[roles"))
    }

    @Test(arguments: ["no-such-theme", "/no/such/file.toml", "../dark"])
    func `a theme that is not there is named`(name: String) throws {
        let library = ThemeLibrary(environment: { _ in nil }, executable: "/nowhere/rtmp-top")
        let failure = #expect(throws: ThemeLibrary.Failure.self) { try library.theme(name) }
        #expect(failure?.description.contains(name) == true)
    }
}
