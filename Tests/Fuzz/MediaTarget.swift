import RTMP

/// Audio, video, data and aggregate messages: tags, landmarks and codec configurations.
///
/// The first byte is the type, and whether the rest is the payload or choices of a script. Nothing
/// here can fail; bodies lie within their payload, and an aggregate gives no more than it holds.
enum MediaTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let types: [MessageType] = [.audio, .video, .aggregate, .dataAMF0, .dataAMF3]
        let choice = input.byte()
        let type = types[Int(choice & 0x7F) % types.count]
        let message = Message(
            type: type, messageStreamID: 1, timestamp: 0xFFFF_FFF0,
            payload: Payload(choice < 128 ? Array(input.rest) : script(type, &input)))
        guard message.type == .aggregate else { return check(message) }
        let aggregate = AggregateMessage(message)
        let count = aggregate.messages.reduce(0) { $0 + 11 + $1.payload.count }
        hold(count <= message.payload.count, "an aggregate gives what it holds: \(count)")
        for part in aggregate.messages {
            hold(part.type != .aggregate, "aggregates do not nest")
            check(part)
        }
    }

    private static func script(_ type: MessageType, _ input: inout FuzzInput) -> [UInt8] {
        switch type {
        case .audio: MediaScript.audio(&input)
        case .video: MediaScript.video(&input)
        case .aggregate: MediaScript.aggregate(&input)
        default: MediaScript.data(&input)
        }
    }

    /// AMF3 that is written again as AMF0 is bounded by what may be read (AMF-10).
    private static func longest(of message: Message) -> Int {
        let count = message.payload.count
        guard message.type == .dataAMF3 else { return count }
        let limits = Limits()
        return count + limits.amfStringBytes + 16 * limits.amfNodes(ofDataBytes: count)
    }

    private static func check(_ message: Message) {
        let whole = 0...message.payload.count
        message.payload.withUnsafeBytes { bytes in
            if let tag = VideoTag.parse(bytes) {
                hold(
                    whole.contains(tag.body.lowerBound) && whole.contains(tag.body.upperBound),
                    "a video body lies within: \(tag)")
            }
            if let tag = AudioTag.parse(bytes) {
                hold(
                    whole.contains(tag.body.lowerBound) && whole.contains(tag.body.upperBound),
                    "an audio body lies within: \(tag)")
            }
        }
        guard let media = MediaMessage.classify(message) else { return }
        hold(media.payload.count <= longest(of: message), "media is no longer than its message")
        hold(media.timestamp == message.timestamp, "media keeps its time")
        hold(!media.isKeyframe || media.kind == .video, "only video has keyframes")
        if let first = media.firstTrackAlone() {
            hold(first.track == 0 && !first.hasSeveralTracks, "one track is cut out")
            hold(first.payload.count <= media.payload.count, "a cut makes it no longer")
        }
        for (track, codec) in CodecConfiguration.all(in: media) {
            hold(media.tracks.contains(track), "facts are of a track of the message")
            hold(!codec.codec.isEmpty, "a codec has a name")
            for number in [
                codec.width, codec.height, codec.bitDepth, codec.sampleRate, codec.channels,
            ] {
                hold((number ?? 0) >= 0, "no figure is negative: \(codec)")
            }
        }
    }
}
