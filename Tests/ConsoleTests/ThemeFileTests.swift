import Testing

@testable import Console

@Suite struct ThemeFileTests {
    @Test func `roles, palette, attributes and colours of every form are read`() throws {
        let theme = try ThemeFile.parse(
            """
            name = "mine"
            [palette]
            ink = "#123"
            [roles]
            text = "ink on #0a0b0c +bold +underline"
            text.dim = "bright-red"
            "num.zero" = "200"
            [roles.sev]
            warn = "default"
            """, file: "mine.toml"
        ).theme
        #expect(
            theme.style(for: .text)
                == CellStyle(
                    foreground: .rgb(red: 0x11, green: 0x22, blue: 0x33),
                    background: .rgb(red: 10, green: 11, blue: 12), attributes: [.bold, .underline])
        )
        #expect(theme.style(for: .textDim).foreground == .palette(9))
        #expect(theme.style(for: .numZero).foreground == .indexed(200))
        #expect(theme.style(for: .sevWarn) == CellStyle())
    }

    @Test func `a theme needs to say only what differs`() throws {
        let theme = try ThemeFile.parse(
            "name = \"mine\"\ninherits = \"dark\"\nbackground = \"#000010\"\n[roles]\nnum = \"red\"\n",
            file: "mine.toml"
        ).theme
        let dark = try #require(try BuiltInThemes.theme(named: "dark"))
        #expect(theme.name == "mine")
        #expect(theme.style(for: .num).foreground == .palette(1))
        #expect(theme.style(for: .title) == dark.style(for: .title))
        #expect(theme.style(for: .num).background == .rgb(red: 0, green: 0, blue: 16))
        #expect(theme.style(for: .sevOk).background == .rgb(red: 0, green: 0, blue: 16))
    }

    @Test func `unknown keys are warnings with their line`() throws {
        let warnings = try ThemeFile.parse(
            "name = \"mine\"\ncolour = \"x\"\n[roles]\ntext.bold = \"red\"\n", file: "mine.toml"
        ).warnings
        #expect(
            warnings == [
                "mine.toml: line 2: unknown key colour",
                "mine.toml: line 4: unknown key roles.text.bold",
            ])
    }

    @Test(arguments: [
        ("[roles]\nsev.warn = \"yelow\"", "mine.toml: roles.sev.warn: no colour \"yelow\""),
        ("[roles]\ntext = \"red +blink\"", "mine.toml: roles.text: no attribute \"+blink\""),
        (
            "[roles]\ntext = \"red green\"",
            "mine.toml: roles.text: \"red green\" is not FG, FG on BG, +attribute"
        ),
        ("[palette]\nink = \"#12\"", "mine.toml: palette.ink: no colour \"#12\""),
        ("[roles]\ntext = 3", "mine.toml: roles.text: is not a text"),
        ("roles = 3", "mine.toml: roles: is not a table"),
        ("check = \"grey\"", "mine.toml: check: \"grey\" is neither dark nor light"),
        ("inherits = \"nowhere\"", "mine.toml: inherits: there is no theme \"nowhere\""),
    ])
    func `an error names the file and the key`(text: String, message: String) {
        #expect(throws: ThemeFile.Failure(description: message)) {
            try ThemeFile.parse(text, file: "mine.toml")
        }
    }

    @Test func `broken TOML names the line`() {
        let failure = #expect(throws: ThemeFile.Failure.self) {
            try ThemeFile.parse("name = \"mine\"\n[roles\n", file: "mine.toml")
        }
        #expect(failure?.description.hasPrefix("mine.toml: line 2: ") == true)
    }

    @Test func `a circle of themes is refused`() {
        let find = { (name: String) in
            "name = \"\(name)\"\ninherits = \"\(name == "a" ? "b" : "a")\""
        }
        #expect(throws: ThemeFile.Failure.self) {
            try ThemeFile.parse("name = \"x\"\ninherits = \"a\"", file: "x.toml", find: find)
        }
    }
}
