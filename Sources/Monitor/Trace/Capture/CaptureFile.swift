/// A capture file that Wireshark reads: pcapng with one interface of bare IP packets, to the
/// nanosecond (IETF draft-ietf-opsawg-pcapng, 4).
struct CaptureFile {
    /// What stands in front of all packets.
    private var head: [UInt8] = []
    private var packets: [UInt8] = []
    /// In the order they were added.
    private var times: [(at: UInt64, range: Range<Int>)] = []

    /// - Parameter comment: what whoever opens the file has to know.
    init(program: String, comment: String) {
        Self.block(0x0A0D_0D0A, in: &head) { block in
            block.little(0x1A2B_3C4D as UInt32)
            block.little(1 as UInt16)
            block.little(0 as UInt16)
            // The length of the section is not given.
            block.little(UInt64.max)
            block.option(1, Array(comment.utf8))
            block.option(4, Array(program.utf8))
            block.endOptions()
        }
        Self.block(1, in: &head) { block in
            // LINKTYPE_RAW: a packet begins with its IP header.
            block.little(101 as UInt16)
            block.little(0 as UInt16)
            block.little(0 as UInt32)
            // if_tsresol: nanoseconds.
            block.option(9, [9])
            block.endOptions()
        }
    }

    /// - Parameter at: nanoseconds since 1970, UTC.
    mutating func append(_ packet: [UInt8], at: UInt64, isInward: Bool, comment: String? = nil) {
        let start = packets.count
        Self.block(6, in: &packets) { block in
            block.little(0 as UInt32)
            block.little(UInt32(truncatingIfNeeded: at >> 32))
            block.little(UInt32(truncatingIfNeeded: at))
            block.little(UInt32(packet.count))
            block.little(UInt32(packet.count))
            block.padded(packet)
            if let comment { block.option(1, Array(comment.utf8)) }
            block.option(2, [isInward ? 1 : 2, 0, 0, 0])
            block.endOptions()
        }
        times.append((at, start..<packets.count))
    }

    /// The packets by their time: readers take them as they come.
    var bytes: [UInt8] {
        var bytes = head
        bytes.reserveCapacity(head.count + packets.count)
        let order = times.indices.sorted { (times[$0].at, $0) < (times[$1].at, $1) }
        for index in order { bytes += packets[times[index].range] }
        return bytes
    }

    /// Its length stands at both ends.
    private static func block(
        _ type: UInt32, in bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void
    ) {
        let start = bytes.count
        bytes.little(type)
        bytes.little(0 as UInt32)
        body(&bytes)
        let length = UInt32(bytes.count - start + 4)
        bytes.little(length)
        for index in 0..<4 {
            bytes[start + 4 + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index))
        }
    }
}

extension [UInt8] {
    fileprivate mutating func option(_ code: UInt16, _ value: [UInt8]) {
        let value = value.prefix(Int(UInt16.max))
        little(code)
        little(UInt16(value.count))
        padded(value)
    }

    fileprivate mutating func endOptions() { little(0 as UInt32) }

    fileprivate mutating func padded(_ value: some Collection<UInt8>) {
        self += value
        self += repeatElement(0, count: -value.count & 3)
    }

    fileprivate mutating func little(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
