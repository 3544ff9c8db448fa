package import Telemetry

/// All that the console, `--snapshot` and `stats.*` may know, at one instant: immutable values.
///
/// Made by the sampler; rates are over the last second unless a name says otherwise.
package struct Snapshot: Sendable {
    package var takenAtNanoseconds: UInt64
    /// When the probes were read last: what the figures of server, sessions and streams are about.
    package var readAtNanoseconds: UInt64
    /// Milliseconds since 1970, UTC.
    package var wallClockMilliseconds: Int64
    package var server: ServerFigures
    /// Open sessions by id, then those that closed within the last minute.
    package var sessions: [SessionRow]
    /// Sessions that ended, the oldest first, as they stood then.
    package var ended: [SessionRow] = []
    package var streams: [StreamRow]
    package var journal: LogTail<JournalEntry>
    package var trace: LogTail<TraceEntry>
    /// What only an inspected session has; keyed by session.
    package var inspected: [SessionID: SessionDetail]
    /// What whoever looks has marked, for `~marked`; the sampler marks nothing.
    package var marked: Set<SessionID> = []

    package init(takenAtNanoseconds: UInt64, wallClockMilliseconds: Int64, server: ServerFigures) {
        self.takenAtNanoseconds = takenAtNanoseconds
        readAtNanoseconds = takenAtNanoseconds
        self.wallClockMilliseconds = wallClockMilliseconds
        self.server = server
        sessions = []
        streams = []
        journal = LogTail()
        trace = LogTail()
        inspected = [:]
    }
}

/// The server as a whole.
package struct ServerFigures: Sendable {
    package var version = ""
    package var listen: [String] = []
    package var startedAtNanoseconds: UInt64 = 0
    package var upNanoseconds: UInt64 = 0
    package var connections = 0
    package var publishers = 0
    package var players = 0
    package var idle = 0
    package var handshaking = 0
    package var accepted: UInt64 = 0
    package var closed: UInt64 = 0
    package var refused: UInt64 = 0
    package var handshakesFailed: UInt64 = 0
    /// Bytes on all sockets since the start, closed sessions included.
    package var bytesIn: UInt64 = 0
    package var bytesOut: UInt64 = 0
    package var bitsPerSecondIn = 0.0
    package var bitsPerSecondOut = 0.0
    /// Held for peers by this process, and by how many players.
    package var queueBytes: UInt64 = 0
    package var playersWithQueue = 0
    package var skippedVideo: UInt64 = 0
    /// Of the player that is furthest behind.
    package var queueMilliseconds: UInt64 = 0
    /// Of one core; nil: not known.
    package var cpuPercent: Double?
    package var residentBytes: UInt64?
    package var openDescriptors: Int?
    package var descriptorLimit: Int?
    /// Events and trace records that full lanes let go.
    package var missed: UInt64 = 0
    /// One sample a second, newest last, at most `historyCapacity`.
    package var history: [ServerSecond] = []
    /// Seconds since the start that were sampled or missed: the number after the newest sample's.
    package var historyEnd = 0
    /// Sessions whose chunks are recorded, and what was asked for.
    package var tracedSessions = 0
    /// What the trace takes, of `traceByteLimit`.
    package var traceBytes = 0

    package static let traceByteLimit = TraceStore.byteLimit

    package static let historyCapacity = 3600

    package init() {}
}

