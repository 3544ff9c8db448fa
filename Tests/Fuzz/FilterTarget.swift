import Monitor

/// What a person types at the console: a filter or a `FilterError`, for each kind of line, and the
/// filter can be asked.
///
/// Regular expressions are parsed and never asked: the library's matcher takes exponential time on
/// some, which is the typist's own.
enum FilterTarget {
    private static let snapshot = Demo().snapshot(at: 40)

    static func run(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let expression: FilterExpression?
        do {
            expression = try FilterParser.parse(text)
        } catch {
            hold(
                (0...text.unicodeScalars.count).contains(error.position),
                "an error lies in the text: \(error)")
            return
        }
        if let expression { checkRoundTrip(expression) }
        guard !text.contains("/"), !text.contains("~") else { return }
        ask(text, snapshot.sessions)
        ask(text, snapshot.streams)
    }

    private static func ask<Line: FilterSubject>(_ text: String, _ lines: [Line]) {
        guard let filter = try? FilterPredicate<Line>(text) else { return }
        for line in lines.prefix(4) { _ = filter.matches(line, in: snapshot) }
    }

    /// What was understood, written again, is understood the same.
    private static func checkRoundTrip(_ expression: FilterExpression) {
        let text = expression.description
        guard let again = try? FilterParser.parse(text) else {
            return hold(text.count > 4000, "a written filter is read: \(text)")
        }
        hold(again == expression, "parse(write(filter)): \(again), not \(expression)")
    }
}
