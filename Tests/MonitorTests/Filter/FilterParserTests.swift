import Monitor
import TestSupport
import Testing

/// Console design, §10.
@Suite struct FilterParserTests {
    @Test(arguments: [
        ("role:pub & in<1M", #"role:"pub" & in<"1M""#),
        ("#12 | peer:198.51.100.0/24", #"#12 | peer:"198.51.100.0/24""#),
        ("~slow & !client:ffplay", #"~slow & !client:"ffplay""#),
        (#"stream~"^live/cam[0-9]+$" fps<29.5"#, #"stream~"^live/cam[0-9]+$" & fps<"29.5""#),
        ("type:video & ~key & len>200k", #"type:"video" & ~key & len>"200k""#),
        ("level:{warn,error} at>13:50", #"level:{"warn","error"} & at>"13:50""#),
        ("#3..#9", "#3..#9"),
        ("#0..#18446744073709551615", "#0..#18446744073709551615"),
        ("stream ~slow", #""stream" & ~slow"#),
        ("stream~cam", #"stream~"cam""#),
        ("stream !~slow", #""stream" & !~slow"#),
        ("stream!~cam", #"stream!~"cam""#),
        ("role != pub", #"role!="pub""#),
        ("role != { pub , play }", #"role!={"pub","play"}"#),
        ("a or b and c", #""a" | "b" & "c""#),
        ("a | (b | c)", #""a" | ("b" | "c")"#),
        ("(a | b) c", #"("a" | "b") & "c""#),
        ("not a", #"!"a""#),
        ("!!a", #"!!"a""#),
        ("/^live\\/cam/", #"/^live\/cam/"#),
        (#""a \"b\" \\""#, #""a \"b\" \\""#),
        ("rtt:-", "rtt:-"),
        (#"rtt:"-""#, #"rtt:"-""#),
        ("peer:[2001:db8::1]:1935", #"peer:"[2001:db8::1]:1935""#),
        ("live/cam1", #""live/cam1""#),
        ("FPS>=29", #"fps>="29""#),
        ("origin android", #""origin" & "android""#),
    ])
    func `what is typed is understood, and said again in the plainest form`(
        typed: String, plain: String
    ) throws {
        let expression = try #require(try FilterParser.parse(typed))
        #expect(expression.description == plain)
        #expect(try FilterParser.parse(expression.description) == expression)
    }

    @Test(arguments: ["combining-mark", "deepest"])
    func `what the fuzzer found is understood, and said again as it is meant`(
        name: String
    ) throws {
        for part in try Golden.parts("../Fuzz/Found/filter/\(name)") {
            let typed = String(decoding: part.bytes, as: UTF8.self)
            let expression = try #require(try FilterParser.parse(typed), "\(part.name)")
            #expect(try FilterParser.parse(expression.description) == expression, "\(part.name)")
        }
    }

    @Test(arguments: ["", "   "])
    func `nothing is no filter`(typed: String) throws {
        #expect(try FilterParser.parse(typed) == nil)
    }

    @Test(arguments: [
        ("role:", 5, true), ("(a", 2, true), ("a |", 3, true), ("a & ", 4, true),
        ("\"abc", 4, true), ("/abc", 4, true), ("{", 0, false), ("a )", 2, false), ("~", 1, true),
        ("#", 1, true), ("#x", 1, false), ("#9..#3", 5, false), ("level:{warn", 11, true),
        ("level:{warn,}", 12, false), ("fps>{1,2}", 4, false), ("!", 1, true), ("a,b", 1, false),
        (":x", 0, false), ("= 3", 0, false), ("1a:x", 0, false),
        ("#99999999999999999999", 1, false),
    ])
    func `a fault is named by its place, and an unfinished filter is no fault`(
        typed: String, position: Int, isUnfinished: Bool
    ) {
        do {
            let expression = try FilterParser.parse(typed)
            Issue.record("parsed as \(String(describing: expression))")
        } catch {
            #expect(error.position == position)
            #expect(error.isUnfinished == isUnfinished)
            #expect(!error.expected.isEmpty)
        }
    }

    @Test(arguments: [
        String(repeating: "(", count: 3000), String(repeating: "!", count: 3000) + "a",
        String(repeating: "a ", count: 3000),
    ])
    func `depth and length are bounded`(typed: String) {
        #expect(throws: FilterError.self) { try FilterParser.parse(typed) }
    }

    @Test func `seeded noise parses or names a place within the text`() {
        var generator = SeededGenerator(seed: 3)
        let pieces = [
            "a", "role", ":", "=", "!=", "<", "~", "!", "&", "|", "(", ")", "{", "}", ",", "\"",
            "/", "#1", "..", " ", "-", "1.5k", "or", "not", "\\", "é", "日",
        ]
        for _ in 0..<5000 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }
                .joined()
            do {
                guard let expression = try FilterParser.parse(text) else { continue }
                #expect(try FilterParser.parse(expression.description) == expression, "\(text)")
            } catch {
                #expect((0...text.count).contains(error.position), "\(text)")
            }
        }
    }
}