/// One session as the tables show it.
package struct SessionRow: Sendable {
    package var id: SessionID
    package var facts: Shared<ConnectionFacts>
    package var peer: String
    package var listener: String
    /// Recognised from flashVer: `OBS 30.1.2`, `Lavf61.1`; nil: unknown.
    package var client: SafeText?
    package var upNanoseconds: UInt64
    package var acceptedAtNanoseconds: UInt64
    package var bytesIn: UInt64
    package var bytesOut: UInt64
    package var bitsPerSecondIn = 0.0
    package var bitsPerSecondOut = 0.0
    /// Over two seconds; nil: not media yet.
    package var framesPerSecond: Double?
    package var videoBitsPerSecond = 0.0
    package var audioBitsPerSecond = 0.0
    package var audioFramesPerSecond = 0.0
    package var videoFrames: UInt64 = 0
    package var audioFrames: UInt64 = 0
    package var keyframes: UInt64 = 0
    package var queueBytes: UInt64 = 0
    package var queueMilliseconds: UInt64 = 0
    package var skippedVideo: UInt64 = 0
    package var skippedAudio: UInt64 = 0
    package var skips: UInt64 = 0
    package var gopMilliseconds: UInt64?
    package var keyframeAgeNanoseconds: UInt64?
    /// DESIGN §6.3; nil until both tracks are there.
    package var audioVideoMilliseconds: Double?
    /// Media time against ours in millionths, `+` the source runs fast (DESIGN §6.3).
    package var clock: ClockDrift?
    /// Of a publisher: the longest that a message of the last ten seconds was late.
    package var lateNanoseconds: UInt64?
    /// Media timestamps that went forward by more than a second, or back.
    package var timestampJumps: UInt64 = 0
    package var timestampBacks: UInt64 = 0
    package var videoTimestamp: UInt32?
    package var audioTimestamp: UInt32?
    package var firstFrameNanoseconds: UInt64?
    package var rttMicroseconds: UInt64?
    /// Segments sent again in the last ten seconds.
    package var retransmits: UInt64?
    /// The kernel's, as it was sampled last: segments, bytes in flight, bytes that wait to be read
    /// and to be acknowledged; nil: it did not say.
    package var congestionWindow: UInt64?
    package var unacknowledgedBytes: UInt64?
    package var receiveQueueBytes: UInt64?
    package var sendQueueBytes: UInt64?
    /// What somebody at the console wrote about it.
    package var note: SafeText?
    package var idleNanoseconds: UInt64 = 0
    package var chunkSizeIn: UInt64 = 128
    package var chunkSizeOut: UInt64 = 128
    package var messagesIn: UInt64 = 0
    package var messagesOut: UInt64 = 0
    /// Acknowledgement windows (DESIGN §6.4): received since our last Acknowledgement of what the
    /// peer's window allows; sent and not acknowledged of what our window allows.
    package var unacknowledgedIn: UInt64 = 0
    package var windowIn: UInt64 = 0
    package var unacknowledgedOut: UInt64 = 0
    package var windowOut: UInt64 = 0
    /// One sample a second, newest last, at most 60.
    package var historyIn: [Float] = []
    package var historyOut: [Float] = []
    /// When it closed; nil while open.
    package var closedAtNanoseconds: UInt64?

    package static let historyCapacity = 60

    package init(
        id: SessionID, facts: ConnectionFacts, peer: String, listener: String,
        acceptedAtNanoseconds: UInt64, upNanoseconds: UInt64, bytesIn: UInt64, bytesOut: UInt64
    ) {
        self.id = id
        self.facts = Shared(facts)
        self.peer = peer
        self.listener = listener
        self.acceptedAtNanoseconds = acceptedAtNanoseconds
        self.upNanoseconds = upNanoseconds
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
    }
}

/// One stream as the tables show it.
package struct StreamRow: Sendable {
    package enum State: Sendable {
        case live
        case waiting
        /// Gone; shown for a minute with the reason.
        case ended(why: String, agoNanoseconds: UInt64)
    }

    package var key: SafeText
    package var state: State
    package var publisher: SessionID?
    package var players: [SessionID]
    package var bitsPerSecondIn = 0.0
    package var bitsPerSecondOut = 0.0
    package var upNanoseconds: UInt64 = 0
    package var windowBytes: UInt64 = 0
    package var windowMessages: UInt64 = 0
    /// The last eight GOPs in milliseconds, newest last.
    package var recentGOPs: [UInt64] = []
    /// The one under way, or the last one; nil: it was not recorded.
    package var recording: RecordingRow?

    package static let recentGOPLimit = 8

    package init(key: SafeText, state: State, publisher: SessionID?, players: [SessionID]) {
        self.key = key
        self.state = state
        self.publisher = publisher
        self.players = players
    }
}

