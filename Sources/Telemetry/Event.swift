/// The number of a connection: counts from 1 in this process, never reused. Shown as `#12`.
package typealias SessionID = UInt64

/// Which way bytes went: `in` is peer to us.
package enum Direction: UInt8, Hashable, Sendable {
    case inward
    case outward
}

/// Something worth a line in the log, told by the thread it happened on.
///
/// A closed set: a new case does not compile until every writer can say it.
package struct Event: Sendable {
    /// Monotonic clock.
    package var atNanoseconds: UInt64
    package var kind: Kind

    package init(atNanoseconds: UInt64, kind: Kind) {
        self.atNanoseconds = atNanoseconds
        self.kind = kind
    }

    /// The large ones stand behind a reference: thousands wait in lanes and stand in the journal.
    package enum Kind: Sendable {
        indirect case serverStart(
            listen: [String], tlsListen: [String] = [], version: String, pid: Int32)
        /// `why`: `signal`, `duration`, `quit`.
        case serverStop(why: String)
        indirect case accept(SessionID, peer: String, listener: String, isTLS: Bool)
        /// A connection turned away before it became a session: `connections`, `per-address`,
        /// `descriptors`.
        indirect case refused(peer: String, why: String)
        /// The handshake of TLS is done.
        indirect case secured(
            SessionID, version: String, cipher: String, tookNanoseconds: UInt64)
        case handshakeDone(SessionID, kind: String, tookNanoseconds: UInt64)
        case handshakeFail(SessionID, why: SafeText, gotBytes: UInt64)
        indirect case connect(
            SessionID, app: SafeText, tcURL: SafeText, flashVersion: SafeText, objectEncoding: Int)
        indirect case publish(SessionID, stream: SafeText, accepted: Bool, code: String)
        indirect case play(SessionID, stream: SafeText, accepted: Bool, code: String)
        indirect case pause(SessionID, stream: SafeText, isPaused: Bool)
        case unknownCommand(SessionID, name: SafeText)
        case streamStart(stream: SafeText, publisher: SessionID)
        /// `why`: `unpublish`, `closed`, `taken-over`, `killed`, `shutdown`.
        indirect case streamEnd(stream: SafeText, why: String)
        indirect case mediaConfiguration(
            SessionID, stream: SafeText, track: Int, MediaConfiguration)
        /// Metadata as the publisher sent it, a short listing.
        indirect case metadata(SessionID, stream: SafeText, SafeText)
        /// First keyframe on its way: publisher or player, time since publish or play.
        indirect case firstFrame(SessionID, stream: SafeText, afterNanoseconds: UInt64)
        /// A media timestamp that left its predecessor by more than a second, or went back.
        indirect case timestampJump(
            SessionID, stream: SafeText, kind: MediaConfiguration.Kind, from: UInt32, to: UInt32)
        indirect case drop(SessionID, stream: SafeText, frames: UInt64, why: SkipReason)
        case acknowledgementWindow(SessionID, Direction, bytes: UInt32)
        case chunkSize(SessionID, Direction, bytes: UInt32)
        indirect case bandwidth(SessionID, Direction, bytes: UInt32, limit: String)
        /// A user control message: `stream-begin`, `ping-request` … and its value.
        indirect case userControl(SessionID, Direction, event: String, value: UInt32)
        indirect case close(SessionID, CloseReport)
        /// A recording has a file under way, with the name it will have at its end.
        indirect case recordStart(stream: SafeText, path: SafeText)
        /// One file is finished and the recording goes on in `next`.
        indirect case recordSegment(stream: SafeText, RecordedFile, next: SafeText)
        /// `why`: `ended`, `stopped`, `failed`; `files`: finished ones, this one among them.
        indirect case recordEnd(stream: SafeText, RecordedFile, files: Int, why: String)
        /// The disk refuses; the file holds what it took, if there is one at all.
        indirect case recordFail(stream: SafeText, RecordedFile, why: SafeText)
        /// The disk is too slow: frames left out, up to a keyframe.
        indirect case recordSkip(stream: SafeText, frames: UInt64)
        /// A file that an earlier run left unfinished is whole.
        indirect case recordRepair(RecordedFile, cutBytes: UInt64)
        case kill(SessionID, SafeText)
        case hold(SafeText, seconds: Int)
        /// A hold was ended before its time.
        case lift(SafeText)
        /// A client was asked to connect anew, or was not because it cannot; `tcURL`: where to, if
        /// not to the same place.
        indirect case reconnect(SessionID, isAsked: Bool, tcURL: SafeText?)
        case trace(SafeText)
        /// The console left its terminal or came back: `lost`, `detached`, `resumed`.
        case console(String)
        /// What the user of the console says of a session; empty: nothing any more.
        indirect case sessionNote(SessionID, SafeText)
        /// The files of our certificate were read anew; not taken: the one before stays.
        indirect case certificate(file: SafeText, isTaken: Bool, detail: SafeText)
        /// Lines, events or trace records that a full queue or a blocked reader let go.
        case missed(UInt64, what: String)
        /// Trouble of the process itself, said by a thread of ours.
        indirect case note(Level, source: String, SafeText)
    }

    package enum Level: UInt8, Comparable, Hashable, Sendable {
        case error
        case warn
        case info
        case debug
        case trace

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }
}

