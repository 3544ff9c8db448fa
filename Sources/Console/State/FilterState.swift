package import Monitor

/// The filter of one view: its text, what it means, and whether it is switched on.
package struct FilterState<Subject: FilterSubject>: Sendable {
    package private(set) var line = FilterLine()
    private var predicate: FilterPredicate<Subject>?

    /// What rows must match; nil: there is no filter, or it is off.
    package var active: FilterPredicate<Subject>? { line.isOn ? predicate : nil }

    mutating func set(_ line: FilterLine, utcOffsetSeconds: Int) throws(FilterError) {
        if line.isBlank {
            predicate = nil
        } else if line.text != self.line.text || predicate == nil {
            predicate = try FilterPredicate(line.text, utcOffsetSeconds: utcOffsetSeconds)
        }
        self.line = line
    }
}

/// A filter as it is written, and whether it is on.
package struct FilterLine: Hashable, Sendable {
    package var text = ""
    package var isOn = true

    package var isBlank: Bool { text.allSatisfy { $0 == " " } }
}
