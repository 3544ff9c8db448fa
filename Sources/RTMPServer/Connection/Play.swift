import RTMP
import Relay
import Telemetry

/// One playing message stream of a connection: a cursor in its worker's copy of the window.
///
/// Owned by the connection's worker.
final class Play {
    /// Unsafe because it is read at every flush, and safe because a connection takes its plays out of
    /// their feeds before it goes.
    unowned(unsafe) let connection: Connection
    var cursor: PlayerCursor
    let feed: Feed
    let messageStreamID: MessageStreamID
    let acceptedAtNanoseconds: UInt64
    /// When waiting for a publisher ends; nil while somebody publishes.
    var waitsUntilNanoseconds: UInt64?
    /// The publisher is gone; told once the player has everything of it.
    var owesEnd = false
    /// Since when it is too far behind, without one frame from behind the gap that was made (MED-12).
    var overrunSinceNanoseconds: UInt64?
    /// What of the cursor's skips the probe has been told.
    var countedSkippedVideo: UInt64 = 0
    var countedSkippedAudio: UInt64 = 0
    /// Where the cursor will stand once the gathered write has left whole, and how many messages of
    /// this play are in it. Meaningful between gather and commit only.
    var ahead: PlayerCursor
    var gathered = 0
    var isGatheredWhole = false

    init(
        messageStreamID: MessageStreamID, connection: Connection, feed: Feed,
        cursor: PlayerCursor, acceptedAtNanoseconds: UInt64
    ) {
        self.messageStreamID = messageStreamID
        self.connection = connection
        self.feed = feed
        self.cursor = cursor
        ahead = cursor
        self.acceptedAtNanoseconds = acceptedAtNanoseconds
    }
}

/// One publishing message stream of a connection.
struct Publication {
    let messageStreamID: MessageStreamID
    let stream: LiveStreamHandle
    let acceptedAtNanoseconds: UInt64
}
