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
        let name: SafeText
        let firstSecret: Int
        if case .string(let bytes)? = values.first {
            name = SafeText(url: bytes)
            firstSecret = AMFWords.firstSecret(of: bytes)
        } else {
            name = "\(type.word)"
            firstSecret = .max
        }
        var tree = AMFTree()
        for (index, value) in values.enumerated() {
            tree.add(value, isSecret: index >= firstSecret)
        }
        if !isWhole {
            tree.note("unreadable from here, \(message.payloadBytes) B in all")
        }
        var summary: [SafeText] = []
        var told = 1
        if type == .commandAMF0 || type == .commandAMF3, values.count > 1,
            case .number(let transaction) = values[1]
        {
            summary.append("tid \(AMFWords.number(transaction))")
            if message.messageStreamID != 0 {
                summary.append("stream \(message.messageStreamID)")
            }
            told = 2
        }
        for (index, value) in values.enumerated().dropFirst(told) {
            summary += AMFWords.onOneLine(value, isSecret: index >= firstSecret)
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

    /// - Parameter isSecret: it is part of something that is.
    mutating func add(
        _ value: AMFValue, named name: [UInt8]? = nil, isSecret: Bool = false, depth: Int = 0
    ) {
        let label: SafeText = name.map { "\(SafeText(bytes: $0))  " } ?? ""
        let isSecret = isSecret || name.map { SafeText.isSecret($0) } ?? false
        append(depth, "\(label)\(AMFWords.typed(value, isSecret: isSecret))")
        switch value {
        case .object(let properties), .ecmaArray(let properties), .typedObject(_, let properties):
            for property in properties {
                add(
                    property.value, named: property.key, isSecret: isSecret, depth: depth + 1)
            }
        case .strictArray(let values):
            for value in values { add(value, isSecret: isSecret, depth: depth + 1) }
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
    /// Which value of a message is the first that is masked whatever it is.
    ///
    /// Behind the object of connect stands what librtmp's `conn` puts there, as a rule a password;
    /// `secureTokenResponse` says by its name what comes with it.
    static func firstSecret(of name: [UInt8]) -> Int {
        if name.elementsEqual("connect".utf8) { return 3 }
        return SafeText.isSecret(name) ? 1 : .max
    }

    /// `string "live"`, `number 1`, `ecma-array(8)`
    static func typed(_ value: AMFValue, isSecret: Bool) -> SafeText {
        switch value {
        case .number where isSecret: "number ***"
        case .string where isSecret: "string \"***\""
        case .date where isSecret: "date ***"
        case .number(let number): "number \(self.number(number))"
        case .boolean(let flag): "boolean \(flag ? "true" : "false")"
        case .string(let bytes): "string \"\(SafeText(url: bytes))\""
        case .object: "object"
        case .null: "null"
        case .undefined: "undefined"
        case .ecmaArray(let properties): "ecma-array(\(properties.count))"
        case .strictArray(let values): "strict-array(\(values.count))"
        case .date(let milliseconds): "date \(date(milliseconds))"
        case .unsupported: "unsupported"
        case .xmlDocument(let bytes): "xml(\(bytes.count))"
        case .typedObject(let className, _): "typed-object \(SafeText(bytes: className))"
        case .byteArray(let bytes): "byte-array(\(bytes.count))"
        }
    }

    /// What of a value belongs on the line of its message.
    static func onOneLine(_ value: AMFValue, isSecret: Bool) -> [SafeText] {
        switch value {
        case .object(let properties), .ecmaArray(let properties), .typedObject(_, let properties):
            status(properties) + others(properties, areSecret: isSecret)
        case .null, .undefined: []
        default: [plain(value, isSecret: isSecret)]
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

    private static func others(_ properties: [AMFProperty], areSecret: Bool) -> [SafeText] {
        let isStatus = value("code", in: properties) != nil
        return properties.compactMap { property in
            if isStatus,
                ["code", "level", "description"].contains(where: { property.key == Array($0.utf8) })
            {
                return nil
            }
            let isSecret = areSecret || SafeText.isSecret(property.key)
            return "\(SafeText(bytes: property.key)) \(plain(property.value, isSecret: isSecret))"
        }
    }

    private static func value(_ key: String, in properties: [AMFProperty]) -> AMFValue? {
        properties.first { $0.key == Array(key.utf8) }?.value
    }

    private static func plain(_ value: AMFValue, isSecret: Bool) -> SafeText {
        switch value {
        case .number where isSecret: "***"
        case .string where isSecret: "\"***\""
        case .number(let number): "\(self.number(number))"
        case .boolean(let flag): flag ? "true" : "false"
        case .string(let bytes): "\"\(SafeText(url: bytes))\""
        default: typed(value, isSecret: isSecret)
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
