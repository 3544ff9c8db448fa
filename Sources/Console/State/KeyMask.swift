import Monitor
import Telemetry

/// Hides the names of streams after their fourth character, wherever they stand: in a view, a copy, a
/// file (DESIGN §15).
///
/// A name is found by its first five characters and hidden as far as the text goes on like it, so that
/// one which is cut at the edge of its column is hidden too.
struct KeyMask {
    private static let shown = 4
    /// Names by their first five characters, the longest of each first.
    private var names: [[Unicode.Scalar]: [[Unicode.Scalar]]] = [:]

    init(_ snapshot: Snapshot) {
        var keys = Set(snapshot.streams.map(\.key))
        for row in snapshot.sessions + snapshot.ended {
            if let stream = row.facts.stream { keys.insert(stream) }
        }
        for key in keys {
            let text = Array(key.description.unicodeScalars)
            // The app is no secret: what follows it is.
            let name = Array(text[(text.firstIndex(of: "/").map { $0 + 1 } ?? 0)...])
            guard name.count > Self.shown else { continue }
            names[Array(name.prefix(Self.shown + 1)), default: []].append(name)
        }
    }

    /// Which of these are to be hidden.
    func hidden(in text: [Unicode.Scalar]) -> [Range<Int>] {
        guard !names.isEmpty else { return [] }
        var ranges: [Range<Int>] = []
        var index = 0
        while index + Self.shown < text.count {
            let head = Array(text[index...index + Self.shown])
            guard let candidates = names[head] else {
                index += 1
                continue
            }
            let length =
                candidates.map { name in
                    zip(name, text[index...]).prefix { $0 == $1 }.count
                }.max() ?? 0
            ranges.append(index + Self.shown..<index + length)
            index += length
        }
        return ranges
    }

    func masked(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        for range in hidden(in: scalars) {
            for index in range { scalars[index] = "*" }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    func mask(_ surface: inout Surface) {
        for y in 0..<surface.height {
            let row = (0..<surface.width).map { surface[$0, y].glyph.base }
            for range in hidden(in: row) {
                for x in range {
                    surface.fill(
                        Rect(x: x, y: y, width: 1, height: 1), "*", role: surface[x, y].role)
                }
            }
        }
    }
}

extension ConsoleState {
    mutating func toggleMask(at now: UInt64) {
        masksKeys.toggle()
        say(
            masksKeys
                ? "stream keys are hidden after their fourth character: M shows them"
                : "stream keys are shown", at: now)
    }

    func masked(_ text: String, _ snapshot: Snapshot) -> String {
        masksKeys ? KeyMask(snapshot).masked(text) : text
    }
}
