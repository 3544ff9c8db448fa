/// A line of text being typed, with the history of lines before it.
package struct LineEditor: Hashable, Sendable {
    private var scalars: [Unicode.Scalar]
    /// Scalars before the cursor.
    package private(set) var position: Int
    private let history: [String]
    /// Which line of the history is shown; its count: the one being typed.
    private var historyIndex: Int
    private var draft: [Unicode.Scalar] = []
    /// What was erased last by more than a character, for `^Y`.
    private var erased: [Unicode.Scalar] = []

    /// Nobody types more; keeps a stuck key from growing it for ever.
    package static let limit = 500

    package init(_ text: String = "", history: [String] = []) {
        scalars = Array(text.unicodeScalars.prefix(Self.limit))
        position = scalars.count
        self.history = history
        historyIndex = history.count
    }

    package var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    package var textBeforeCursor: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[..<position])
        return String(view)
    }

    package mutating func insert(_ scalar: Unicode.Scalar) {
        guard scalars.count < Self.limit, scalar.value >= 0x20, scalar.value != 0x7F else { return }
        scalars.insert(scalar, at: position)
        position += 1
    }

    /// False: the action is none of a line.
    package mutating func apply(_ action: Action) -> Bool {
        switch action {
        case .left: position = max(position - 1, 0)
        case .right: position = min(position + 1, scalars.count)
        case .lineStart: position = 0
        case .lineEnd: position = scalars.count
        case .backspace: erase(from: position - 1, to: position)
        case .deleteForward: erase(from: position, to: position + 1)
        case .eraseBefore: cut(from: 0, to: position)
        case .eraseAfter: cut(from: position, to: scalars.count)
        case .eraseWord:
            var start = position
            while start > 0, scalars[start - 1] == " " { start -= 1 }
            while start > 0, scalars[start - 1] != " " { start -= 1 }
            cut(from: start, to: position)
        case .yank: for scalar in erased { insert(scalar) }
        case .older: show(historyIndex - 1)
        case .newer: show(historyIndex + 1)
        default: return false
        }
        return true
    }

    package mutating func moveCursor(to newPosition: Int) {
        position = min(max(newPosition, 0), scalars.count)
    }

    /// Puts a completion in the place of what was typed of it.
    package mutating func replace(_ count: Int, beforeCursorBy text: String) {
        erase(from: max(position - count, 0), to: position)
        for scalar in text.unicodeScalars { insert(scalar) }
    }

    private mutating func cut(from start: Int, to end: Int) {
        guard start < end else { return }
        erased = Array(scalars[start..<end])
        erase(from: start, to: end)
    }

    private mutating func erase(from start: Int, to end: Int) {
        guard start >= 0, end <= scalars.count, start < end else { return }
        scalars.removeSubrange(start..<end)
        position = start
    }

    private mutating func show(_ index: Int) {
        guard index >= 0, index <= history.count, index != historyIndex else { return }
        if historyIndex == history.count { draft = scalars }
        historyIndex = index
        scalars = index == history.count ? draft : Array(history[index].unicodeScalars)
        position = scalars.count
    }
}
