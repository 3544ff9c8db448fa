package import RTMP

/// Whatever eats a stream beside its players: a recorder, a relay to another server.
///
/// It gets every message of one publish in order, those that a player joining now would get first. It
/// is called under the stream's lock, by whichever thread has the message: it keeps it and returns,
/// and waits for nothing.
package protocol MediaSink: AnyObject, Sendable {
    /// `log`: the stream's window, which holds the message already.
    ///
    /// - Returns: false once it wants no more.
    func take(_ message: MediaMessage, in log: StreamLog) -> Bool

    /// The publish is over.
    func end()
}

extension StreamLog {
    /// What a sink that comes now gets first: the headers in force, and the stream from its newest
    /// keyframe on.
    package func opening() -> [MediaMessage] {
        let start = newestKeyframe ?? endSequence
        return headersInForce(at: start) + (start..<endSequence).map { self[$0] }
    }
}
