import CNcurses
import Console

/// Names what ncurses reads from the terminal.
struct KeyReader {
    /// A character in UTF-8 whose last bytes are still on their way.
    private var partial: [UInt8] = []
    /// Read already, and due before anything new.
    private var pending: Key?

    /// The next key that has been pressed; nil: none.
    mutating func next() -> Key? {
        if let key = pending {
            pending = nil
            return key
        }
        while true {
            var value: UInt32 = 0
            let kind = Int(cncurses_key(&value))
            if kind == CNCURSES_NOTHING { return nil }
            let isEscape = kind == CNCURSES_BYTE && value == 0x1B
            if let key = isEscape ? afterEscape() : key(kind, value) { return key }
        }
    }

    /// An escape that came alone is the key. With more behind it, it began a sequence that means no
    /// key to us, whose letters must not be taken for keys either.
    private mutating func afterEscape() -> Key? {
        partial.removeAll()
        var value: UInt32 = 0
        let kind = Int(cncurses_key(&value))
        if kind == CNCURSES_BYTE, value == UInt32(UInt8(ascii: "[")), skipsSequence() { return nil }
        pending = key(kind, value)
        return .escape
    }

    /// Reads to the end of a control sequence (ECMA-48, 5.4); false: nothing stands behind its
    /// opening, so somebody typed it.
    private func skipsSequence() -> Bool {
        for count in 0..<64 {
            var value: UInt32 = 0
            guard Int(cncurses_key(&value)) == CNCURSES_BYTE else { return count > 0 }
            if (0x40...0x7E).contains(value) { return true }
        }
        return true
    }

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
