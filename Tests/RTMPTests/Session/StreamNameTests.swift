import RTMP
import TestSupport
import Testing

@Suite struct StreamNameTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let app: String?
        let name: String
        let key: String?
        var tcURL = ""
        var query = ""

        var testDescription: String { "\(app ?? "no app") + \(name.prefix(40))" }
    }

    /// T-CMD-26, T-CMD-27; CMD-23, CMD-25
    @Test(arguments: [
        Row(app: "live", name: "s", key: "live/s"),
        Row(app: "live/_definst_", name: "s", key: "live/s"),
        Row(app: "live/_definst_/", name: "s", key: "live/s"),
        Row(app: "live/", name: "/s?x=1", key: "live/s", query: "x=1"),
        Row(app: "live?token=a", name: "s?token=b", key: "live/s", query: "token=b"),
        Row(app: "/live//sub/", name: "s", key: "live/sub/s"),
        Row(app: "a/b", name: "c/d", key: "a/b/c/d"),
        Row(app: "live", name: "mp4:s", key: "live/s"),
        Row(app: "live", name: "flv:s?a=b?c", key: "live/s", query: "a=b?c"),
        Row(app: "live", name: "%41", key: "live/%41"),
        Row(app: "live", name: "a..b", key: "live/a..b"),
        Row(app: "live", name: "ä/ö", key: "live/ä/ö"),
        // OBS with `rtmp://host`: no app at all (CMD-2).
        Row(app: "", name: "s", key: "s", tcURL: "rtmp://host"),
        Row(app: "?authmod=adobe", name: "s", key: "s", tcURL: "rtmp://host:1935/?authmod=adobe"),
        // App missing: tcUrl says it.
        Row(app: nil, name: "s", key: "live/s", tcURL: "rtmp://host:1935/live?k=v"),
        Row(app: nil, name: "s", key: "live/s", tcURL: "'rtmp://host//live'"),
        Row(app: nil, name: "s", key: "s", tcURL: "live"),
        // The name missing: the last segment of app or tcUrl (CMD-11).
        Row(app: "live/s", name: "", key: "live/s"),
        Row(app: "live/s?token=a", name: "?token=b", key: "live/s", query: "token=b"),
        Row(app: "live", name: "", key: "live/s", tcURL: "rtmp://host/live/s"),
        Row(app: "live", name: "", key: nil, tcURL: "rtmp://host/live"),
        Row(app: "a?k=v", name: "", key: nil, tcURL: "rtmp://host/a?k=v"),
        Row(app: "", name: "", key: nil),
        // What can be no key.
        Row(app: "live", name: "../x", key: nil),
        Row(app: "live", name: "x/..", key: nil),
        Row(app: "..", name: "x", key: nil),
        Row(app: "live", name: "a\u{0}b", key: nil),
        Row(app: "live", name: "a\u{1B}[2J", key: nil),
        Row(app: "live", name: "a\u{7F}", key: nil),
        Row(app: "live", name: "a\u{9B}b", key: nil),
        Row(app: "li\nve", name: "a", key: nil),
        Row(
            app: "live", name: String(repeating: "a", count: 507),
            key: "live/" + String(repeating: "a", count: 507)),
        Row(app: "live", name: String(repeating: "a", count: 508), key: nil),
        Row(app: "live", name: String(repeating: "ä", count: 300), key: nil),
    ])
    func `app and name give one key, or none`(_ row: Row) {
        let app = StreamName.app(row.app, tcURL: row.tcURL)
        let resolved = StreamName.resolve(row.name, in: app)
        #expect(resolved.key?.description == row.key)
        #expect(resolved.query == row.query)
    }

    @Test func `a key is the same wherever the client cut the URL`() {
        let keys: Set = [
            StreamKey(app: "a/b", name: "c"), StreamKey(app: "a", name: "b/c"),
            StreamKey(app: "", name: "a/b/c"),
        ]
        #expect(keys.count == 1)
    }

    /// CMD-24, mediamtx #6007
    @Test func `the query of the name comes before that of app and tcUrl`() {
        let app = StreamName.app(
            "live?token=a&user=u", tcURL: "rtmp://host/live?token=c&only=here")
        #expect(app.parameters == ["token=a&user=u", "token=c&only=here"])
        let name = StreamName.resolve("s?token=b", in: app)
        let queries = [name.query] + app.parameters
        #expect(StreamName.parameter("token", in: queries) == "b")
        #expect(StreamName.parameter("user", in: queries) == "u")
        #expect(StreamName.parameter("only", in: queries) == "here")
        #expect(StreamName.parameter("toke", in: queries) == nil)
    }

    @Test(arguments: [
        ("k=a%20b+c", "a b+c"), ("k=%zz%4", "%zz%4"), ("k", ""), ("k=", ""), ("x&k=1=2", "1=2"),
        ("k=%", "%"), ("k=%41%", "A%"),
    ])
    func `a value is decoded where it says percent, and nowhere else`(
        _ query: String, _ value: String
    ) {
        #expect(StreamName.parameter("k", in: [query]) == value)
    }

    @Test func `any bytes as names give a key or none`() {
        var generator = SeededGenerator(seed: 7)
        let alphabet: [Unicode.Scalar] = [
            "/", "?", ".", "%", ":", "'", "a", "&", "=", "\u{0}", "é",
        ]
        for _ in 0..<5000 {
            func text() -> String {
                var text = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0...12, using: &generator) {
                    text.append(alphabet.randomElement(using: &generator) ?? "a")
                }
                return String(text)
            }
            let app = StreamName.app(text(), tcURL: "rtmp:/" + text())
            let resolved = StreamName.resolve(text(), in: app)
            _ = StreamName.parameter("a", in: [resolved.query] + app.parameters)
            if let key = resolved.key?.description {
                #expect(!key.isEmpty && !key.hasPrefix("/") && !key.hasSuffix("/"))
                #expect(!key.contains("//") && !key.contains("?") && !key.contains("\u{0}"))
                #expect(!key.split(separator: "/").contains(".."))
            }
        }
    }
}
