package import Telemetry

/// What the console wants done outside it; the executable turns it into calls on the server.
package enum Intent: Hashable, Sendable {
    case close(SessionID, CloseWay)
    /// Record the chunks of exactly these sessions; an empty set disarms.
    case trace(Set<SessionID>)
    /// Post the costly detail of exactly these sessions.
    case inspect(Set<SessionID>)
    /// Let those in again who are held under this name.
    case lift(SafeText)
    /// Record the stream of this name as well, or no longer.
    case record(SafeText, isOn: Bool)
    /// Ask this client to connect anew, or with nil all that can; to `tcURL` or to where they are.
    case reconnect(SessionID?, tcURL: String?)
    /// What the user says of a session; nil: nothing any more.
    case note(SessionID, SafeText?)
    /// Into a file that is not there yet.
    case write(path: String, text: String)
    case writeBytes(path: String, [UInt8])
    /// Look like this theme from now on: a name, a file, or `auto` for what becomes the terminal.
    case theme(String)
    /// Put the settings into this file, or into the one they came from.
    case save(path: String?, text: String)
    /// To the clipboard of the terminal, or into `clip.txt`; `name`: what it is.
    case copy(String, name: String, toFile: Bool)
    /// The screen in the colours it has.
    case writeScreen(path: String, Surface)
    /// Leave the terminal to the shell, and come back when somebody presses Enter there.
    case detach
    case redraw
    case quit
}

/// The three ways of the kill dialog (DESIGN §12).
package enum CloseWay: Hashable, Sendable {
    /// RTMP says goodbye, flush up to a second, FIN.
    case close
    /// The same, then refuse that stream name, for a player that address and stream.
    case kick(holdSeconds: Int)
    /// RST at once.
    case reset
}
