/// C1, S1, C2 or S2: 1536 bytes (RTMP 1.0, 5.2.3 and 5.2.4).
///
///     time (4, big-endian)   version (4; zero in the simple form)   random (1528)
struct HandshakePacket: Equatable, Sendable {
    static let length = 1536
    /// What a server that signs calls itself (HS-10).
    static let serverVersion: UInt32 = 0x0405_0001

    var bytes: [UInt8]

    /// `bytes` must be a whole packet.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.length, "a handshake packet has 1536 bytes")
        self.bytes = bytes
    }

    init(time: UInt32, version: UInt32, random: [UInt8]) {
        var writer = ByteWriter(reserving: Self.length)
        writer.writeUInt32(time)
        writer.writeUInt32(version)
        writer.write(random)
        self.init(writer.bytes)
    }

    static let randomLength = length - 8

    var time: UInt32 { field(at: 0) }
    var version: UInt32 { field(at: 4) }

    /// Whether a part of an answer, which begins at `offset` of it, repeats this packet there.
    ///
    /// The first eight bytes of an answer are its own: two times.
    func isRepeated(by part: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var index = max(8 - offset, 0)
            while index + 8 <= part.count {
                let word = part.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                guard word == bytes.loadUnaligned(fromByteOffset: offset + index, as: UInt64.self)
                else { return false }
                index += 8
            }
            while index < part.count {
                guard part[index] == bytes[offset + index] else { return false }
                index += 1
            }
            return true
        }
    }

    private func field(at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
