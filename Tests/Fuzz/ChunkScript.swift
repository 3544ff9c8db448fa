import RTMP

/// Chunks that follow the form, in an order and with numbers that nobody sensible would choose.
struct ChunkScript {
    private struct Stream {
        var length: UInt32 = 0
        var missing: UInt32 = 0
        var type: UInt8 = 0
        var extended: UInt32?
    }

    private let ids: [ChunkStreamID]
    private var streams: [ChunkStreamID: Stream] = [:]
    var chunkSize: UInt32 = 128

    private static let times: [UInt32] = [
        0, 1, 40, 60_000, 0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0x7FFF_FFFF, 0x8000_0000, .max,
    ]
    private static let lengths: [UInt32] = [
        0, 1, 4, 64, 65, 127, 128, 129, 300, 4096, 65_536, 65_537, 0xFF_FFFF,
    ]
    private static let types: [UInt8] = [8, 9, 18, 20, 22, 15, 17, 4, 5, 6, 3, 2, 1, 0, 7, 255]

    init(ids: [ChunkStreamID]) {
        self.ids = ids
    }

    /// One chunk: its header is whole, its payload as long as the header and the chunk size say.
    mutating func write(_ input: inout FuzzInput, into bytes: inout ByteWriter) {
        let id = input.pick(ids)
        var form = input.byte() & 3
        if streams[id] == nil, form > 1, !input.isTrue(oneIn: 16) { form = 0 }
        var stream = streams[id] ?? Stream()
        writeBasicHeader(form, id, &bytes)
        let isPartial = stream.missing > 0
        if form < 3 {
            let time = input.edge(Self.times)
            stream.extended = time >= 0xFF_FFFF ? time : nil
            bytes.writeUInt24(min(time, 0xFF_FFFF))
            if form < 2 {
                if !isPartial || input.isTrue(oneIn: 16) {
                    stream.length = input.edge(Self.lengths) & 0xFF_FFFF
                    stream.type = input.pick(Self.types)
                }
                bytes.writeUInt24(stream.length)
                bytes.write(stream.type)
                if form == 0 { bytes.writeUInt32LittleEndian(UInt32(input.byte() & 3)) }
            }
        }
        // Some senders leave it out of type 3 (CH-14).
        if let extended = stream.extended, form < 3 || !input.isTrue(oneIn: 4) {
            bytes.writeUInt32(extended)
        }
        if !isPartial { stream.missing = stream.length }
        let length = min(stream.missing, chunkSize, 1024)
        let chosen = input.bytes().prefix(Int(length))
        bytes.write(chosen)
        bytes.write(repeatElement(0xA5, count: Int(length) - chosen.count))
        stream.missing -= length
        streams[id] = stream
    }

    private func writeBasicHeader(_ form: UInt8, _ id: ChunkStreamID, _ bytes: inout ByteWriter) {
        switch id {
        case ..<64:
            bytes.write(form << 6 | UInt8(id))
        case ..<320:
            bytes.write(form << 6)
            bytes.write(UInt8(id - 64))
        default:
            bytes.write(form << 6 | 1)
            bytes.write(UInt8((id - 64) & 0xFF))
            bytes.write(UInt8((id - 64) >> 8))
        }
    }
}
