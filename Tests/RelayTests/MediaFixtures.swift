import RTMP
import Relay

/// Messages as encoders send them, short enough to read.
extension MediaMessage {
    static func classified(_ type: MessageType, _ bytes: [UInt8], at timestamp: UInt32)
        -> MediaMessage
    {
        classify(
            Message(
                type: type, messageStreamID: 1, timestamp: timestamp, payload: Payload(bytes)))!
    }

    static func metadata(_ mark: UInt8 = 0, at timestamp: UInt32) -> MediaMessage {
        classified(.dataAMF0, [2, 0, 10] + Array("onMetaData".utf8) + [1, mark], at: timestamp)
    }

    static func data(at timestamp: UInt32) -> MediaMessage {
        classified(.dataAMF0, [2, 0, 10] + Array("onTextData".utf8) + [5], at: timestamp)
    }

    static func audioHeader(_ mark: UInt8 = 0x10, at timestamp: UInt32) -> MediaMessage {
        classified(.audio, [0xAF, 0, 0x12, mark], at: timestamp)
    }

    static func audio(at timestamp: UInt32) -> MediaMessage {
        classified(.audio, [0xAF, 1, 0x21], at: timestamp)
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

    static func disposable(at timestamp: UInt32, size: Int = 1) -> MediaMessage {
        classified(
            .video, [0x37, 1, 0, 0, 0] + [UInt8](repeating: 0x01, count: size), at: timestamp)
    }
}

/// What a player got, in one word and a time.
struct Delivery: Hashable, CustomStringConvertible {
    enum What: Hashable {
        case metadata, data, audioHeader, videoHeader, trackMetadata, audio, keyframe, inter
        case disposable
    }

    var what: What
    var timestamp: UInt32

    init(_ what: What, _ timestamp: UInt32) {
        self.what = what
        self.timestamp = timestamp
    }

    init(_ message: MediaMessage) {
        what =
            switch (message.kind, message.landmark) {
            case (.metadata, _): .metadata
            case (.data, _): .data
            case (_, .trackMetadata): .trackMetadata
            case (.audio, .sequenceHeader): .audioHeader
            case (.audio, _): .audio
            case (.video, .sequenceHeader): .videoHeader
            case (.video, .keyframe): .keyframe
            case (.video, .none): message.isDisposable ? .disposable : .inter
            }
        timestamp = message.timestamp
    }

    var description: String { "\(what)@\(timestamp)" }
}

extension PlayerCursor {
    /// So many, as far as they are due.
    mutating func few(_ count: Int, in log: StreamLog) -> [Delivery] {
        (0..<count).compactMap { _ in next(in: log).map { Delivery($0) } }
    }

    /// Everything that is due.
    mutating func all(in log: StreamLog) -> [Delivery] {
        var deliveries: [Delivery] = []
        while let message = next(in: log) { deliveries.append(Delivery(message)) }
        return deliveries
    }
}
