import Monitor
import Telemetry

/// The bytes of a message in rows; bytes that were not kept are one row that counts them.
struct HexRows {
    enum Row: Hashable {
        /// From this position on.
        case bytes(Int)
        case gap(Int)
    }

    let perRow: Int
    let places: HexPlaces
    private(set) var rows: [Row] = []

    /// `width`: of the pane within its border.
    init(_ decode: TraceDecode, whole: Bool, width: Int) {
        perRow = Self.perRow(width)
        places = HexPlaces(decode, whole: whole)
        var missing = 0
        var position = 0
        for start in decode.keptRows(places, perRow) {
            missing = start - position
            if missing > 0 { rows.append(.gap(missing)) }
            rows.append(.bytes(start))
            position = start + perRow
        }
        missing = places.count - position
        if missing > 0 { rows.append(.gap(missing)) }
    }

    /// Blank, offset, blank, three cells a byte, blank, one cell a byte.
    static func perRow(_ width: Int) -> Int {
        width >= 7 + 16 * 4 ? 16 : 8
    }

    func row(of address: Int) -> Int? {
        guard let position = places.position(of: address) else { return nil }
        var at = 0
        for (index, row) in rows.enumerated() {
            switch row {
            case .bytes(let start): at = start + perRow
            case .gap(let count): at += count
            }
            if position < at { return index }
        }
        return nil
    }
}

extension TraceDecode {
    /// Positions of the rows in which at least one byte was kept, in order.
    fileprivate func keptRows(_ places: HexPlaces, _ perRow: Int) -> [Int] {
        var starts: [Int] = []
        for range in keptRanges {
            guard let first = places.firstPosition(in: range) else { continue }
            var start = first.lowerBound / perRow * perRow
            while start < first.upperBound {
                if starts.last.map({ $0 < start }) ?? true { starts.append(start) }
                start += perRow
            }
        }
        return starts
    }
}

extension HexPlaces {
    /// Positions of what is shown of an address range; nil: nothing is.
    fileprivate func firstPosition(in range: Range<Int>) -> Range<Int>? {
        var found: Range<Int>?
        var before = 0
        for shown in ranges {
            let both = shown.clamped(to: range)
            if !both.isEmpty {
                let start = before + both.lowerBound - shown.lowerBound
                found = (found?.lowerBound ?? start)..<start + both.count
            }
            before += shown.count
        }
        return found
    }
}

/// The hex pane: bytes, what they are as text, and where the field under the cursor stands.
enum HexView {
    static func draw(in area: Rect, scene: Scene, on surface: inout Surface) {
        guard !area.isEmpty else { return }
        let view = scene.state.traceView
        guard let decode = view.decode, scene.state.traceLog.count > 0 else {
            Box(title: "Hex").draw(on: &surface, area, glyphs: scene.glyphs)
            return
        }
        let whole = view.hex == .message
        let rows = HexRows(decode, whole: whole, width: area.width - 2)
        let kept =
            whole
            ? decode.keptCount(in: 0..<decode.length)
            : decode.keptCount(in: 0..<decode.headerCount) + decode.keptCount(in: decode.chunk)
        let inner = Box(
            title: whole ? "Hex  whole message" : "Hex  this chunk",
            note: "\(Format.grouped(kept)) of \(Format.count(rows.places.count, "byte")) kept",
            isActive: view.focus == .bytes
        ).draw(on: &surface, area, glyphs: scene.glyphs)
        let first = Scroll.first(
            top: view.byteTop, cursor: rows.row(of: view.byte), count: rows.rows.count,
            rows: inner.height)
        let selected =
            decode.fields.indices.contains(view.field)
            ? decode.fields[view.field].range : nil
        for (line, row) in rows.rows.dropFirst(first).prefix(inner.height).enumerated() {
            let y = inner.y + line
            switch row {
            case .gap(let count):
                surface.put(
                    "\(Format.count(count, "byte")) not kept", x: inner.x + 6, y: y,
                    role: .textDim, limit: inner.maxX - 1)
            case .bytes(let start):
                drawRow(
                    start, rows, decode, view, selected, in: inner, y: y, on: &surface)
            }
        }
    }

    private static func drawRow(
        _ start: Int, _ rows: HexRows, _ decode: TraceDecode, _ view: TraceViewState,
        _ selected: Range<Int>?, in inner: Rect, y: Int, on surface: inout Surface
    ) {
        let limit = inner.maxX
        surface.put(hex(start, digits: 4), x: inner.x + 1, y: y, role: .hexOffset, limit: limit)
        let hexStart = inner.x + 6
        let textStart = hexStart + rows.perRow * 3 + 1
        for offset in 0..<rows.perRow where start + offset < rows.places.count {
            let address = rows.places.address(at: start + offset)
            let byte = decode.byte(at: address)
            let isSecret = decode.isSecret(at: address)
            let isSelected = selected?.contains(address) ?? false
            let role: Role = isSelected ? .hexSelect : byte == nil ? .textDim : .hexByte
            let x = hexStart + offset * 3
            let digits = isSecret ? "**" : byte.map { hex(Int($0), digits: 2) } ?? ".."
            surface.put(digits, x: x, y: y, role: role, limit: limit)
            let joinsNext =
                offset + 1 < rows.perRow && start + offset + 1 < rows.places.count
                && (selected?.contains(rows.places.address(at: start + offset + 1)) ?? false)
            if isSelected, joinsNext {
                surface.put(" ", x: x + 2, y: y, role: .hexSelect, limit: limit)
            }
            surface.put(
                isSecret ? "*" : byte.map(character) ?? " ", x: textStart + offset, y: y,
                role: role, limit: limit)
            if view.focus == .bytes, address == view.byte {
                surface.paint(Rect(x: x, y: y, width: 2, height: 1), role: .graphCursor)
                surface.cursor = .init(x: x, y: y)
            }
        }
    }

    private static func character(_ byte: UInt8) -> String {
        (0x20..<0x7F).contains(byte) ? String(Character(Unicode.Scalar(byte))) : "."
    }

    private static func hex(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
    }
}
