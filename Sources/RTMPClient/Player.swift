import Posix
import RTMP

/// Plays one stream. Blocking calls on the thread that owns it:
///
///     let player = try Player(from: "rtmp://localhost/live/camera")
///     while case .media(let packet) = try player.next() { … }
///     player.finish()
///
/// If the server asks for a new connection, that one is begun, and once it plays the old one ends:
/// what comes next begins with headers and a keyframe again, and with a time of its own.
public final class Player {
    public enum Event: Sendable {
        case media(MediaPacket)
        /// The server says that the stream has ended, in this word. It may come back.
        case ended(String)
        /// Nothing came in the time that was asked for.
        case timeOver
    }

    private let options: ClientOptions
    private let stop: StopSignal?
    private var talk: Talk
    private var followedAt: UInt64?
    /// When media came last, or could have begun to.
    private var mediaAt: UInt64

    /// A server that asks again and again is followed once a second.
    private static let followingNanoseconds: UInt64 = 1_000_000_000

    /// Returns once the server took the play; some do so before anybody publishes.
    public init(
        from url: String, options: ClientOptions = ClientOptions(), stop: StopSignal? = nil
    ) throws(ClientError) {
        self.options = options
        self.stop = stop
        talk = try Talk(.play, options.url(url), options, stop: stop)
        _ = try talk.start()
        mediaAt = Clock.monotonicNanoseconds()
    }

    package var facts: ServerFacts { talk.facts }
    package var roundTripMicroseconds: UInt32? { talk.link.roundTripMicroseconds }

    /// What comes next; waits as long as it takes, or for `duration`.
    public func next(within duration: Duration? = nil) throws(ClientError) -> Event {
        let now = Clock.monotonicNanoseconds()
        return try next(until: duration.map { now.addingClamped($0.nanoseconds) })
    }

    package func next(until end: UInt64?) throws(ClientError) -> Event {
        while true {
            let stallEnd = options.stall.map { mediaAt.addingClamped($0.nanoseconds) }
            let until = min(end ?? .max, stallEnd ?? .max)
            switch try talk.next(Link.Awaited(until: until == .max ? nil : until)) {
            case .media(let media):
                mediaAt = Clock.monotonicNanoseconds()
                return .media(MediaPacket(media))
            case .ended(.streamEOF): return .ended("StreamEOF")
            case .ended(.status(let code)): return .ended(code)
            case .timeOver:
                if let stall = options.stall, until == stallEnd { throw .stalled(stall) }
                return .timeOver
            case .redirected(let url): try follow(url)
            case .started, .readable, .room: continue
            }
        }
    }

    /// Says goodbye and hangs up. Nothing may be called afterwards.
    public func finish() {
        talk.link.finish()
    }

    private func follow(_ url: RTMPURL) throws(ClientError) {
        let now = Clock.monotonicNanoseconds()
        if let followedAt, now &- followedAt < Self.followingNanoseconds { return }
        followedAt = now
        do throws(ClientError) {
            let new = try Talk(.play, url, options, stop: stop)
            _ = try new.start()
            talk.link.finish()
            talk = new
            mediaAt = Clock.monotonicNanoseconds()
        } catch .stopped {
            throw .stopped
        } catch {
            talk.narrate("the new connection failed, the old one goes on: \(error)")
        }
    }
}
