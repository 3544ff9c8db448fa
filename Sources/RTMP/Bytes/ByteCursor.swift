/// A reading position over bytes that somebody else keeps alive.
///
/// Every read checks the length. A missing byte is `nil` and moves nothing: "come back with more".
/// The cursor borrows: it must not outlive the call that handed the bytes over.
package struct ByteCursor {
    private let bytes: UnsafeRawBufferPointer
    /// Bytes read so far.
    package private(set) var offset = 0

    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Bytes still unread.
    package var count: Int { bytes.count - offset }
    package var isEmpty: Bool { offset == bytes.count }

    /// The unread bytes, without moving.
    package var remaining: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[offset...])
    }

    /// The byte `distance` ahead, without moving.
    package func peek(_ distance: Int = 0) -> UInt8? {
        distance < count ? bytes[offset + distance] : nil
    }

    package mutating func skip(_ length: Int) -> Bool {
        guard length >= 0, length <= count else { return false }
        offset += length
        return true
    }

    /// The next `length` bytes as a view into the same memory.
    package mutating func read(_ length: Int) -> UnsafeRawBufferPointer? {
        guard length >= 0, length <= count else { return nil }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
    }

    /// The next `length` bytes, or what there is of them.
    package mutating func read(upTo length: Int) -> UnsafeRawBufferPointer {
        let end = offset + max(0, min(length, count))
        defer { offset = end }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
    }

    package mutating func readUInt8() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    package mutating func readUInt16() -> UInt16? {
        guard count >= 2 else { return nil }
        defer { offset += 2 }
        return UInt16(
            bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    package mutating func readUInt24() -> UInt32? {
        guard count >= 3 else { return nil }
        defer { offset += 3 }
        return UInt32(bytes[offset]) << 16 | UInt32(bytes[offset + 1]) << 8
            | UInt32(bytes[offset + 2])
    }

    package mutating func readUInt32() -> UInt32? {
        guard count >= 4 else { return nil }
        defer { offset += 4 }
        return UInt32(
            bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The one little-endian field of RTMP: the message stream id (RTMP 1.0, 5.3.1.2.1).
    package mutating func readUInt32LittleEndian() -> UInt32? {
        readUInt32()?.byteSwapped
    }

    package mutating func readFloat64() -> Double? {
        guard count >= 8 else { return nil }
        defer { offset += 8 }
        return Double(
            bitPattern: UInt64(
                bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }
}
