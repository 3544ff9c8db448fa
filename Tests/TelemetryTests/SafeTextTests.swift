import Telemetry
import TestSupport
import Testing

/// Console design §15, SEC-12, T-SEC-07.
@Suite struct SafeTextTests {
    @Test(arguments: [
        ("live/cam1", "live/cam1"),
        ("WIN 11,5\u{1b}[2J", #"WIN 11,5\x1b[2J"#),
        ("a\nb\tc\rd\0", #"a\nb\tc\rd\x00"#),
        ("del\u{7f}", #"del\x7f"#),
        ("csi\u{9b}2J", #"csi\x9b2J"#),
        ("abc\u{202e}fed", #"abc\u{202e}fed"#),
        ("a\u{200b}b\u{200d}c", #"a\u{200b}b\u{200d}c"#),
        ("a\u{2028}b\u{2029}", #"a\u{2028}b\u{2029}"#),
        ("\u{feff}bom", #"\u{feff}bom"#),
        ("x\u{fe0f}y\u{e0100}", #"x\u{fe0f}y\u{e0100}"#),
        ("tag\u{e0041}", #"tag\u{e0041}"#),
        ("\u{fffe}\u{10ffff}", #"\u{fffe}\u{10ffff}"#),
        ("\u{e000}\u{f0000}", #"\u{e000}\u{f0000}"#),
        ("soft\u{ad}hyphen", #"soft\u{ad}hyphen"#),
        ("no\u{a0}break", #"no\u{a0}break"#),
        ("hangul filler \u{3164}", #"hangul filler \u{3164}"#),
        ("e\u{301}\u{302}\u{303}", "e\u{301}\u{302}\\u{303}"),
        ("\u{301}first", #"\u{301}first"#),
        ("\u{1b}\u{301}", #"\x1b\u{301}"#),
        (#"C:\dir"#, #"C:\dir"#),
        ("C:\\dir\u{7}", #"C:\\dir\x07"#),
        ("日本語 café", "日本語 café"),
    ])
    func `what a terminal would obey or hide is spelled out`(raw: String, shown: String) {
        let text = SafeText(raw)
        // Scalars, because Swift strings compare by canonical equivalence.
        #expect(Array(text.description.unicodeScalars) == Array(shown.unicodeScalars))
        #expect(text.isEscaped == (raw != shown))
    }

    @Test(
        arguments: [
            ([0xFF, 0x61], #"\xffa"#),
            ([0xC3, 0x28], #"\xc3("#),
            ([0xC0, 0xAF], #"\xc0\xaf"#),  // overlong slash
            ([0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),  // surrogate
            ([0xF4, 0x90, 0x80, 0x80], #"\xf4\x90\x80\x80"#),  // above U+10FFFF
            ([0xE2, 0x82], #"\xe2\x82"#),  // cut off
            ([0xE2, 0x82, 0xAC], "€"),
            ([0xF0, 0x80, 0x80, 0xAF], #"\xf0\x80\x80\xaf"#),
        ] as [([UInt8], String)])
    func `bytes that are no UTF-8 are shown one by one`(raw: [UInt8], shown: String) {
        #expect(SafeText(bytes: raw).description == shown)
    }

    @Test func `every byte alone and every control comes out printable`() {
        for byte in UInt8.min...UInt8.max {
            expectPrintable(SafeText(bytes: [byte, 0x41, byte]))
        }
        for value in (UInt32(0)...0x2FFF).map({ $0 }) + Array(0xE0000...0xE01FF) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            expectPrintable(SafeText("a" + String(scalar) + "b"))
        }
    }

    @Test func `seeded noise comes out printable and within its cells`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...600, using: &generator)
            expectPrintable(
                SafeText(
                    bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }))
        }
    }

    @Test(arguments: [
        String(repeating: "a", count: 1_000_000),
        String(repeating: "日", count: 1000),
        String(repeating: "\u{1b}", count: 1000),
        String(repeating: "e\u{301}\u{302}", count: 1000),
        "a" + String(repeating: "\u{301}", count: 100_000),
    ])
    func `a long text is cut at 256 cells with an ellipsis`(raw: String) {
        let text = SafeText(raw)
        #expect(text.description.unicodeScalars.last == "…")
        #expect(CellWidth.of(text.description) <= 256)
        #expect(CellWidth.of(text.description) >= 250)
    }

    @Test func `exactly 256 cells are not cut`() {
        let raw = String(repeating: "a", count: 254) + "日"
        #expect(SafeText(raw).description == raw)
        #expect(SafeText(raw + "b").description == String(repeating: "a", count: 254) + "…")
    }

    @Test func `interpolation keeps what is safe and cleans the rest`() {
        let app = SafeText("a\u{1b}b")
        let text: SafeText = "app \"\(app)\"  raw \("c\u{9b}")  \(12)"
        #expect(text.description == #"app "a\x1bb"  raw c\x9b  12"#)
        #expect(text.isEscaped)
        let long: SafeText = "\(SafeText(String(repeating: "x", count: 300)))\(app)"
        #expect(CellWidth.of(long.description) == 256)
        #expect(SafeText(literal: "ready").description == "ready")
    }

    private func expectPrintable(
        _ text: SafeText, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(CellWidth.of(text.description) <= 256, sourceLocation: sourceLocation)
        for scalar in text.description.unicodeScalars {
            let isHarmless: Bool
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse,
                .unassigned:
                isHarmless = false
            default:
                isHarmless = !scalar.properties.isDefaultIgnorableCodePoint
            }
            #expect(isHarmless, "\(scalar.value)", sourceLocation: sourceLocation)
        }
    }
}

/// SEC-13, T-SEC-06.
@Suite struct SecretMaskTests {
    @Test(arguments: [
        ("token=abc", "token=***"),
        ("a=1&Token=abc&b=2", "a=1&Token=***&b=2"),
        (
            "key=&auth=x;sign=y?password=z#secret=q",
            "key=&auth=***"
        ),
        ("streamKey=s&txSecret=t&auth_key=u", "streamKey=***&txSecret=***&auth_key=***"),
        ("token", "token"),
        ("token=a=b", "token=***"),
        ("a=1;token=x;b=2&c=3", "a=1;token=***&c=3"),
        ("hdnea=st=1~exp=2~hmac=x&a=1", "hdnea=***&a=1"),
        ("sig=a&pwd=b&jwt=c&md5=d", "sig=***&pwd=***&jwt=***&md5=***"),
        ("keyframes=2&keyframe_key=x", "keyframes=2&keyframe_key=***"),
        ("user=bob&bitrate=5", "user=bob&bitrate=5"),
        ("", ""),
    ])
    func `values of secrets are starred`(raw: String, shown: String) {
        #expect(SafeText(query: raw).description == shown)
    }

    @Test(arguments: [
        ("rtmp://host/app", "rtmp://host/app"),
        ("rtmp://bob:pw@host/app?token=x&a=1", "rtmp://***@host/app?token=***&a=1"),
        ("rtmp://a@b@host:1935/app", "rtmp://***@host:1935/app"),
        ("rtmp://host/a@b", "rtmp://host/a@b"),
        ("cam1?key=deadbeef", "cam1?key=***"),
        ("cam1", "cam1"),
        ("rtmp:/", "rtmp:/"),
        ("?", "?"),
    ])
    func `user information and query secrets of a URL are starred`(raw: String, shown: String) {
        #expect(SafeText(url: raw).description == shown)
    }

    @Test func `a secret longer than the limit leaves nothing behind`() {
        let shown = SafeText(query: "a=1&token=" + String(repeating: "s", count: 100_000))
        #expect(shown.description == "a=1&token=***")
        let user = "rtmp://" + String(repeating: "s", count: 100_000) + "@h/a"
        #expect(SafeText(url: user).description == "rtmp://***")
    }
}

@Suite struct CellWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("ｆ", 2), ("ﾊ", 1), ("🎥", 2),
        ("한", 2), ("\u{1112}\u{1161}\u{11ab}", 2), ("│▅●", 3),
    ])
    func `cells are counted by the table of the program`(text: String, cells: Int) {
        #expect(CellWidth.of(text) == cells)
    }
}
