/// Values to AMF0 bytes (AMF 0 specification, chapter 2).
package struct AMF0Encoder {
    /// As long as nearly all messages of ours are: they are put together without being moved.
    private var writer = ByteWriter(reserving: 256)

    package init() {}

    package var bytes: [UInt8] { writer.bytes }

    /// The values of one message, one after the other.
    package static func bytes(_ values: [AMFValue]) -> [UInt8] {
        var encoder = AMF0Encoder()
        for value in values {
            encoder.encode(value)
        }
        return encoder.bytes
    }

    package mutating func encode(text: String) {
        var text = text
        text.withUTF8 { encodeString($0) }
    }

    /// A status as an object, with more properties behind its own.
    package mutating func encode(_ status: Status, adding more: [AMFProperty] = []) {
        writer.write(AMF0Marker.object)
        encodeKey("level".utf8)
        encode(text: status.level.rawValue)
        encodeKey("code".utf8)
        encode(text: status.code)
        encodeKey("description".utf8)
        encode(text: status.description)
        encodeEnd(after: more)
    }

    package mutating func encode(_ value: AMFValue) {
        switch value {
        case .number(let number):
            writer.write(AMF0Marker.number)
            writer.writeFloat64(number)
        case .boolean(let boolean):
            writer.write(AMF0Marker.boolean)
            writer.write(boolean ? 1 as UInt8 : 0)
        case .string(let text):
            encodeString(text)
        case .object(let properties):
            writer.write(AMF0Marker.object)
            encodeEnd(after: properties)
        case .null:
            writer.write(AMF0Marker.null)
        case .undefined:
            writer.write(AMF0Marker.undefined)
        case .ecmaArray(let properties):
            writer.write(AMF0Marker.ecmaArray)
            writer.writeUInt32(UInt32(clamping: properties.count))
            encodeEnd(after: properties)
        case .strictArray(let values):
            writer.write(AMF0Marker.strictArray)
            writer.writeUInt32(UInt32(clamping: values.count))
            for value in values {
                encode(value)
            }
        case .date(let milliseconds):
            writer.write(AMF0Marker.date)
            writer.writeFloat64(milliseconds)
            writer.writeUInt16(0)  // time zone: reserved
        case .unsupported:
            writer.write(AMF0Marker.unsupported)
        case .xmlDocument(let text):
            writer.write(AMF0Marker.xmlDocument)
            encodeLong(text)
        case .typedObject(let className, let properties):
            writer.write(AMF0Marker.typedObject)
            encodeKey(className)
            encodeEnd(after: properties)
        case .byteArray(let bytes):
            // AMF0 has no such type: the value goes as AMF3 behind the switch.
            writer.write(AMF0Marker.avmPlus)
            writer.write(AMF3Marker.byteArray)
            encodeU29(UInt32(clamping: bytes.count) << 1 | 1)
            writer.write(bytes)
        }
    }

    /// Short form where the length fits 16 bits, long form from 65,536 bytes (AMF-12).
    private mutating func encodeString(_ text: some Collection<UInt8>) {
        if let length = UInt16(exactly: text.count) {
            writer.write(AMF0Marker.string)
            writer.writeUInt16(length)
            writer.write(text)
        } else {
            writer.write(AMF0Marker.longString)
            encodeLong(text)
        }
    }

    private mutating func encodeLong(_ text: some Collection<UInt8>) {
        writer.writeUInt32(UInt32(clamping: text.count))
        writer.write(text)
    }

    /// A key has a 16-bit length. AMF3 can bring a longer one; the wire has no room for its tail.
    private mutating func encodeKey(_ key: some Collection<UInt8>) {
        let length = UInt16(clamping: key.count)
        writer.writeUInt16(length)
        writer.write(key.prefix(Int(length)))
    }

    /// The last properties of an object, and its end.
    private mutating func encodeEnd(after properties: [AMFProperty]) {
        for property in properties {
            encodeKey(property.key)
            encode(property.value)
        }
        writer.writeUInt16(0)
        writer.write(AMF0Marker.objectEnd)
    }

    /// AMF 3 specification, 1.3.1: seven bits a byte, eight in the fourth.
    private mutating func encodeU29(_ value: UInt32) {
        if value >= 1 << 21 {
            writer.write(UInt8(truncatingIfNeeded: value >> 22) | 0x80)
            writer.write(UInt8(truncatingIfNeeded: value >> 15) | 0x80)
            writer.write(UInt8(truncatingIfNeeded: value >> 8) | 0x80)
            writer.write(UInt8(truncatingIfNeeded: value))
            return
        }
        if value >= 1 << 14 { writer.write(UInt8(truncatingIfNeeded: value >> 14) | 0x80) }
        if value >= 1 << 7 { writer.write(UInt8(truncatingIfNeeded: value >> 7) | 0x80) }
        writer.write(UInt8(truncatingIfNeeded: value) & 0x7F)
    }
}
