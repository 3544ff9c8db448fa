import Console
import Testing

@testable import rtmp_top

@Suite struct ThemeTests {
    @Test(arguments: [
        (true, ColourDepth.direct, Theme.Ground?.none, "mono"), (false, .mono, .dark, "mono"),
        (false, .sixteen, .light, "sixteen"), (false, .indexed, nil, "dark"),
        (false, .direct, .dark, "dark"), (false, .indexed, .light, "light"),
    ])
    func `the terminal decides where nobody chose`(
        hasNoColour: Bool, depth: ColourDepth, ground: Theme.Ground?, name: String
    ) {
        #expect(
            ThemeChoice.name(hasNoColour: hasNoColour, depth: depth, ground: ground) == name)
    }

    @Test(arguments: [([:], false), (["NO_COLOR": ""], false), (["NO_COLOR": "1"], true)])
    func `NO_COLOR counts with any value but none`(environment: [String: String], counts: Bool) {
        #expect(ThemeChoice.hasNoColour { environment[$0] } == counts)
    }

    @Test(arguments: [
        ([:], false), (["LANG": "de_DE.UTF-8"], true), (["LANG": "C"], false),
        (["LC_ALL": "C", "LANG": "C.UTF-8"], false), (["LC_CTYPE": "en_US.utf8"], true),
        (["LC_ALL": "", "LANG": "C.UTF-8"], true),
    ])
    func `the locale says whether characters are UTF-8`(
        environment: [String: String], isUTF8: Bool
    ) {
        #expect(ThemeChoice.isUTF8 { environment[$0] } == isUTF8)
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
        #expect(try library.theme(name).name == name)
        #expect(try library.text(name).text.contains("[roles"))
    }

    @Test func `auto is a theme too, read anew like the others`() throws {
        let wardrobe = Wardrobe(library: ThemeLibrary.ofThisProgram(), automatic: "light")
        #expect(try wardrobe.theme("auto").name == "light")
        #expect(try wardrobe.theme("nord").name == "nord")
        #expect(try wardrobe.text("auto") == wardrobe.text("light"))
    }

    @Test(arguments: ["no-such-theme", "/no/such/file.toml", "../dark"])
    func `a theme that is not there is named`(name: String) throws {
        let library = ThemeLibrary(environment: { _ in nil }, executable: "/nowhere/rtmp-top")
        let failure = #expect(throws: Failure.self) { try library.theme(name) }
        #expect(failure?.sentence.contains(name) == true)
    }
}
