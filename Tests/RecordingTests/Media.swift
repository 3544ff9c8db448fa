import RTMP
import Relay

/// Messages as encoders send them, short enough to read.
extension MediaMessage {
    static func classified(
        _ type: MessageType, _ bytes: [UInt8], at timestamp: UInt32
    ) -> MediaMessage {
        classify(
            Message(
                type: type, messageStreamID: 1, timestamp: timestamp, payload: Payload(bytes)))!
    }

    static func metadata(_ properties: [AMFProperty] = [], at timestamp: UInt32) -> MediaMessage {
        classified(
            .dataAMF0, AMF0Encoder.bytes(["onMetaData", .ecmaArray(properties)]), at: timestamp)
    }

    static let width = AMFProperty(key: Array("width".utf8), value: 640)

    static func audioHeader(_ mark: UInt8 = 0x10, at timestamp: UInt32) -> MediaMessage {
        classified(.audio, [0xAF, 0, 0x12, mark], at: timestamp)
    }

    static func audio(at timestamp: UInt32, size: Int = 1) -> MediaMessage {
        classified(.audio, [0xAF, 1] + [UInt8](repeating: 0x21, count: size), at: timestamp)
    }

    static func videoHeader(_ mark: UInt8 = 0x1F, at timestamp: UInt32) -> MediaMessage {
        classified(
            .video, [0x17, 0, 0, 0, 0, 1, 0x64, 0, mark, 0xFF, 0xE0, 0], at: timestamp)
    }

    static func keyframe(at timestamp: UInt32, size: Int = 1) -> MediaMessage {
        classified(
            .video, [0x17, 1, 0, 0, 0] + [UInt8](repeating: 0x65, count: size), at: timestamp)
    }

    static func inter(at timestamp: UInt32, size: Int = 1) -> MediaMessage {
        classified(
            .video, [0x27, 1, 0, 0, 0] + [UInt8](repeating: 0x41, count: size), at: timestamp)
    }
}

/// A message or a tag in a word and a time.
struct Item: Hashable, CustomStringConvertible {
    let word: String
    let time: UInt32

    init(_ word: String, _ time: UInt32) {
        self.word = word
        self.time = time
    }

    init(_ message: MediaMessage) {
        switch (message.kind, message.landmark) {
        case (.metadata, _): word = "metadata"
        case (.data, _): word = "data"
        case (.audio, .sequenceHeader): word = "audio header \(message.payload[3])"
        case (.video, .sequenceHeader): word = "video header \(message.payload[8])"
        case (.audio, _): word = "audio"
        case (.video, .keyframe): word = "keyframe"
        case (.video, _): word = "inter"
        }
        time = message.timestamp
    }

    var description: String { "\(word) \(time)" }
}

/// What a file holds, and what its metadata says.
struct Content {
    var items: [Item] = []
    var payloads: [[UInt8]] = []
    var metadata: AMFValue?
    var file: FLVFile

    init(_ bytes: [UInt8]) {
        var survey = FLVSurvey()
        var tags: [FLVTag] = []
        bytes.withUnsafeBytes { bytes in
            survey.read(bytes)
            var reader = FLVReader()
            var cursor = ByteCursor(bytes)
            // What does not parse is missing in the list.
            while let item = try? reader.next(&cursor) {
                if case .tag(let tag) = item { tags.append(tag) }
            }
        }
        file = survey.file
        for tag in tags {
            guard let media = MediaMessage.classify(tag.message(on: 1)) else { continue }
            items.append(Item(media))
            payloads.append(media.payload.bytes)
        }
        metadata = tags.first?.payload.withUnsafeBytes {
            // Checked by whoever asks for it.
            (try? AMF0Decoder.values(of: $0, limits: Limits()))?.dropFirst().first
        }
    }

    subscript(key: String) -> Double? { metadata?[key]?.number }
}
