/// Enough of a JSON reader to hold our lines against the grammar (RFC 8259), keys in order.
struct JSONReader {
    indirect enum Value: Equatable {
        case null
        case bool(Bool)
        case number(Double)
        case text(String)
        case array([Value])
        case object([(key: String, value: Value)])

        static func == (a: Value, b: Value) -> Bool {
            switch (a, b) {
            case (.null, .null): true
            case (.bool(let a), .bool(let b)): a == b
            case (.number(let a), .number(let b)): a == b
            case (.text(let a), .text(let b)): a == b
            case (.array(let a), .array(let b)): a == b
            case (.object(let a), .object(let b)):
                a.map(\.key) == b.map(\.key) && a.map(\.value) == b.map(\.value)
            default: false
            }
        }

        subscript(key: String) -> Value? {
            guard case .object(let pairs) = self else { return nil }
            return pairs.first { $0.key == key }?.value
        }

        var keys: [String] {
            guard case .object(let pairs) = self else { return [] }
            return pairs.map(\.key)
        }
    }

    struct Fault: Error {
        let offset: Int
    }

    private let bytes: [UInt8]
    private var offset = 0

    /// One line with its end, and nothing behind it.
    static func line(_ bytes: [UInt8]) throws -> Value {
        guard bytes.last == UInt8(ascii: "\n") else { throw Fault(offset: bytes.count) }
        var reader = JSONReader(bytes: Array(bytes.dropLast()))
        let value = try reader.value()
        guard reader.offset == reader.bytes.count else { throw Fault(offset: reader.offset) }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value() throws -> Value {
        switch bytes[safe: offset] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object() throws -> Value {
        var pairs: [(key: String, value: Value)] = []
        try take("{")
        while bytes[safe: offset] != UInt8(ascii: "}") {
            if !pairs.isEmpty { try take(",") }
            let key = try text()
            try take(":")
            pairs.append((key, try value()))
        }
        try take("}")
        guard Set(pairs.map(\.key)).count == pairs.count else { throw Fault(offset: offset) }
        return .object(pairs)
    }

    private mutating func array() throws -> Value {
        var values: [Value] = []
        try take("[")
        while bytes[safe: offset] != UInt8(ascii: "]") {
            if !values.isEmpty { try take(",") }
            values.append(try value())
        }
        try take("]")
        return .array(values)
    }

    private mutating func text() throws -> String {
        try take("\"")
        var plain: [UInt8] = []
        while let byte = bytes[safe: offset], byte != UInt8(ascii: "\"") {
            offset += 1
            switch byte {
            case 0..<0x20: throw Fault(offset: offset)
            case UInt8(ascii: "\\"): plain += try escape()
            default: plain.append(byte)
            }
        }
        try take("\"")
        guard let text = String(validating: plain, as: UTF8.self) else {
            throw Fault(offset: offset)
        }
        return text
    }

    private mutating func escape() throws -> [UInt8] {
        guard let byte = bytes[safe: offset] else { throw Fault(offset: offset) }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "u"):
            let digits = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
            guard digits.utf8.count == 4, let value = UInt32(digits, radix: 16),
                let scalar = Unicode.Scalar(value)
            else { throw Fault(offset: offset) }
            offset += 4
            return Array(String(scalar).utf8)
        default: throw Fault(offset: offset)
        }
    }

    private mutating func number() throws -> Value {
        let digits = bytes[offset...].prefix {
            $0 >= 0x30 && $0 <= 0x39 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        }
        guard let number = Double(String(decoding: digits, as: UTF8.self)) else {
            throw Fault(offset: offset)
        }
        offset += digits.count
        return .number(number)
    }

    private mutating func word(_ word: String, _ value: Value) throws -> Value {
        for byte in word.utf8 { try take(byte) }
        return value
    }

    private mutating func take(_ text: StaticString) throws {
        try take(text.utf8Start.pointee)
    }

    private mutating func take(_ byte: UInt8) throws {
        guard bytes[safe: offset] == byte else { throw Fault(offset: offset) }
        offset += 1
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
