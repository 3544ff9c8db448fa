import RTMP
package import Telemetry

/// A kept command or control message in words. Secrets are masked on the way (SEC-13).
package enum BlackBoxDecoder {
    /// A message of 4 kB cannot hold more that is worth showing.
    private static let limits = {
        var limits = Limits()
        limits.amfDepth = 16
        limits.amfNodes = 1024
        return limits
    }()

    package static func entry(_ message: CapturedMessage) -> BlackBoxEntry {
        let type = MessageType(rawValue: message.type)
        switch type {
        case .commandAMF0, .commandAMF3, .dataAMF0, .dataAMF3:
            return amf(message, type)
        default:
            let words = ControlWords(type: type, bytes: message.payload)
            return BlackBoxEntry(
                direction: message.direction, atNanoseconds: message.atNanoseconds,
                name: words?.name ?? "\(type.word)",
                summary: words?.summary ?? "\(message.payloadBytes) B", tree: [])
        }
    }

    private static func amf(_ message: CapturedMessage, _ type: MessageType) -> BlackBoxEntry {
        let (values, isWhole) = values(of: message.payload, type)
        var tree = AMFTree()
        for value in values { tree.add(value) }
        if !isWhole {
            tree.note("unreadable from here, \(message.payloadBytes) B in all")
        }
        let name: SafeText
        if case .string(let bytes)? = values.first {
            name = SafeText(bytes: bytes)
        } else {
            name = "\(type.word)"
        }
        var summary: [SafeText] = []
        if type == .commandAMF0 || type == .commandAMF3, values.count > 1,
            case .number(let transaction) = values[1]
        {
            summary.append("tid \(AMFWords.number(transaction))")
            if message.messageStreamID != 0 {
                summary.append("stream \(message.messageStreamID)")
            }
            summary += values.dropFirst(2).flatMap(AMFWords.onOneLine)
        } else {
            summary += values.dropFirst().flatMap(AMFWords.onOneLine)
        }
        return BlackBoxEntry(
            direction: message.direction, atNanoseconds: message.atNanoseconds, name: name,
            summary: AMFWords.joined(summary), tree: tree.lines)
    }

    /// As many values as can be read: what was kept may end in the middle of one.
    private static func values(
        of payload: [UInt8], _ type: MessageType
    ) -> (values: [AMFValue], isWhole: Bool) {
        payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            AMF0Decoder.skipFormatSelector(of: type, &cursor)
            var decoder = AMF0Decoder(limits: limits)
            var values: [AMFValue] = []
            while !cursor.isEmpty {
                do {
                    values.append(try decoder.next(&cursor))
                } catch {
                    return (values, false)
                }
            }
            return (values, true)
        }
    }
}

/// The lines of an AMF tree, with the types shown (console design, §5.4).
private struct AMFTree {
    private(set) var lines: [BlackBoxEntry.TreeLine] = []

    mutating func add(_ value: AMFValue, named name: [UInt8]? = nil, depth: Int = 0) {
        let label: SafeText = name.map { "\(SafeText(bytes: $0))  " } ?? ""
        append(depth, "\(label)\(AMFWords.typed(value, named: name ?? []))")
        switch value {
        case .object(let properties), .ecmaArray(let properties), .typedObject(_, let properties):
            for property in properties {
                add(property.value, named: property.key, depth: depth + 1)
            }
        case .strictArray(let values):
            for value in values { add(value, depth: depth + 1) }
        case .number, .boolean, .string, .null, .undefined, .date, .unsupported, .xmlDocument,
            .byteArray:
            break
        }
    }

    mutating func note(_ text: SafeText) {
        append(0, text)
    }

    private mutating func append(_ depth: Int, _ text: SafeText) {
        lines.append(BlackBoxEntry.TreeLine(depth: depth, text: text))
    }
}

/// AMF values in words.
enum AMFWords {
    /// `string "live"`, `number 1`, `ecma-array(8)`
    static func typed(_ value: AMFValue, named name: [UInt8]) -> SafeText {
        switch value {
        case .number(let number): "number \(self.number(number))"
        case .boolean(let flag): "boolean \(flag ? "true" : "false")"
        case .string(let bytes): "string \"\(SafeText(value: bytes, named: name))\""
        case .object: "object"
        case .null: "null"
        case .undefined: "undefined"
        case .ecmaArray(let properties): "ecma-array(\(properties.count))"
        case .strictArray(let values): "strict-array(\(values.count))"
        case .date(let milliseconds): "date \(date(milliseconds))"
        case .unsupported: "unsupported"
        case .xmlDocument(let bytes): "xml \"\(SafeText(url: bytes))\""
        case .typedObject(let className, _): "typed-object \(SafeText(bytes: className))"
        case .byteArray(let bytes): "byte-array(\(bytes.count))"
        }
    }

    /// What of a value belongs on the line of its message.
    static func onOneLine(_ value: AMFValue) -> [SafeText] {
        switch value {
        case .object(let properties), .ecmaArray(let properties), .typedObject(_, let properties):
            status(properties) + others(properties)
        case .null, .undefined: []
        default: [plain(value, named: [])]
        }
    }

    /// A status says its code and its description, as people know them.
    private static func status(_ properties: [AMFProperty]) -> [SafeText] {
        guard case .string(let code)? = value("code", in: properties) else { return [] }
        var words = [SafeText(url: code)]
        if case .string(let description)? = value("description", in: properties) {
            words.append("\"\(SafeText(url: description))\"")
        }
        return words
    }

    private static func others(_ properties: [AMFProperty]) -> [SafeText] {
        let isStatus = value("code", in: properties) != nil
        return properties.compactMap { property in
            if isStatus,
                ["code", "level", "description"].contains(where: { property.key == Array($0.utf8) })
            {
                return nil
            }
            return "\(SafeText(bytes: property.key)) \(plain(property.value, named: property.key))"
        }
    }

    private static func value(_ key: String, in properties: [AMFProperty]) -> AMFValue? {
        properties.first { $0.key == Array(key.utf8) }?.value
    }

    private static func plain(_ value: AMFValue, named name: [UInt8]) -> SafeText {
        switch value {
        case .number(let number): "\(self.number(number))"
        case .boolean(let flag): flag ? "true" : "false"
        case .string(let bytes): "\"\(SafeText(value: bytes, named: name))\""
        default: typed(value, named: name)
        }
    }

    static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func date(_ milliseconds: Double) -> String {
        // Dates outside the four-digit years are numbers nobody meant.
        guard abs(milliseconds) < 2.5e14, let whole = Int64(exactly: milliseconds.rounded()) else {
            return "\(milliseconds) ms"
        }
        return WallClock(milliseconds: whole).iso8601
    }

    static func joined(_ words: [SafeText]) -> SafeText {
        guard let first = words.first else { return "" }
        return words.dropFirst().reduce(first) { "\($0)  \($1)" }
    }
}
