package import Telemetry

/// One JSON object on one line, its keys in the order they are added.
///
/// Only what JSON Lines need: objects of numbers, texts, flags, lists of texts or objects, and objects
/// in objects. An unknown value is `null`, never left out.
package struct JSONObject: Sendable {
    private var bytes: [UInt8]
    private var isEmpty = true

    package init() {
        bytes = []
        bytes.reserveCapacity(256)
        bytes.append(UInt8(ascii: "{"))
    }

    /// An object that is written behind other bytes: it takes them until `end`.
    init(behind others: inout [UInt8]) {
        bytes = []
        swap(&bytes, &others)
        bytes.append(UInt8(ascii: "{"))
    }

    /// Gives back the bytes that were in front, the object and the line's end behind them.
    mutating func end(_ others: inout [UInt8]) {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
        swap(&bytes, &others)
    }

    package mutating func add(_ key: StaticString, _ value: SafeText?) {
        add(key, value?.description)
    }

    package mutating func add(_ key: StaticString, _ value: String?) {
        begin(key)
        if let value { appendText(value) } else { appendNull() }
    }

    package mutating func add(_ key: StaticString, _ value: (some BinaryInteger)?) {
        begin(key)
        guard let value else { return appendNull() }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(digits: UInt64(value.magnitude))
    }

    /// What an object begins with that has these keys.
    mutating func add(contentsOf other: JSONObject) {
        beginNext()
        bytes += other.bytes.dropFirst()
    }

    package mutating func add(_ key: StaticString, _ value: WallClock) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        value.writeISO8601(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func add(_ key: StaticString, _ value: Bool?) {
        begin(key)
        if let value { bytes += value.description.utf8 } else { appendNull() }
    }

    /// One digit after the point.
    package mutating func add(_ key: StaticString, tenths value: Double?) {
        begin(key)
        if let value, let tenths = Int64(exactly: (value * 10).rounded()) {
            if tenths < 0 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(digits: tenths.magnitude / 10)
            bytes.append(UInt8(ascii: "."))
            bytes.append(digits: tenths.magnitude % 10)
        } else {
            appendNull()
        }
    }

    package mutating func add(_ key: StaticString, _ values: [String]) {
        begin(key)
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendText(value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    package mutating func add(_ key: StaticString, _ object: JSONObject) {
        begin(key)
        bytes += object.bytes
        bytes.append(UInt8(ascii: "}"))
    }

    package mutating func add(_ key: StaticString, _ objects: [JSONObject]) {
        begin(key)
        bytes.append(UInt8(ascii: "["))
        for (index, object) in objects.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += object.bytes
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// A text under a name that is known only when the program runs.
    package mutating func add(text: SafeText?, named name: String) {
        begin(name)
        if let text { appendText(text.description) } else { appendNull() }
    }

    /// The same of a number, written in digits.
    package mutating func add(number: SafeText?, named name: String) {
        begin(name)
        if let number { bytes += number.description.utf8 } else { appendNull() }
    }

    package mutating func add(_ object: JSONObject, named name: String) {
        begin(name)
        bytes += object.bytes
        bytes.append(UInt8(ascii: "}"))
    }

    /// The object with the line's end.
    package var line: [UInt8] {
        var line = bytes
        line.append(UInt8(ascii: "}"))
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// A key of ours has nothing in it that must be escaped.
    private mutating func begin(_ key: StaticString) {
        let isFirst = isEmpty
        isEmpty = false
        key.withUTF8Buffer { key in
            bytes.append(addingCapacity: key.count + 4) { bytes in
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                bytes.append(UInt8(ascii: "\""))
                for byte in key { bytes.append(byte) }
                bytes.append(UInt8(ascii: "\""))
                bytes.append(UInt8(ascii: ":"))
            }
        }
    }

    private mutating func begin(_ key: String) {
        beginNext()
        appendText(key)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func beginNext() {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
    }

    private mutating func appendNull() {
        bytes += "null".utf8
    }

    private mutating func appendText(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { text in
            if text.allSatisfy({ Self.standsForItself($0) }) {
                bytes.append(contentsOf: text)
            } else {
                for byte in text { appendEscaped(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func standsForItself(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            bytes += (byte < 16 ? "\\u000" : "\\u00").utf8
            bytes += String(byte, radix: 16).utf8
        default:
            bytes.append(byte)
        }
    }
}

extension [UInt8] {
    /// A number in decimal, with zeros in front up to a width.
    mutating func append(digits number: UInt64, width: Int = 1) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var first = 20
            var rest = number
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            while first > 20 - Swift.min(width, 20) {
                first -= 1
                digits[first] = UInt8(ascii: "0")
            }
            append(contentsOf: digits[first...])
        }
    }
}

/// Numbers as people and scripts read them, without Foundation's formats.
enum Rounded {
    /// 599 → `59.9`
    static func tenths(_ tenths: Int64) -> String {
        let magnitude = tenths.magnitude
        return (tenths < 0 ? "-" : "") + String(magnitude / 10) + "." + String(magnitude % 10)
    }

    static func tenths(_ value: Double) -> String {
        Int64(exactly: (value * 10).rounded()).map { Self.tenths($0) } ?? "-"
    }

    /// Nearest whole number; a rate is never negative and never too large for 64 bits.
    static func whole(_ value: Double) -> Int64 {
        Int64(exactly: value.rounded()) ?? 0
    }

    /// `149 ms`, `6.2 s`, `12m`, `1h41m`
    static func duration(nanoseconds: UInt64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        switch milliseconds {
        case 0..<1000: return "\(milliseconds) ms"
        case 1000..<60_000: return tenths(Int64(milliseconds / 100)) + " s"
        case 60_000..<3_600_000:
            return "\(milliseconds / 60_000)m\(padded(milliseconds / 1000 % 60))s"
        default:
            return "\(milliseconds / 3_600_000)h\(padded(milliseconds / 60_000 % 60))m"
        }
    }

    /// `812 B`, `61.2 kB`, `4.12 MB`: decimal, three digits.
    static func bytes(_ count: UInt64) -> String {
        var value = Double(count)
        guard value >= 1000 else { return "\(count) B" }
        for unit in ["kB", "MB", "GB", "TB", "PB"] {
            value /= 1000
            if value < 999.5 || unit == "PB" {
                let digits = value < 9.995 ? 100.0 : value < 99.95 ? 10.0 : 1.0
                let scaled = whole(value * digits)
                switch digits {
                case 100: return "\(scaled / 100).\(padded(UInt64(scaled % 100))) \(unit)"
                case 10: return "\(tenths(scaled)) \(unit)"
                default: return "\(scaled) \(unit)"
                }
            }
        }
        return "\(count) B"
    }

    private static func padded(_ number: UInt64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
