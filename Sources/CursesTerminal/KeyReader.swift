import CNcurses
import Console

/// Names what ncurses reads from the terminal: keys, reports of the mouse, pasted text.
struct KeyReader {
    /// A longer text is cut; whoever pastes that much into a prompt did not mean to.
    private static let pasteByteLimit = 64 << 10
    private static let pasteEnd = Array("\u{1b}[201~".utf8)

    /// A character in UTF-8 whose last bytes are still on their way.
    private var partial: [UInt8] = []
    /// Read already, and due before anything new.
    private var pending: Key?
    /// Text that is being pasted, until its end has been read.
    private var pasted: [UInt8]?
    /// The last bytes of it, which may begin the end.
    private var pasteTail: [UInt8] = []

    /// The next thing that happened; nil: none.
    mutating func next() -> Input? {
        if let key = pending {
            pending = nil
            return .key(key)
        }
        while true {
            var value: UInt32 = 0
            let kind = Int(cncurses_key(&value))
            if kind == CNCURSES_NOTHING { return nil }
            if pasted != nil {
                if let input = paste(kind, value) { return input }
                continue
            }
            let isEscape = kind == CNCURSES_BYTE && value == 0x1B
            if let input = isEscape ? afterEscape() : key(kind, value).map(Input.key) {
                return input
            }
        }
    }

    // MARK: Sequences

    /// An escape that came alone is the key. With more behind it, it began a sequence: a report of
    /// the mouse, the start of a paste, or one that means nothing to us, whose letters must not be
    /// taken for keys either.
    private mutating func afterEscape() -> Input? {
        partial.removeAll()
        var value: UInt32 = 0
        let kind = Int(cncurses_key(&value))
        if kind == CNCURSES_BYTE, value == UInt32(UInt8(ascii: "[")), let sequence = sequence() {
            if sequence == Array("200~".utf8) {
                pasted = []
                pasteTail = []
                return nil
            }
            return Mouse(report: sequence).map(Input.mouse)
        }
        pending = key(kind, value)
        return .key(.escape)
    }

    /// Reads to the end of a control sequence (ECMA-48, 5.4); nil: nothing stands behind its
    /// opening, so somebody typed it.
    private func sequence() -> [UInt8]? {
        var bytes: [UInt8] = []
        for _ in 0..<64 {
            var value: UInt32 = 0
            guard Int(cncurses_key(&value)) == CNCURSES_BYTE else {
                return bytes.isEmpty ? nil : bytes
            }
            bytes.append(UInt8(truncatingIfNeeded: value))
            if (0x40...0x7E).contains(value) { break }
        }
        return bytes
    }

    /// Takes a byte of pasted text, whatever key it would be; `^C` ends a paste whose end got lost.
    private mutating func paste(_ kind: Int, _ value: UInt32) -> Input? {
        guard kind == CNCURSES_BYTE else {
            // ncurses names some of the bytes as keys.
            switch kind {
            case CNCURSES_ENTER: pasted?.append(UInt8(ascii: "\n"))
            case CNCURSES_BACKSPACE: pasted?.append(0x7F)
            default: break
            }
            return nil
        }
        let byte = UInt8(truncatingIfNeeded: value)
        if byte == 0x03 {
            pasted = nil
            return .key(.control("c"))
        }
        pasteTail = pasteTail.suffix(Self.pasteEnd.count - 1) + [byte]
        if let count = pasted?.count, count < Self.pasteByteLimit { pasted?.append(byte) }
        guard pasteTail == Self.pasteEnd else { return nil }
        var bytes = pasted ?? []
        pasted = nil
        if bytes.suffix(Self.pasteEnd.count) == Self.pasteEnd[...] {
            bytes.removeLast(Self.pasteEnd.count)
        }
        return .paste(String(decoding: bytes, as: UTF8.self))
    }

    // MARK: Keys

    private mutating func key(_ kind: Int, _ value: UInt32) -> Key? {
        switch kind {
        case CNCURSES_BYTE: byte(UInt8(truncatingIfNeeded: value))
        case CNCURSES_FUNCTION: .function(Int(value))
        case CNCURSES_UP: .up
        case CNCURSES_DOWN: .down
        case CNCURSES_LEFT: .left
        case CNCURSES_RIGHT: .right
        case CNCURSES_HOME: .home
        case CNCURSES_END: .end
        case CNCURSES_PAGE_UP: .pageUp
        case CNCURSES_PAGE_DOWN: .pageDown
        case CNCURSES_INSERT: .insert
        case CNCURSES_DELETE: .delete
        case CNCURSES_BACKSPACE: .backspace
        case CNCURSES_ENTER: .enter
        case CNCURSES_BACK_TAB: .backTab
        default: nil
        }
    }

    private mutating func byte(_ byte: UInt8) -> Key? {
        if byte < 0x80 {
            partial.removeAll()
            return Self.ascii(byte)
        }
        // A byte that begins a character ends whatever was begun before.
        if byte >= 0xC0 { partial.removeAll() }
        partial.append(byte)
        switch Unicode.UTF8.decoded(partial) {
        case .character(let scalar):
            partial.removeAll()
            // C1 controls are nothing a keyboard has.
            return scalar.value < 0xA0 ? nil : .character(scalar)
        case .incomplete:
            return nil
        case .invalid:
            partial.removeAll()
            return nil
        }
    }

    private static func ascii(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x0A, 0x0D: .enter
        case 0x09: .tab
        case 0x08, 0x7F: .backspace
        case 0x1B: .escape
        case 0x01...0x1A: .control(Unicode.Scalar(byte + 0x60))
        case 0x00...0x1F: nil
        default: .character(Unicode.Scalar(byte))
        }
    }
}

extension Unicode.UTF8 {
    fileprivate enum Decoded {
        case character(Unicode.Scalar)
        case incomplete
        case invalid
    }

    fileprivate static func decoded(_ bytes: [UInt8]) -> Decoded {
        guard let first = bytes.first, (0xC2...0xF4).contains(first) else { return .invalid }
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard bytes.count >= count else { return .incomplete }
        let text = String(validating: bytes, as: UTF8.self)
        guard let scalar = text?.unicodeScalars.first else { return .invalid }
        return .character(scalar)
    }
}

extension Mouse {
    /// A report in SGR form (xterm, mode 1006): `<0;10;5M`, the button, column and row from 1.
    init?(report: [UInt8]) {
        guard report.first == UInt8(ascii: "<"), let last = report.last,
            last == UInt8(ascii: "M") || last == UInt8(ascii: "m")
        else { return nil }
        let numbers = String(decoding: report.dropFirst().dropLast(), as: UTF8.self)
            .split(separator: ";").map { Int($0) }
        guard numbers.count == 3, let button = numbers[0], let x = numbers[1], let y = numbers[2],
            (1...10_000).contains(x), (1...10_000).contains(y)
        else { return nil }
        // Shift, Meta and Control are not told apart.
        let isRelease = last == UInt8(ascii: "m")
        let act: Act
        switch button & ~0b1_1100 {
        case 0: act = isRelease ? .release : .press
        case 2 where !isRelease: act = .pressRight
        case 32: act = .drag
        case 64: act = .wheelUp
        case 65: act = .wheelDown
        default: return nil
        }
        self.init(act, x: x - 1, y: y - 1)
    }
}
