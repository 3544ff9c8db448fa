import RTMP
import Telemetry

/// The properties of `onMetaData` on one line, for people: `width 1920  height 1080 …`.
enum MetadataListing {
    private static let propertyLimit = 32

    static func text(of payload: Payload) -> SafeText {
        let values: [AMFValue]
        var limits = Limits()
        limits.amfNodes = limits.amfNodes(ofDataBytes: payload.count)
        do {
            values = try payload.withUnsafeBytes {
                try AMF0Decoder.values(of: $0, limits: limits)
            }
        } catch {
            return "not readable: \("\(error)")"
        }
        guard let properties = values.dropFirst().first?.properties else { return SafeText("") }
        // OBS names itself here only, after a dozen of other properties.
        let encoder = properties.filter { $0.key.elementsEqual("encoder".utf8) }
        let others = properties.filter { !$0.key.elementsEqual("encoder".utf8) }
        let words = (encoder + others).prefix(propertyLimit).compactMap { property -> String? in
            guard let value = text(of: property.value) else { return nil }
            return "\(String(decoding: property.key, as: UTF8.self)) \(value)"
        }
        return SafeText(words.joined(separator: "  "))
    }

    /// nil: nothing that fits on a line.
    private static func text(of value: AMFValue) -> String? {
        switch value {
        case .number(let number):
            if let whole = Int64(exactly: number) { return String(whole) }
            return String(number)
        case .boolean(let flag):
            return flag ? "true" : "false"
        case .string(let bytes):
            return "\"\(String(decoding: bytes.prefix(64), as: UTF8.self))\""
        case .date, .object, .null, .undefined, .ecmaArray, .strictArray, .unsupported,
            .xmlDocument, .typedObject, .byteArray:
            return nil
        }
    }
}
