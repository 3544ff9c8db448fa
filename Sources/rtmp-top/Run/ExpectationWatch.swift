import Monitor

/// `--expect` and `--exit-when` over the snapshots of a run: what came true, and what is overdue.
struct ExpectationWatch {
    enum Verdict {
        /// `--exit-when` holds, or all that was expected came true and nothing else ends the run.
        case end
        /// The time of `--within` is over.
        case overdue
    }

    private let expected: [Expectation]
    private var met: Set<Int> = []
    private let withinNanoseconds: UInt64?
    private let exitWhen: Expectation?
    /// Nothing else ends the run, so being done does.
    private let endsWhenMet: Bool
    private var startedAtNanoseconds: UInt64?
    /// Held only while something is still expected, as a snapshot that is held costs the next look a copy
    /// of all rows.
    private var last: Snapshot?

    init(_ options: OutputOptions) throws(Failure) {
        expected = try options.expect.map { text throws(Failure) in
            try Self.expectation(text, option: "--expect")
        }
        exitWhen = try options.exitWhen.map { text throws(Failure) in
            try Self.expectation(text, option: "--exit-when")
        }
        withinNanoseconds = options.within?.nanoseconds
        endsWhenMet = !expected.isEmpty && options.duration == nil && exitWhen == nil
    }

    mutating func look(at snapshot: Snapshot) -> Verdict? {
        let now = snapshot.takenAtNanoseconds
        let started = startedAtNanoseconds ?? now
        startedAtNanoseconds = started
        for (index, expectation) in expected.enumerated()
        where !met.contains(index) && expectation.holds(in: snapshot) {
            met.insert(index)
        }
        last = met.count < expected.count ? snapshot : nil
        if let exitWhen, exitWhen.holds(in: snapshot) { return .end }
        if met.count == expected.count { return endsWhenMet ? .end : nil }
        guard let withinNanoseconds, now >= started + withinNanoseconds else { return nil }
        return .overdue
    }

    /// At the end of the run: what never came true, with the last values.
    func failure() -> Failure? {
        guard met.count < expected.count else { return nil }
        var lines: [String] = []
        for (index, expectation) in expected.enumerated() where !met.contains(index) {
            lines.append("expected \(expectation), which never came true")
            if let last { lines += expectation.findings(in: last).map { "  \($0)" } }
        }
        return .expectation(lines.joined(separator: "\n"))
    }

    private static func expectation(
        _ text: String, option: String
    ) throws(Failure) -> Expectation {
        do {
            return try Expectation(text)
        } catch {
            throw .usage("\(option) '\(text)': \(error)")
        }
    }
}
