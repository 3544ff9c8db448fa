import RTMP
package import Telemetry

/// A traced chunk in a few words: what the INFO column says.
package enum TraceDecoder {
    package static func info(for record: TraceRecord) -> SafeText {
        if let part = record.handshakePart { return handshake(part, record) }
        guard record.chunkIndex <= 1 else { return "continued" }
        let bytes = record.kept
        let type = MessageType(rawValue: record.messageType)
        switch type {
        case .video: return video(bytes)
        case .audio: return audio(bytes)
        case .commandAMF0, .commandAMF3, .dataAMF0, .dataAMF3: return name(bytes, type)
        case .aggregate: return "\(record.messageLength) B of messages"
        default: return ControlWords(type: type, bytes: bytes)?.info ?? "\(record.messageLength) B"
        }
    }

    private static func handshake(
        _ part: TraceRecord.HandshakePart, _ record: TraceRecord
    ) -> SafeText {
        switch part {
        case .c0c1:
            "\(part.word)  \(record.timestampDelta > 0 ? "complex" : "simple"), before the recording"
        case .s0s1s2, .c2: "\(part.word)"
        }
    }

    /// The TYPE column.
    package static func typeWord(_ type: UInt8) -> String {
        MessageType(rawValue: type).word
    }

    package static func typeWord(_ record: TraceRecord) -> String {
        record.isHandshake ? "HANDSHAKE" : typeWord(record.messageType)
    }

    /// The kind of a line's message in the filter language.
    package static func kind(of record: TraceRecord) -> String {
        record.isHandshake ? "ctrl" : kind(of: record.messageType)
    }

    /// The kind of a message in the filter language: `audio video data cmd ctrl`.
    package static func kind(of type: UInt8) -> String {
        switch MessageType(rawValue: type) {
        case .audio: "audio"
        case .video, .aggregate: "video"
        case .commandAMF0, .commandAMF3: "cmd"
        case .dataAMF0, .dataAMF3, .sharedObjectAMF0, .sharedObjectAMF3: "data"
        default: "ctrl"
        }
    }

    /// A chunk that begins a key frame.
    package static func isKeyframe(_ record: TraceRecord) -> Bool {
        guard record.chunkIndex <= 1, record.messageType == MessageType.video.rawValue,
            !record.isHandshake
        else { return false }
        return record.withKept(VideoTag.parse)?.isKeyframe ?? false
    }

    /// A chunk that begins a codec configuration.
    package static func isConfiguration(_ record: TraceRecord) -> Bool {
        guard record.chunkIndex <= 1, !record.isHandshake else { return false }
        switch MessageType(rawValue: record.messageType) {
        case .video: return record.withKept(VideoTag.parse)?.content == .sequenceHeader
        case .audio: return record.withKept(AudioTag.parse)?.content == .sequenceHeader
        default:
            return false
        }
    }

    private static func video(_ bytes: [UInt8]) -> SafeText {
        guard let tag = bytes.withUnsafeBytes(VideoTag.parse) else { return unreadable(bytes) }
        switch tag.content {
        case .sequenceHeader: return "\(codec(tag.codec)) config"
        case .trackMetadata: return "colour"
        case .other:
            return tag.frameType == .command ? "command" : "\(codec(tag.codec)) no picture"
        case .frame(let compositionTime):
            return compositionTime.map { "\(frame(tag.frameType)) cts \($0)" }
                ?? frame(tag.frameType)
        }
    }

    private static func frame(_ type: VideoTag.FrameType?) -> SafeText {
        switch type {
        case .key, .generatedKey: "KEY"
        case .inter: "P frame"
        case .disposable: "b frame"
        case .command, nil: "frame"
        }
    }

    private static func audio(_ bytes: [UInt8]) -> SafeText {
        guard let tag = bytes.withUnsafeBytes(AudioTag.parse) else { return unreadable(bytes) }
        switch tag.content {
        case .sequenceHeader: return "\(codec(tag.codec)) config"
        case .trackMetadata: return "channel layout"
        case .frame: return "audio"
        case .other: return "silence"
        }
    }

    /// Only the track sizes of a multitrack message lie beyond the bytes that are kept.
    private static func unreadable(_ bytes: [UInt8]) -> SafeText {
        bytes.count >= TraceRecord.headCapacity ? "multitrack" : "not readable"
    }

    private static func codec(_ codec: VideoTag.Codec) -> SafeText {
        switch codec {
        case .legacy(2): "H.263"
        case .legacy(4), .legacy(5): "VP6"
        case .legacy(7): "AVC"
        case .legacy(12): "HEVC"
        case .legacy(13): "AV1"
        case .legacy(let number): "codec \(number)"
        case .enhanced(let fourCC): enhanced(fourCC)
        }
    }

    private static func codec(_ codec: AudioTag.Codec) -> SafeText {
        switch codec {
        case .legacy(2), .legacy(14): "MP3"
        case .legacy(10): "AAC"
        case .legacy(let number): "codec \(number)"
        case .enhanced(let fourCC): enhanced(fourCC)
        }
    }

    private static func enhanced(_ fourCC: FourCC?) -> SafeText {
        switch fourCC {
        case .avc1?: "AVC"
        case .hvc1?: "HEVC"
        case .mp4a?: "AAC"
        case let other?:
            SafeText(
                bytes: (0..<4).map { UInt8(truncatingIfNeeded: other.rawValue >> (24 - 8 * $0)) })
        case nil: "?"
        }
    }

    private static func name(_ bytes: [UInt8], _ type: MessageType) -> SafeText {
        bytes.withUnsafeBytes { buffer in
            var cursor = ByteCursor(buffer)
            AMF0Decoder.skipFormatSelector(of: type, &cursor)
            // A string marker, a length, and as much of the name as was kept.
            guard cursor.readUInt8() == 2, let length = cursor.readUInt16() else { return "?" }
            let kept = cursor.remaining.prefix(Int(length))
            let name = SafeText(url: kept)
            return kept.count < Int(length) ? "\(name)…" : name
        }
    }
}

extension MessageType {
    var word: String {
        switch self {
        case .setChunkSize: "CHUNKSZ"
        case .abort: "ABORT"
        case .acknowledgement: "ACK"
        case .userControl: "USER"
        case .windowAcknowledgementSize: "WINACK"
        case .setPeerBandwidth: "BANDW"
        case .audio: "AUDIO"
        case .video: "VIDEO"
        case .dataAMF0, .dataAMF3: "DATA"
        case .commandAMF0, .commandAMF3: "CMD"
        case .sharedObjectAMF0, .sharedObjectAMF3: "SHARED"
        case .aggregate: "AGGR"
        default: "TYPE \(rawValue)"
        }
    }
}
