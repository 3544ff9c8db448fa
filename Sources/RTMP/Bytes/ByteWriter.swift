/// Bytes being put together in wire order.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    package var count: Int { bytes.count }

    /// Empty again, with the room it has.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    package mutating func write(_ value: UInt8) {
        bytes.append(value)
    }

    package mutating func writeUInt16(_ value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    /// Writes the low 24 bits.
    package mutating func writeUInt24(_ value: UInt32) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 16))
        writeUInt16(UInt16(truncatingIfNeeded: value))
    }

    package mutating func writeUInt32(_ value: UInt32) {
        writeUInt16(UInt16(truncatingIfNeeded: value >> 16))
        writeUInt16(UInt16(truncatingIfNeeded: value))
    }

    package mutating func writeUInt32LittleEndian(_ value: UInt32) {
        writeUInt32(value.byteSwapped)
    }

    package mutating func writeFloat64(_ value: Double) {
        writeUInt32(UInt32(truncatingIfNeeded: value.bitPattern >> 32))
        writeUInt32(UInt32(truncatingIfNeeded: value.bitPattern))
    }

    package mutating func write(_ other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }
}
