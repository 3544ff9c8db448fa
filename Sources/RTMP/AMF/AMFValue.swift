/// A value of AMF0 or AMF3, in one model for both (AMF 0 specification, chapter 2).
package indirect enum AMFValue: Sendable {
    case number(Double)
    case boolean(Bool)
    /// The bytes as they came; not always valid UTF-8 (AMF-6).
    case string([UInt8])
    case object([AMFProperty])
    case null
    case undefined
    /// The associative count is a hint and is not kept (AMF-2).
    case ecmaArray([AMFProperty])
    case strictArray([AMFValue])
    case date(milliseconds: Double)
    case unsupported
    case xmlDocument([UInt8])
    case typedObject(className: [UInt8], [AMFProperty])
    /// AMF3 only.
    case byteArray([UInt8])
}

/// A key and its value, in the order they came, duplicates kept (AMF-1).
package struct AMFProperty: Sendable {
    package var key: [UInt8]
    package var value: AMFValue

    package init(key: [UInt8], value: AMFValue) {
        self.key = key
        self.value = value
    }
}
