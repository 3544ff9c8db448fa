import RTMP

/// Short films of every kind, as tags.
enum FLVSample: CaseIterable {
    /// H.264 with B-frames, whose composition times differ, and AAC.
    case reordered
    case audioOnly
    case videoOnly
    /// Beyond 4 h 39 m: the extended timestamp begins.
    case long
    /// HEVC by its four letters, announced in connect.
    case enhanced

    var tags: [FLVTag] {
        let metadata = AMF0Encoder.bytes(["onMetaData", ["width": 320, "duration": 9]])
        var tags = [FLVTag(type: .dataAMF0, timestamp: 0, payload: Payload(metadata))]
        func add(_ type: MessageType, _ time: Int, _ bytes: [UInt8]) {
            tags.append(
                FLVTag(type: type, timestamp: UInt32(time), payload: Payload(bytes)))
        }
        let hasVideo = self != .audioOnly
        let hasAudio = self != .videoOnly
        let step = self == .long ? 8000 : 40
        let frames = self == .long ? 2500 : 100
        let hevcHeader: [UInt8] = [0x90] + Array("hvc1".utf8) + [1, 1, 0x60, 0, 0, 0, 0, 0, 0]
        if hasVideo {
            add(.video, 0, self == .enhanced ? hevcHeader : TestMedia.avcHeader)
        }
        if hasAudio { add(.audio, 0, TestMedia.aacHeader) }
        for number in 0..<frames {
            let name = UInt8(truncatingIfNeeded: number)
            let time = number * step
            if hasVideo {
                let isKey = number % 25 == 0
                var bytes = isKey ? TestMedia.keyframe(name) : TestMedia.frame(name)
                bytes[4] = UInt8([80, 160, 40, 0][number % 4])  // composition time
                if self == .enhanced {
                    bytes = [isKey ? 0x93 : 0xA3] + Array("hvc1".utf8) + bytes
                }
                add(.video, time, bytes)
            }
            if hasAudio { add(.audio, time + (hasVideo ? 5 : 0), TestMedia.audio(name)) }
        }
        return tags
    }

    /// FLV as a file, whatever its timestamps.
    static func flv(_ tags: [FLVTag]) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Array("FLV".utf8) + [1, 5, 0, 0, 0, 9, 0, 0, 0, 0])
        for tag in tags { tag.encode(into: &writer) }
        return writer.bytes
    }

    static func tags(of file: [UInt8]) throws -> [FLVTag] {
        var reader = FLVReader()
        var tags: [FLVTag] = []
        try file.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            while let item = try reader.next(&cursor) {
                if case .tag(let tag) = item { tags.append(tag) }
            }
        }
        return tags
    }
}