/// A file of a recording, as far as it was written.
package struct RecordedFile: Sendable {
    package var path: SafeText
    package var bytes: UInt64
    package var milliseconds: UInt64

    package init(path: SafeText, bytes: UInt64 = 0, milliseconds: UInt64 = 0) {
        self.path = path
        self.bytes = bytes
        self.milliseconds = milliseconds
    }
}

/// Why a player did not get media.
package enum SkipReason: String, Hashable, Sendable {
    case queueBytes = "queue-bytes"
    case queueTime = "queue-time"
    case window

    /// As it stands in `ConnectionProbe.skipReason`; 0 there means none yet.
    package var probeCode: UInt64 {
        switch self {
        case .queueBytes: 1
        case .queueTime: 2
        case .window: 3
        }
    }

    package init?(probeCode: UInt64) {
        switch probeCode {
        case 1: self = .queueBytes
        case 2: self = .queueTime
        case 3: self = .window
        default: return nil
        }
    }
}

/// Codec facts of one track, parsed from its sequence header.
package struct MediaConfiguration: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case audio
        case video
    }

    package var kind: Kind
    /// `H.264`, `HEVC`, `AV1`, `VP9`, `AAC-LC`, `Opus` …
    package var codec: String
    package var profile: String?
    package var level: String?
    package var width: Int?
    package var height: Int?
    package var bitDepth: Int?
    package var chroma: String?
    package var sampleRate: Int?
    package var channels: Int?

    package init(kind: Kind, codec: String) {
        self.kind = kind
        self.codec = codec
    }
}

/// How a connection ended: who ended it and why, once for the log, the journal, the dashboard,
/// the history and the tests.
package struct CloseReport: Sendable {
    package enum Who: String, Hashable, Sendable {
        case peer
        case us
        case admin
    }

    package var who: Who
    /// One of the closed list of `CloseReason`, as scripts read it: `fin`, `tcp-reset`, `slow-player` …
    package var why: String
    /// More for people: `C0 0x16: a TLS client on the plain RTMP port`.
    package var detail: SafeText
    /// The session's state when it ended: `hs:C1`, `publish` …
    package var state: String
    package var lastedNanoseconds: UInt64
    package var bytesIn: UInt64
    package var bytesOut: UInt64

    package init(
        who: Who, why: String, detail: SafeText, state: String, lastedNanoseconds: UInt64,
        bytesIn: UInt64, bytesOut: UInt64
    ) {
        self.who = who
        self.why = why
        self.detail = detail
        self.state = state
        self.lastedNanoseconds = lastedNanoseconds
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
    }
}