/// A recording of a stream.
package struct RecordingRow: Sendable {
    package var facts: RecordingFacts
    /// Of all its files, as the disk has them.
    package var bytes: UInt64 = 0
    package var milliseconds: UInt64 = 0
    /// Left out because the disk was too slow.
    package var skippedFrames: UInt64 = 0

    package init(facts: RecordingFacts) {
        self.facts = facts
    }

    package var isUnderWay: Bool { facts.state != .ended }
}

/// What the inspector shows beyond the row.
package struct SessionDetail: Sendable {
    package var detail: ConnectionDetail?
    /// The black box: first and newest commands and control messages, decoded.
    package var commands: [BlackBoxEntry]
    /// Entries between the first and the newest that were let go.
    package var omitted: Int
    /// One sample a second, newest last: five minutes of it, less with thousands of sessions.
    package var history: [SessionSecond] = []
    /// Milliseconds by which audio was ahead of video in the first seconds of both: what A-V counts from.
    package var audioVideoAtStart: Double?

    package init(detail: ConnectionDetail?, commands: [BlackBoxEntry], omitted: Int) {
        self.detail = detail
        self.commands = commands
        self.omitted = omitted
    }
}

/// One command or control message of a session, in words.
package struct BlackBoxEntry: Sendable {
    package var direction: Direction
    package var atNanoseconds: UInt64
    /// `connect`, `_result`, `WindowAckSize` …
    package var name: SafeText
    /// The arguments on one line.
    package var summary: SafeText
    /// The AMF tree, a line a value, with its depth and type.
    package var tree: [TreeLine]

    package struct TreeLine: Sendable {
        package var depth: Int
        package var text: SafeText

        package init(depth: Int, text: SafeText) {
            self.depth = depth
            self.text = text
        }
    }

    package init(
        direction: Direction, atNanoseconds: UInt64, name: SafeText, summary: SafeText,
        tree: [TreeLine]
    ) {
        self.direction = direction
        self.atNanoseconds = atNanoseconds
        self.name = name
        self.summary = summary
        self.tree = tree
    }
}

/// A line of the journal, as view 5, `--log` and JSON Lines say it.
package struct JournalEntry: Sendable {
    package var wallClockMilliseconds: Int64
    package var event: Event
    package var level: Event.Level
    /// `net`, `rtmp`, `media`, `admin`, `server`.
    package var source: String
    package var session: SessionID?
    /// `session.accept`, `hs.done` … : the name in JSON Lines.
    package var name: String
    private var writtenDetail: SafeText?

    /// Made when somebody looks: most lines are never read.
    package var detail: SafeText { writtenDetail ?? EventWords(event.kind).detail }

    /// - Parameter detail: nil: what the event says.
    package init(
        wallClockMilliseconds: Int64, event: Event, level: Event.Level, source: String,
        session: SessionID?, name: String, detail: SafeText? = nil
    ) {
        self.wallClockMilliseconds = wallClockMilliseconds
        self.event = event
        self.level = level
        self.source = source
        self.session = session
        self.name = name
        writtenDetail = detail
    }

    /// As the event says it.
    init(_ event: Event, wallClockMilliseconds: Int64) {
        let words = EventWords(event.kind, isBrief: true)
        self.init(
            wallClockMilliseconds: wallClockMilliseconds, event: event, level: words.level,
            source: words.source, session: words.session, name: words.name)
    }
}

/// A traced chunk with its wall clock.
package struct TraceEntry: Sendable {
    package var wallClockMilliseconds: Int64
    package var record: TraceRecord

    package init(wallClockMilliseconds: Int64, record: TraceRecord) {
        self.wallClockMilliseconds = wallClockMilliseconds
        self.record = record
    }
}
