/// Tab in a prompt: first as far as all candidates agree, then one after the other.
struct Completion: Hashable, Sendable {
    /// What there is to choose from, for the line below the view.
    let candidates: [String]
    private var index: Int?
    /// Scalars before the cursor that the next candidate takes the place of.
    private var replacing: Int

    /// nil: there is nothing to complete.
    init?(_ candidates: [String], replacing: Int) {
        guard !candidates.isEmpty else { return nil }
        self.candidates = candidates
        self.replacing = replacing
    }

    mutating func step(_ line: inout LineEditor, forward: Bool) {
        if index == nil, forward {
            let common = Self.commonPrefix(candidates)
            if candidates.count > 1, common.unicodeScalars.count > replacing {
                return put(common, in: &line)
            }
        }
        let count = candidates.count
        let next =
            index.map { ($0 + (forward ? 1 : count - 1)) % count } ?? (forward ? 0 : count - 1)
        index = next
        put(candidates[next], in: &line)
    }

    private mutating func put(_ text: String, in line: inout LineEditor) {
        line.replace(replacing, beforeCursorBy: text)
        replacing = text.unicodeScalars.count
    }

    private static func commonPrefix(_ texts: [String]) -> String {
        guard var common = texts.first.map({ Array($0.unicodeScalars) }) else { return "" }
        for text in texts.dropFirst() {
            let same = zip(common, text.unicodeScalars).prefix { $0 == $1 }.count
            common.removeLast(common.count - same)
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: common)
        return String(view)
    }
}
