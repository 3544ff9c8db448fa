package import Monitor
import Telemetry

/// How the trace is looked at: which pane, what is folded, marks, and the message under the cursor
/// taken apart.
package struct TraceViewState: Sendable {
    package enum Focus: Hashable, Sendable {
        case lines
        case fields
        case bytes
    }

    package enum Hex: CaseIterable, Hashable, Sendable {
        case chunk
        case message
        case off
    }

    /// What the Δ column counts from.
    package enum Delta: CaseIterable, Hashable, Sendable {
        case lineBefore
        case accept
        case mark
    }

    /// What the next letter is for.
    package enum Letter: Hashable, Sendable {
        case mark
        case go
    }

    package struct MessageID: Hashable, Sendable {
        let session: SessionID
        let direction: Direction
        let number: UInt64
        let chunkStreamID: UInt32

        init(_ record: TraceRecord) {
            session = record.session
            direction = record.direction
            number = record.messageNumber
            chunkStreamID = record.chunkStreamID
        }
    }

    /// Which message of each chunk stream has a line already: where there is a filter, the first
    /// chunk that matches stands for its message, and the rest of it hides behind that one.
    struct Folds: Sendable {
        private struct Stream: Hashable {
            let session: SessionID
            let direction: Direction
            let id: UInt32
        }

        private var shown: [Stream: UInt64] = [:]

        func hides(_ record: TraceRecord) -> Bool {
            record.chunkIndex > 1 && shown[stream(record)] == record.messageNumber
        }

        /// True, so that it stands at the end of a condition.
        mutating func shows(_ record: TraceRecord) -> Bool {
            if record.chunkCount > 1 { shown[stream(record)] = record.messageNumber }
            return true
        }

        private func stream(_ record: TraceRecord) -> Stream {
            Stream(
                session: record.session, direction: record.direction, id: record.chunkStreamID)
        }
    }

    package internal(set) var focus = Focus.lines
    package internal(set) var hex = Hex.chunk
    package internal(set) var delta = Delta.lineBefore
    /// On screens that show either the lines or a message.
    package internal(set) var isOpen = false
    /// Every chunk has its line; else a message has one, until it is unfolded.
    package internal(set) var isFlat = false
    var unfolded: Set<MessageID> = []
    var folds = Folds()
    package internal(set) var wantedLetter: Letter?
    package internal(set) var marks: [Unicode.Scalar: Int] = [:]
    private(set) var newestMark: Unicode.Scalar?

    package private(set) var decode: TraceDecode?
    private var decodedLine: Int?
    /// Lines there were when it was taken apart: later chunks may have completed it.
    private var decodedAt = 0
    /// Names from the outermost in, of fields that do not show what is below them.
    private var closedFields: Set<[String]> = []
    /// Index of the field under the cursor.
    package private(set) var field = 0
    /// Address of the byte under the cursor.
    package private(set) var byte = 0
    var fieldTop = 0
    var byteTop = 0

    static let unfoldedLimit = 256

    // MARK: Taking apart

    /// Chunks of a message may come for so many lines after its first.
    private static let completionReach = 4096

    mutating func take(_ line: Int, of trace: LogTail<TraceEntry>) {
        let isSame = line == decodedLine
        if isSame, decode?.isWhole ?? true || decodedAt > line + Self.completionReach { return }
        let path = decode.map { self.path(of: field, in: $0) }
        decode = TraceDecode(line: line, of: trace)
        decodedLine = line
        decodedAt = trace.endNumber
        guard let decode else { return }
        // The same field of the next message: one thing can be followed through many.
        field =
            decode.fields.indices.first { self.path(of: $0, in: decode) == path }
            ?? min(field, max(decode.fields.count - 1, 0))
        if !isSame || byte >= decode.length { byte = decode.fields.isEmpty ? 0 : start(of: field) }
    }

    private func start(of field: Int) -> Int {
        guard let decode, decode.fields.indices.contains(field) else { return 0 }
        return decode.fields[field].range?.lowerBound ?? 0
    }

    private func path(of index: Int, in decode: TraceDecode) -> [String] {
        guard decode.fields.indices.contains(index) else { return [] }
        var path = [decode.fields[index].name.description]
        var depth = decode.fields[index].depth
        for above in decode.fields[..<index].reversed() where above.depth < depth {
            path.append(above.name.description)
            depth = above.depth
            if depth == 0 { break }
        }
        return path.reversed()
    }

    // MARK: Fields

    /// Indices of the fields that are not below a closed one.
    package func visibleFields() -> [Int] {
        guard let decode else { return [] }
        var visible: [Int] = []
        var index = 0
        while index < decode.fields.count {
            visible.append(index)
            let children = decode.children(of: index)
            index = !children.isEmpty && isClosed(index) ? children.upperBound : index + 1
        }
        return visible
    }

    package func isClosed(_ index: Int) -> Bool {
        guard !closedFields.isEmpty, let decode else { return false }
        return closedFields.contains(path(of: index, in: decode))
    }

    mutating func close(_ isClosing: Bool) {
        guard let decode, decode.fields.indices.contains(field) else { return }
        if isClosing {
            if decode.children(of: field).isEmpty || isClosed(field) {
                // From a value to what it belongs to.
                let depth = decode.fields[field].depth
                guard let above = decode.fields[..<field].lastIndex(where: { $0.depth < depth })
                else { return }
                field = above
            } else {
                closedFields.insert(path(of: field, in: decode))
            }
        } else {
            closedFields.remove(path(of: field, in: decode))
        }
        byte = start(of: field)
    }

    mutating func toggleField() {
        close(!isClosed(field))
    }

    mutating func moveField(by rows: Int) {
        let visible = visibleFields()
        guard let last = visible.last else { return }
        let here = visible.lastIndex { $0 <= field } ?? 0
        field = visible[min(max(here + rows, 0), visible.count - 1)]
        field = min(field, last)
        if decode?.fields[field].range != nil { byte = start(of: field) }
    }

    // MARK: Bytes

    mutating func moveByte(by bytes: Int) {
        guard let decode else { return }
        let places = HexPlaces(decode, whole: hex == .message)
        guard places.count > 0 else { return }
        let position = places.position(of: byte) ?? 0
        byte = places.address(at: min(max(position + bytes, 0), places.count - 1))
        if let found = decode.field(at: byte) { field = found }
    }

    // MARK: Marks

    mutating func mark(_ letter: Unicode.Scalar, line: Int) {
        marks[letter] = line
        newestMark = letter
    }

    /// The line that Δ counts from.
    var markedLine: Int? { newestMark.flatMap { marks[$0] } }
}

/// Which addresses of a message the hex pane shows, one after another.
struct HexPlaces {
    let ranges: [Range<Int>]
    let count: Int

    init(_ decode: TraceDecode, whole: Bool) {
        ranges =
            whole
            ? [0..<decode.length] : [0..<decode.headerCount, decode.chunk]
        count = ranges.reduce(0) { $0 + $1.count }
    }

    func address(at position: Int) -> Int {
        var left = position
        for range in ranges {
            if left < range.count { return range.lowerBound + left }
            left -= range.count
        }
        return ranges.last?.upperBound ?? 0
    }

    func position(of address: Int) -> Int? {
        var before = 0
        for range in ranges {
            if range.contains(address) { return before + address - range.lowerBound }
            before += range.count
        }
        return nil
    }
}
