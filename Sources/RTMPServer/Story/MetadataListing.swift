import RTMP
import Telemetry

/// The properties of `onMetaData` on one line, for people: `width 1920  height 1080 …`. Secrets are
/// masked (SEC-13): publishers put stream keys there.
enum MetadataListing {
    private static let propertyLimit = 32
    private static let textLimit = 64

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
        let words = (encoder + others).prefix(propertyLimit).compactMap { property -> SafeText? in
            text(of: property).map { "\(SafeText(bytes: property.key)) \($0)" }
        }
        guard let first = words.first else { return "" }
        return words.dropFirst().reduce(first) { "\($0)  \($1)" }
    }

    /// nil: nothing that fits on a line.
    private static func text(of property: AMFProperty) -> SafeText? {
        switch property.value {
        case .number where SafeText.isSecret(property.key):
            return "***"
        case .number(let number):
            if let whole = Int64(exactly: number) { return "\(whole)" }
            return "\(number)"
        case .boolean(let flag):
            return flag ? "true" : "false"
        case .string(let bytes):
            // Masked whole, then cut: half a URL does not show what in it is secret.
            let text = SafeText(value: bytes, named: property.key)
            return "\"\(String(text.description.prefix(textLimit)))\""
        case .date, .object, .null, .undefined, .ecmaArray, .strictArray, .unsupported,
            .xmlDocument, .typedObject, .byteArray:
            return nil
        }
    }
}
