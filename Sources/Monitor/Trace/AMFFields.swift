import RTMP
import Telemetry

/// The values of a command or data message, each with its bytes.
///
/// Containers of AMF0 are walked here, so that every value in them has its own bytes; single values
/// and whatever is AMF3 are left to the decoder that the server uses.
struct AMFFields {
    private static let depthLimit = 16
    private static let nodeLimit = 1024

    private let type: MessageType
    private var decoder: AMF0Decoder
    private var nodes = 0

    init(_ type: MessageType) {
        self.type = type
        var limits = Limits()
        limits.amfDepth = Self.depthLimit
        limits.amfNodes = Self.nodeLimit
        decoder = AMF0Decoder(limits: limits)
    }

    /// Reads as far as it can be read: to the first value that makes no sense, or was not kept.
    mutating func read(_ reader: inout FieldReader, length: Int) {
        if type == .commandAMF3 || type == .dataAMF3, reader.peek() == 0 {
            reader.uint8("format") { "\($0)  AMF0" }
        }
        let names: [SafeText] =
            type == .commandAMF0 || type == .commandAMF3
            ? ["command", "transaction", "object"] : ["name"]
        let firstSecret = AMFWords.firstSecret(of: Self.name(reader.remaining))
        var position = 0
        while !reader.isEmpty {
            let name = position < names.count ? names[position] : "value \(position + 1)"
            guard value(&reader, name, isSecret: position >= firstSecret, depth: 0) else {
                reader.note("broken off", reader.offset < length ? "unreadable from here" : "")
                return
            }
            position += 1
        }
    }

    /// The string a message begins with.
    private static func name(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var cursor = ByteCursor(bytes)
        guard cursor.readUInt8() == 2, let length = cursor.readUInt16() else { return [] }
        return cursor.read(Int(length)).map { Array($0) } ?? []
    }

    /// One value; false: nothing after it can be read.
    ///
    /// - Parameter isSecret: by its name, or as part of what is.
    private mutating func value(
        _ reader: inout FieldReader, _ name: SafeText, isSecret: Bool, depth: Int,
        from: Int? = nil
    ) -> Bool {
        let start = from ?? reader.offset
        nodes += 1
        guard nodes <= Self.nodeLimit, depth < Self.depthLimit, let marker = reader.peek() else {
            return false
        }
        switch marker {
        case 3:
            return container(&reader, name, "object", from: start) { amf, reader in
                amf.properties(&reader, areSecret: isSecret, depth: depth + 1)
            }
        case 8:
            return container(&reader, name, "ecma-array", from: start) { amf, reader in
                reader.uint32("count") { "\($0)  a hint" } != nil
                    && amf.properties(&reader, areSecret: isSecret, depth: depth + 1)
            }
        case 0x10:
            return container(&reader, name, "typed-object", from: start) { amf, reader in
                let classStart = reader.offset
                guard let length = reader.readUInt16(), let bytes = reader.read(Int(length)) else {
                    return false
                }
                reader.add("class", SafeText(bytes: bytes), from: classStart)
                return amf.properties(&reader, areSecret: isSecret, depth: depth + 1)
            }
        case 0x0A:
            return container(&reader, name, "strict-array", from: start) { amf, reader in
                let count = reader.uint32("count") { "\($0)" } ?? 0
                for index in 0..<count {
                    guard
                        amf.value(
                            &reader, "[\(index)]", isSecret: isSecret, depth: depth + 1)
                    else {
                        return false
                    }
                }
                return true
            }
        case 7:
            guard reader.skip(3) else { return false }
            reader.add(name, "reference to an earlier value", from: start)
            return true
        default:
            guard let value = reader.next(&decoder) else { return false }
            reader.add(
                name, AMFWords.typed(value, isSecret: isSecret), from: start,
                isSecret: Self.isHidden(value, isSecret: isSecret))
            return true
        }
    }

    private mutating func container(
        _ reader: inout FieldReader, _ name: SafeText, _ word: SafeText, from start: Int,
        _ content: (inout AMFFields, inout FieldReader) -> Bool
    ) -> Bool {
        let index = reader.nextIndex
        reader.note(name, word)
        _ = reader.skip(1)
        reader.depth += 1
        let isWhole = content(&self, &reader)
        reader.depth -= 1
        reader.close(index, from: start)
        return isWhole
    }

    private mutating func properties(
        _ reader: inout FieldReader, areSecret: Bool, depth: Int
    ) -> Bool {
        while !reader.isEmpty {
            let start = reader.offset
            guard let length = reader.readUInt16(), let key = reader.read(Int(length)) else {
                return false
            }
            if key.isEmpty, reader.peek() == 9 {
                _ = reader.skip(1)
                reader.add("end", "object end", from: start)
                return true
            }
            let isSecret = areSecret || SafeText.isSecret(key)
            guard
                value(
                    &reader, SafeText(bytes: key), isSecret: isSecret, depth: depth, from: start)
            else { return false }
        }
        // A missing object end is forgiven at the end of the message (AMF-3).
        return true
    }

    /// Masked where it is shown in words, so hidden where its bytes are.
    private static func isHidden(_ value: AMFValue, isSecret: Bool) -> Bool {
        switch value {
        case .number, .date, .byteArray: isSecret
        case .string(let bytes):
            isSecret || SafeText(url: bytes).description != SafeText(bytes: bytes).description
        case .xmlDocument: true
        case .strictArray(let values):
            values.contains { isHidden($0, isSecret: isSecret) }
        case .object(let properties), .ecmaArray(let properties), .typedObject(_, let properties):
            properties.contains {
                isHidden($0.value, isSecret: isSecret || SafeText.isSecret($0.key))
            }
        case .boolean, .null, .undefined, .unsupported: false
        }
    }
}
