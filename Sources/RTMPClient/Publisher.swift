import Posix
import RTMP

/// Publishes one stream. Blocking calls on the thread that owns it:
///
///     let publisher = try Publisher(to: "rtmp://localhost/live/camera")
///     try publisher.send(packet)              // again and again
///     try publisher.wait(for: .seconds(1))    // not sleep: the server is answered meanwhile
///     publisher.finish()
///
/// Metadata goes out by `@setDataFrame`, without what is true of a file only. If the server asks for a
/// new connection, that one is begun at the next keyframe with the headers so far, and the old one ends.
public final class Publisher {
    private let options: ClientOptions
    private let stop: StopSignal?
    private var talk: Talk
    private var stream: MessageStreamID
    /// Where the server wants us, from the next keyframe on.
    private var redirection: RTMPURL?
    private var headers = HeaderMemory()
    private var hasVideo = false

    /// Returns once the server took the publish.
    ///
    /// - Parameter needsEnhanced: packets of codecs beyond H.264, AAC and what came before them will
    ///   be sent; announced unless `options` say otherwise.
    public init(
        to url: String, options: ClientOptions = ClientOptions(), needsEnhanced: Bool = false,
        stop: StopSignal? = nil
    ) throws(ClientError) {
        let parsed = try options.url(url)
        var options = options
        if options.announcesEnhanced == nil { options.announcesEnhanced = needsEnhanced }
        self.options = options
        self.stop = stop
        (talk, stream) = try Self.begin(parsed, options, stop)
    }

    private static func begin(
        _ url: RTMPURL, _ options: ClientOptions, _ stop: StopSignal?
    ) throws(ClientError) -> (Talk, MessageStreamID) {
        let talk = try Talk(.publish(type: "live"), url, options, stop: stop)
        return (talk, try talk.start())
    }

    package var facts: ServerFacts { talk.facts }
    /// Sent, or waiting for the server to take it.
    public var bytesSent: UInt64 { talk.link.bytesOut }

    /// Waits while the server is behind.
    public func send(_ packet: MediaPacket) throws(ClientError) {
        if packet.kind == .video { hasVideo = true }
        if let url = redirection, packet.isKeyframe || (!hasVideo && packet.isFrame) {
            try follow(url, at: packet.timestampMilliseconds)
        }
        headers.note(packet)
        put(packet)
        while talk.link.isFull {
            var room = Link.Awaited()
            room.room = true
            if case .room = try next(room) { break }
        }
    }

    /// Sends what waits and answers the server until the time is over.
    public func wait(for duration: Duration) throws(ClientError) {
        let end = Clock.monotonicNanoseconds().addingClamped(duration.nanoseconds)
        _ = try wait(until: end, readable: nil)
    }

    /// True: the descriptor can be read; false: the time is over.
    package func wait(until end: UInt64?, readable: Int32?) throws(ClientError) -> Bool {
        while true {
            switch try next(Link.Awaited(until: end, readable: readable)) {
            case .readable: return true
            case .timeOver: return false
            default: continue
            }
        }
    }

    /// Says goodbye and hangs up; false if the server did not take all that was sent. Nothing may be
    /// called afterwards.
    @discardableResult
    public func finish() -> Bool {
        talk.link.finish()
    }

    private func put(_ packet: MediaPacket) {
        let media = packet.media
        let tag = FLVTag(type: media.type, timestamp: media.timestamp, payload: media.payload)
        let payload =
            media.kind == .metadata ? FLVMetadata.published(tag, limits: Limits()) : media.payload
        talk.link.send(
            Message(
                type: media.type, messageStreamID: stream, timestamp: media.timestamp,
                payload: payload))
    }

    private func next(_ awaited: Link.Awaited) throws(ClientError) -> Talk.Event {
        let event = try talk.next(awaited)
        if case .redirected(let url) = event { redirection = url }
        return event
    }

    // MARK: Reconnecting

    /// The new connection first. Where the old one stands in its way, because the name is taken, that
    /// goes before it.
    private func follow(_ url: RTMPURL, at timestamp: UInt32) throws(ClientError) {
        redirection = nil
        var new: (Talk, MessageStreamID)
        do throws(ClientError) {
            new = try Self.begin(url, options, stop)
            talk.link.finish()
        } catch .refused(.publish, _, _) {
            talk.link.finish()
            new = try Self.begin(url, options, stop)
        } catch .stopped {
            throw .stopped
        } catch {
            talk.narrate("the new connection failed, the old one goes on: \(error)")
            return
        }
        (talk, stream) = new
        for header in headers.packets {
            var header = header
            header.media.timestamp = timestamp
            put(header)
        }
    }
}

/// What a server that knows nothing of the stream yet must be told first: metadata, and the newest
/// configuration of each track, in the order in which they came.
struct HeaderMemory {
    private struct Key: Hashable {
        var kind: MediaPacket.Kind
        var track: UInt8
        var landmark: MediaMessage.Landmark
    }

    private var keys: [Key] = []
    private var newest: [Key: MediaPacket] = [:]

    var packets: [MediaPacket] { keys.compactMap { newest[$0] } }

    mutating func note(_ packet: MediaPacket) {
        guard packet.isHeader else { return }
        let key = Key(kind: packet.kind, track: packet.track, landmark: packet.media.landmark)
        if newest.updateValue(packet, forKey: key) == nil { keys.append(key) }
    }
}
