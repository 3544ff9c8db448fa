import RTMP
import TestSupport

/// Messages and files for the tests of FLV.
enum FLVSamples {
    static func audio(_ timestamp: UInt32, count: Int = 4) -> MediaMessage {
        classified(.audio, [0xAF, 1] + [UInt8](repeating: 0x21, count: count - 2), timestamp)
    }

    static func video(_ timestamp: UInt32, isKeyframe: Bool = false, count: Int = 10)
        -> MediaMessage
    {
        let head: [UInt8] = [isKeyframe ? 0x17 : 0x27, 1, 0, 0, 0]
        return classified(.video, head + [UInt8](repeating: 0x65, count: count - 5), timestamp)
    }

    static func audioHeader(_ timestamp: UInt32 = 0) -> MediaMessage {
        classified(.audio, RTMPTests.audioHeader, timestamp)
    }

    static func videoHeader(_ timestamp: UInt32 = 0) -> MediaMessage {
        classified(.video, RTMPTests.videoHeader, timestamp)
    }

    static func metadata(_ value: AMFValue, at timestamp: UInt32 = 0) -> MediaMessage {
        classified(.dataAMF0, AMF0Encoder.bytes(["onMetaData", value]), timestamp)
    }

    static func data(_ name: AMFValue, at timestamp: UInt32) -> MediaMessage {
        classified(.dataAMF0, AMF0Encoder.bytes([name, 1]), timestamp)
    }

    private static func classified(
        _ type: MessageType, _ payload: [UInt8], _ timestamp: UInt32
    ) -> MediaMessage {
        let message = Message(
            type: type, messageStreamID: 1, timestamp: timestamp, payload: Payload(payload))
        guard let media = MediaMessage.classify(message) else {
            preconditionFailure("samples are media")
        }
        return media
    }

    /// Headers, then `seconds` of video at 25 frames a second and audio beside it.
    static func stream(seconds: UInt32, from start: UInt32 = 0) -> [MediaMessage] {
        var messages = [
            metadata(.ecmaArray([AMFProperty("width", 1920), AMFProperty("encoder", "us")])),
            audioHeader(start), videoHeader(start),
        ]
        for frame in 0..<seconds * 25 {
            messages.append(video(start &+ frame * 40, isKeyframe: frame % 25 == 0))
            messages.append(audio(start &+ frame * 40 &+ 3))
        }
        return messages
    }

    /// The file of these messages as it stands before and after its end.
    static func file(
        _ messages: [MediaMessage], keyframesMaximum: Int = 0
    ) -> (unfinished: [UInt8], finished: [UInt8]) {
        var writer = FLVWriter(keyframesMaximum: keyframesMaximum)
        var bytes = ByteWriter()
        for message in messages { writer.write(message, into: &bytes) }
        return (bytes.bytes, bytes.bytes.patched(writer.patches()))
    }
}

extension [UInt8] {
    /// What a survey finds.
    var asFLV: FLVFile {
        var survey = FLVSurvey()
        withUnsafeBytes { survey.read($0) }
        return survey.file
    }

    func patched(_ patches: [FLVWriter.Patch]) -> [UInt8] {
        patches.reduce(into: self) { file, patch in
            let start = Int(patch.offset)
            file.replaceSubrange(start..<start + patch.bytes.count, with: patch.bytes)
        }
    }

    func repaired(_ repair: FLVFile.Repair) -> [UInt8] {
        (Array(prefix(Int(repair.length))) + repair.missing).patched(repair.patches)
    }
}

/// What a reader makes of bytes, in values that compare.
struct FLVReading: Equatable {
    var items: [String] = []
    var tags: [Tag] = []
    var error: FLVError?
    var tail: FLVReader.Tail = .whole
    var wholeBytes: UInt64 = 0
    var wrongBackPointers = 0

    struct Tag: Equatable {
        var type: UInt8
        var timestamp: UInt32
        var payload: [UInt8]
        var offset: UInt64
    }

    init(_ pieces: [[UInt8]], tagBytesMaximum: Int = 0xFF_FFFF) {
        var reader = FLVReader(tagBytesMaximum: tagBytesMaximum)
        do throws(FLVError) {
            for piece in pieces { try read(piece, &reader) }
        } catch {
            self.error = error
        }
        tail = reader.tail
        wholeBytes = reader.wholeBytes
        wrongBackPointers = reader.wrongBackPointers
    }

    /// In every cut; all give the same.
    static func inAnyCut(_ bytes: [UInt8]) throws -> FLVReading {
        try anyCut(bytes) { FLVReading($0.pieces) }
    }

    private mutating func read(
        _ piece: [UInt8], _ reader: inout FLVReader
    ) throws(FLVError) {
        let payload = Payload(piece)
        var cursor = ByteCursor(
            UnsafeRawBufferPointer(start: payload.pointer, count: payload.count))
        defer { withExtendedLifetime(payload) {} }
        while let item = try reader.next(&cursor) {
            switch item {
            case .header(let header):
                items.append(
                    "header \(header.hasAudio ? "audio" : "") \(header.hasVideo ? "video" : "")")
            case .tag(let tag):
                items.append(
                    "tag \(tag.type.rawValue) \(tag.payload.count) bytes at \(tag.timestamp)")
                tags.append(
                    Tag(
                        type: tag.type.rawValue, timestamp: tag.timestamp,
                        payload: tag.payload.bytes, offset: tag.offset))
            case .skipped(let type, let length, let offset):
                items.append("skipped \(type) \(length) bytes at \(offset)")
            }
        }
    }
}
