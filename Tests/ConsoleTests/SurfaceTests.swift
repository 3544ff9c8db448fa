import Testing

@testable import Console

@Suite struct SurfaceTests {
    @Test func `writing past any edge changes nothing outside the grid`() {
        var surface = Surface(width: 4, height: 2)
        surface.put("abcdefgh", x: -2, y: 0)
        surface.put("xyz", x: 3, y: 1)
        surface.put("gone", x: 0, y: 2)
        surface.put("gone", x: 0, y: -1)
        surface.fill(Rect(x: -5, y: 1, width: 6, height: 9), "#", role: .text)
        #expect(surface.text() == "cdef\n#  x\n")
    }

    @Test func `a wide character is never cut in half`() {
        var surface = Surface(width: 5, height: 1)
        surface.put("漢字漢", x: 0, y: 0)
        #expect(surface.text() == "漢字\n")
        #expect(surface[1, 0].width == .continuation)
        surface.put("x", x: 1, y: 0)
        #expect(surface.text() == " x字\n")
        surface.put("y", x: 2, y: 0)
        #expect(surface.text() == " xy\n")
        surface.put("漢字", x: 0, y: 0)
        surface.fill(Rect(x: 1, y: 0, width: 2, height: 1), "-", role: .text)
        #expect(surface.text() == " --\n")
        surface.put("漢字", x: 0, y: 0)
        surface.fill(Rect(x: 2, y: 0, width: 1, height: 1), "-", role: .text)
        #expect(surface.text() == "漢-\n")
    }

    @Test func `marks stay on their base, at most two`() {
        var surface = Surface(width: 3, height: 1)
        surface.put("e\u{301}\u{302}\u{303}x", x: 0, y: 0)
        #expect(surface[0, 0].glyph.scalars == ["e", "\u{301}", "\u{302}"])
        #expect(surface[1, 0].glyph.base == "x")
    }

    @Test func `a field is cut with its mark and aligned right`() {
        var surface = Surface(width: 8, height: 3)
        surface.put("abcdefgh", x: 0, y: 0, field: 5, cut: "…")
        surface.put("12", x: 0, y: 1, field: 5, align: .right, cut: "…")
        surface.put("漢字漢", x: 0, y: 2, field: 4, cut: "…")
        #expect(surface.text() == "abcd…\n   12\n漢…\n")
    }

    @Test func `a box holds its titles or drops the note`() {
        var surface = Surface(width: 20, height: 3)
        let inner = Box(title: "Title", note: "note").draw(
            on: &surface, surface.bounds, glyphs: .ascii)
        #expect(inner == Rect(x: 1, y: 1, width: 18, height: 1))
        #expect(
            surface.text() == "+- Title --- note -+\n|                  |\n+------------------+\n")
        var narrow = Surface(width: 12, height: 2)
        Box(title: "Title", note: "note").draw(on: &narrow, narrow.bounds, glyphs: .unicode)
        #expect(narrow.text() == "┌─ Title ──┐\n└──────────┘\n")
    }

    @Test func `graph columns grow by eighths and leave gaps for what is unknown`() {
        var surface = Surface(width: 5, height: 2)
        Bars.graph(
            [0, 0.001, nil, 0.75, 2], maximum: 1, on: &surface, in: surface.bounds, role: .graphIn,
            glyphs: .unicode)
        #expect(surface.text() == "   ▄█\n ▁ ██\n")
    }

    @Test func `an over-full gauge passes its mark`() {
        var surface = Surface(width: 12, height: 3)
        for (y, share) in [0.5, 1.0, 1.12].enumerated() {
            Bars.gauge(share, on: &surface, x: 0, y: y, width: 12, glyphs: .ascii)
        }
        #expect(surface.text() == "[#####.....]\n[##########]\n[#######|..]\n")
    }

    @Test func `ansi sets a style only where it changes and ends each line plain`() {
        var theme = Theme(name: "test")
        theme.styles[Int(Role.sevError.rawValue)] = CellStyle(
            foreground: .palette(9), background: .rgb(red: 1, green: 2, blue: 3), attributes: .bold)
        var surface = Surface(width: 3, height: 1)
        surface.put("ab", x: 0, y: 0, role: .sevError)
        #expect(surface.ansi(theme: theme) == "\u{1b}[0;1;91;48;2;1;2;3mab\u{1b}[0m \n")
    }
}
