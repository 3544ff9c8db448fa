import Monitor
import Telemetry
import Testing

/// Console design, §23, over the demo's moment.
@Suite struct ExpectationTests {
    private let snapshot = Demo().snapshot(at: 0)

    @Test(arguments: [
        ("stream:live/cam1 & fps>=29 & gop<=2.1s", true),
        ("stream:live/cam1 & gop>5s", false),
        ("count(role:play)>=3", true),
        ("count(role:play) > 3", false),
        ("count()=7", true),
        ("COUNT(role:pub)=2", true),
        ("count(role:pub)=2 & count(role:play)=3", true),
        ("count(role:pub)=2 & count(role:play)=4", false),
        ("count(role:pub)=9 | ~slow", true),
        ("!(count(role:pub)=9)", true),
        ("count(fps>50)=2 & role:pub fps>50", true),
        // The two parts without a count are about one session: none is both.
        ("count()>0 & role:pub & role:play", false),
        ("players>1", true), ("count(players>=1)=2", true), ("width>1920", false),
        ("count(~closed)=2", true), ("count(peer:0.0.0.0/0)=7", true),
        ("role:nobody", false),
    ])
    func `an expectation holds or does not`(text: String, holds: Bool) throws {
        #expect(try Expectation(text).holds(in: snapshot) == holds)
    }

    @Test(arguments: [
        ("", 0), ("count(", 6), ("count(role:pub)", 15), ("count(role:pub)>", 16),
        ("count(role:pub)>some", 16), ("count(role:pub)~3", 15), ("count(nofield:1)>3", 6),
        ("count(count()>1)>3", 17), ("players>1 & rtt>5", 0), ("role:pub | nofield:2", 11),
    ])
    func `a wrong one is named by its place`(text: String, position: Int) {
        do {
            _ = try Expectation(text)
            Issue.record("understood")
        } catch {
            #expect(error.position == position, "\(error)")
        }
    }

    @Test func `count is a word like any other where filters stand`() throws {
        #expect(try FilterParser.parse("count (a)") == FilterParser.parse("\"count\" \"a\""))
        #expect(throws: FilterError.self) {
            try FilterPredicate<SessionRow>("count(role:pub)>1")
        }
    }

    @Test func `an expectation said again is the same`() throws {
        let text = "count(role:pub | ~slow) >= 2 & !(count()=0) & fps>29"
        let expression = try #require(try FilterParser.parse(text, takesCounts: true))
        #expect(try FilterParser.parse(expression.description, takesCounts: true) == expression)
    }

    @Test func `the last values say why it did not hold`() throws {
        let words = try Expectation("role:pub & fps>100").findings(in: snapshot)
            .map(\.description)
        #expect(words.first == #"role:"pub" & fps>"100": does not hold, 0 of 7 sessions"#)
        #expect(words.contains { $0.hasPrefix("  fps: #3 60, #4 30, #9 60,") }, "\(words)")
        let streams = try Expectation("count(players>5)>1").findings(in: snapshot)
        #expect(streams.last?.description == "  players: live/cam1 2, live/cam2 1, live/studio 0")
    }
}

/// What Tab offers (console design, §10).
@Suite struct FilterCompletionTests {
    private let snapshot = Demo().snapshot(at: 0)

    @Test(arguments: [
        ("fl", 2, ["flashver"]), ("role:pub & rt", 2, ["rtt", "rtx"]), ("~s", 2, ["~slow"]),
        ("!~cl", 3, ["~closed"]), ("#1", 2, ["#12", "#15", "#17", "#18"]),
        ("role:p", 1, ["play", "pub"]), ("role!=pl", 2, ["play"]), ("role:{pub,pl", 2, ["play"]),
        ("stream:LIVE/", 5, ["live/cam1", "live/cam2", "live/studio"]),
        ("client:o", 1, ["\"OBS 30.1.2\""]), ("(role:id", 2, ["idle"]), ("in>", 0, []),
        ("client:\"OB", 0, []), ("nofield:x", 1, []), ("zzz", 3, []), ("slow~cl", 2, []),
    ])
    func `the end of a text is completed`(text: String, replacing: Int, candidates: [String]) {
        let completion = FilterCompletion.of(text, SessionRow.self, in: snapshot)
        #expect(completion.candidates == candidates)
        if !candidates.isEmpty { #expect(completion.replacing == replacing) }
    }

    @Test func `every candidate makes a filter`() throws {
        for start in ["", "role:", "state:", "client:", "stream:", "~", "#"] {
            let completion = FilterCompletion.of(start, SessionRow.self, in: snapshot)
            #expect(!completion.candidates.isEmpty, "\(start)")
            let kept = start.unicodeScalars.dropLast(completion.replacing)
            for candidate in completion.candidates where !start.isEmpty {
                _ = try FilterPredicate<SessionRow>(String(kept) + candidate)
            }
        }
    }

    @Test func `logs have fields of their own`() {
        let chunks = FilterCompletion.of("kind:", TraceEntry.self, in: snapshot)
        #expect(chunks.candidates.contains("video"))
        #expect(
            FilterCompletion.of("lev", JournalEntry.self, in: snapshot).candidates == ["level"])
    }
}
