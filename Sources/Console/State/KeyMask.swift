package import Monitor
import Telemetry

/// Hides the names of streams after their fourth character, wherever they stand: in a view, a copy, a
/// file (DESIGN §15).
///
/// A name is found by its first five characters and hidden as far as the text goes on like it, so that
/// one which is cut at the edge of its column is hidden too.
struct KeyMask {
    private static let shown = 4
    /// The first five characters, the rest of the lanes zero: made without an allocation for every
    /// place of a screen.
    private typealias Head = SIMD8<UInt32>

    private var names: [Head: [[Unicode.Scalar]]] = [:]

    /// - Parameter ofBytes: they are looked for in bytes of UTF-8, each for a character.
    init(_ snapshot: Snapshot, ofBytes: Bool = false) {
        var keys = Set(snapshot.streams.map(\.key))
        for rows in [snapshot.sessions, snapshot.ended] {
            for index in rows.indices {
                if let stream = rows[index].facts.stream { keys.insert(stream) }
            }
        }
        for key in keys {
            let text =
                ofBytes
                ? key.description.utf8.map { Unicode.Scalar($0) }
                : Array(key.description.unicodeScalars)
            // The app is no secret: what follows it is.
            let name = Array(text[(text.firstIndex(of: "/").map { $0 + 1 } ?? 0)...])
            guard name.count > Self.shown else { continue }
            names[Self.head(of: name, at: 0), default: []].append(name)
        }
    }

    private static func head(of text: [Unicode.Scalar], at index: Int) -> Head {
        var head = Head()
        for lane in 0...shown { head[lane] = text[index + lane].value }
        return head
    }

    /// Which of these are to be hidden.
    func hidden(in text: [Unicode.Scalar]) -> [Range<Int>] {
        guard !names.isEmpty else { return [] }
        var ranges: [Range<Int>] = []
        var index = 0
        while index + Self.shown < text.count {
            guard let candidates = names[Self.head(of: text, at: index)] else {
                index += 1
                continue
            }
            let end = index + (candidates.map { Self.common($0, text, from: index) }.max() ?? 0)
            var start = index + Self.shown
            // Marks belong to the character before them.
            while start < end, TextWidth.cells(text[start]) == 0 { start += 1 }
            ranges.append(start..<end)
            index = end
        }
        return ranges
    }

    private static func common(
        _ name: [Unicode.Scalar], _ text: [Unicode.Scalar], from start: Int
    ) -> Int {
        var count = 0
        while count < name.count, start + count < text.count, name[count] == text[start + count] {
            count += 1
        }
        return count
    }

    func masked(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var view = String.UnicodeScalarView()
        var next = 0
        for range in hidden(in: scalars) {
            view.append(contentsOf: scalars[next..<range.lowerBound])
            for scalar in scalars[range] where TextWidth.cells(scalar) > 0 { view.append("*") }
            next = range.upperBound
        }
        view.append(contentsOf: scalars[next...])
        return String(view)
    }

    func mask(_ surface: inout Surface) {
        var row: [Unicode.Scalar] = []
        /// Where each of them stands.
        var columns: [Int] = []
        for y in 0..<surface.height {
            row.removeAll(keepingCapacity: true)
            columns.removeAll(keepingCapacity: true)
            for x in 0..<surface.width where surface[x, y].width != .continuation {
                let glyph = surface[x, y].glyph
                row.append(glyph.base)
                if let mark = glyph.firstMark { row.append(mark) }
                if let mark = glyph.secondMark { row.append(mark) }
                while columns.count < row.count { columns.append(x) }
            }
            for x in hidden(in: row).flatMap({ columns[$0] }) {
                let cell = surface[x, y]
                let area = Rect(x: x, y: y, width: cell.width == .wide ? 2 : 1, height: 1)
                surface.fill(area, "*", role: cell.role)
            }
        }
    }
}

extension ConsoleState {
    mutating func toggleMask(at now: UInt64) {
        settings.masksKeys.toggle()
        say(
            settings.masksKeys
                ? "stream keys are hidden after their fourth character: M shows them"
                : "stream keys are shown", at: now)
    }

    /// Texts that are about this snapshot as they may be shown.
    package func masked(_ texts: [String], _ snapshot: Snapshot) -> [String] {
        guard settings.masksKeys, !texts.isEmpty else { return texts }
        return texts.map(KeyMask(snapshot).masked)
    }

    func masked(_ text: String, _ snapshot: Snapshot) -> String {
        settings.masksKeys ? KeyMask(snapshot).masked(text) : text
    }
}
