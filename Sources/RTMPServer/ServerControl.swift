import Posix
package import RTMP
package import Relay
package import Telemetry

/// Wishes from outside, the console's or a test's: posted to the workers, never waiting. What came of
/// them is told by events.
package final class ServerControl: Sendable {
    private let mailboxes: [Mailbox]
    private let certificates: Certificates?

    init(mailboxes: [Mailbox], certificates: Certificates?) {
        self.mailboxes = mailboxes
        self.certificates = certificates
    }

    /// Says goodbye in RTMP, flushes for up to a second, then FIN.
    package func close(_ id: SessionID) {
        postToAll(.close(id, .closedByAdmin))
    }

    /// As `close`, and refuses the stream name for a time; for a player that address and stream.
    package func kick(_ id: SessionID, holdSeconds: Int) {
        postToAll(.close(id, .kickedByAdmin(holdSeconds: holdSeconds)))
    }

    /// RST at once, nothing flushed.
    package func reset(_ id: SessionID) {
        postToAll(.close(id, .resetByAdmin))
    }

    /// Asks a client to connect anew, and says whether it was asked: clients that did not announce in
    /// connect that they can are left alone (MED-13). The connection stays until the client ends it.
    ///
    /// - Parameter tcURL: where to, absolute or relative to the client's own; nil: to the same place.
    package func askToReconnect(_ id: SessionID, tcURL: String? = nil) {
        postToAll(.reconnect(id, Self.request(tcURL)))
    }

    /// As `askToReconnect`, every client that can.
    package func askAllToReconnect(tcURL: String? = nil) {
        postToAll(.reconnect(nil, Self.request(tcURL)))
    }

    private static func request(_ tcURL: String?) -> ReconnectRequest {
        ReconnectRequest(tcURL: tcURL, description: "The operator asks you to reconnect.")
    }

    /// Ends the hold of a kick before its time, by the name it was told under.
    package func lift(_ name: SafeText) {
        // The list of holds is shared: any worker will do.
        mailboxes.first?.post(.lift(name))
    }

    /// Lets what `make` gives have the stream of this name as well, from its window on; nil: nothing.
    /// That nobody publishes it is told by an event.
    package func attach(
        to name: SafeText, _ make: @escaping @Sendable (StreamKey) -> (any MediaSink)?
    ) {
        // Streams are shared: any worker will do.
        mailboxes.first?.post(.attach(name, make))
    }

    /// Records the chunks of exactly these sessions; an empty set ends the trace.
    package func trace(_ ids: Set<SessionID>) {
        postToAll(.trace(ids))
    }

    /// Begins to record the chunks of some sessions and ends it for others; nothing changes for the rest.
    package func trace(arming armed: Set<SessionID>, disarming disarmed: Set<SessionID>) {
        postToAll(.arm(armed, disarm: disarmed))
    }

    /// Reads the certificate anew, for connections to come.
    package func reloadCertificate() {
        certificates?.reload()
    }

    /// Only the worker that owns a session knows it; the others let the wish pass.
    private func postToAll(_ message: WorkerMessage) {
        for mailbox in mailboxes { mailbox.post(message) }
    }
}
