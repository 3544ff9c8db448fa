import RTMP
import Relay

/// What is counted of media messages that went to a player, or began to.
struct SentSums {
    struct Medium {
        var messages = 0
        /// Messages that began with a type 1 header.
        var deltas = 0
        var chunks = 0
        var wireBytes = 0
        var payloadBytes = 0
        var frames = 0
        /// Of the newest frame.
        var timestamp: UInt32 = 0

        init() {}

        init(of message: OutgoingMessage) {
            messages = 1
            deltas = message.delta == nil ? 0 : 1
            chunks = message.continuations + 1
            wireBytes = message.wireBytes
            payloadBytes = message.media.payload.count
            // One picture in several tracks counts once.
            frames = message.media.isFrame && message.media.track == 0 ? 1 : 0
            timestamp = message.media.timestamp
        }

        mutating func add(_ other: Medium) {
            messages += other.messages
            deltas += other.deltas
            chunks += other.chunks
            wireBytes += other.wireBytes
            payloadBytes += other.payloadBytes
            if other.frames > 0 { timestamp = other.timestamp }
            frames += other.frames
        }
    }

    var audio = Medium()
    var video = Medium()
    var data = Medium()
    var keyframes = 0

    init() {}

    init(of message: OutgoingMessage) {
        add(message)
    }

    mutating func add(_ message: OutgoingMessage) {
        let medium = Medium(of: message)
        switch message.media.kind {
        case .audio: audio.add(medium)
        case .video: video.add(medium)
        case .metadata, .data: data.add(medium)
        }
        if message.media.isKeyframe, message.media.track == 0 { keyframes += 1 }
    }

    mutating func add(_ other: SentSums) {
        audio.add(other.audio)
        video.add(other.video)
        data.add(other.data)
        keyframes += other.keyframes
    }
}
