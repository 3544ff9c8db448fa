import Console
import Testing

@testable import CursesTerminal

@Suite struct TerminalTypeTests {
    @Test(arguments: [
        (0, false, ColourDepth.mono), (2, false, .mono), (8, false, .sixteen),
        (16, false, .sixteen), (88, false, .sixteen), (256, false, .indexed),
        (1 << 24, true, .direct),
    ])
    func `a theme gets the colours the terminal has`(
        colours: Int, isDirect: Bool, depth: ColourDepth
    ) {
        #expect(TerminalType.depth(colours: colours, isDirect: isDirect) == depth)
    }

    private func type(_ depth: ColourDepth, colours: Int) -> TerminalType {
        TerminalType(
            name: "test", depth: depth, colours: colours, hasAlternateScreen: true, reset: [])
    }

    @Test(arguments: [
        (8, Colour.standard, -1, false), (8, .palette(3), 3, false), (8, .palette(11), 3, true),
        (16, .palette(11), 11, false),
    ])
    func `eight colours make the bright ones with bold`(
        colours: Int, colour: Colour, number: Int32, needsBold: Bool
    ) {
        let found = type(.sixteen, colours: colours).number(of: colour)
        #expect(found == (number, needsBold))
    }

    @Test(
        arguments: [
            (Colour.rgb(red: 1, green: 2, blue: 3), 0x010203), (.rgb(red: 0, green: 0, blue: 0), 8),
            (.palette(7), 7), (.palette(9), 0xFF0000), (.indexed(231), 0xFFFFFF),
        ] as [(Colour, Int32)])
    func `direct colours go out as they are, but for the eight that mean the palette`(
        colour: Colour, number: Int32
    ) {
        #expect(type(.direct, colours: 1 << 24).number(of: colour).number == number)
    }

    @Test(arguments: [
        ("xterm", true), ("xterm-ghostty", true), ("foot-extra", true), ("st-256color", true),
        ("iterm2-direct", true), ("vt52", false), ("dumb", false), ("", false),
    ])
    func `relatives of xterm are known by their names`(term: String, isRelative: Bool) {
        #expect(TerminalType.looksLikeXterm(term) == isRelative)
    }
}

@Suite struct TerminalQueryTests {
    @Test(arguments: [
        ("", TerminalQuery.Answers()),
        ("\u{1b}[?62;22c", .init(isComplete: true)),
        (
            "\u{1b}]11;rgb:0000/0000/0000\u{1b}\\\u{1b}[?2026;2$y\u{1b}[?62c",
            .init(ground: .dark, hasSynchronizedOutput: true, isComplete: true)
        ),
        ("j\u{1b}]11;rgb:ff/ff/ff\u{7}k", .init(ground: .light)),
        ("\u{1b}[?2026;0$y\u{1b}[?1c", .init(isComplete: true)),
        ("\u{1b}[?2026;4$y", .init()),
        ("\u{1b}]11;rgb:zz/zz\u{7}", .init()),
        ("\u{1b}]11;rgb:12345/0/0\u{7}", .init()),
        ("\u{1b}[?2026;1$", .init()),
    ])
    func `answers are found among what else was typed`(
        received: String, answers: TerminalQuery.Answers
    ) {
        #expect(TerminalQuery.answers(in: Array(received.utf8)) == answers)
    }

    @Test(
        arguments: [
            ("15;0", Theme.Ground.dark), ("0;15", .light), ("0;default;7", .light), ("7;8", .dark),
            ("15;default", nil), ("", nil), ("1;99", nil), (nil, nil),
        ] as [(String?, Theme.Ground?)])
    func `COLORFGBG tells the background`(value: String?, ground: Theme.Ground?) {
        #expect(TerminalQuery.ground(colourFGBG: value) == ground)
    }
}
