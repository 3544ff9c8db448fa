import Telemetry

/// One event as a line of JSON, its keys in the order of CLI.md.
struct EventLine {
    private var object: JSONObject

    init(_ event: Event, wallClockMilliseconds: Int64, startedAtNanoseconds: UInt64) {
        let words = EventWords(event.kind, isBrief: true)
        object = JSONObject(
            words.name, wallClockMilliseconds: wallClockMilliseconds,
            atNanoseconds: event.atNanoseconds, startedAtNanoseconds: startedAtNanoseconds)
        switch event.kind {
        case .serverStart, .serverStop: break
        default:
            if let session = words.session { object.add("s", session) }
            object.add("level", words.level.word)
        }
        addFields(of: event.kind)
    }

    var bytes: [UInt8] { object.line }

    private mutating func addFields(of kind: Event.Kind) {
        switch kind {
        case .serverStart(let listen, let tlsListen, let version, let pid):
            object.add("listen", listen)
            object.add("tls_listen", tlsListen)
            object.add("version", version)
            object.add("pid", pid)
        case .serverStop(let why):
            object.add("why", why)
        case .accept(_, let peer, let listener, let isTLS):
            object.add("peer", peer)
            object.add("listener", listener)
            object.add("tls", isTLS)
        case .refused(let peer, let why):
            object.add("peer", peer)
            object.add("why", why)
        case .secured(_, let version, let cipher, let took):
            object.add("version", version)
            object.add("cipher", cipher)
            object.add("took_ms", took / 1_000_000)
        case .handshakeDone(_, let kind, let took):
            object.add("kind", kind)
            object.add("took_ms", took / 1_000_000)
        case .handshakeFail(_, let why, let got):
            object.add("why", why)
            object.add("got_b", got)
        case .connect(_, let app, let tcURL, let flashVersion, let objectEncoding):
            object.add("app", app)
            object.add("flashver", flashVersion)
            object.add("tcurl", tcURL)
            object.add("object_encoding", objectEncoding)
            object.add(
                "client", ClientName.recognise(flashVersion: flashVersion, metadata: nil))
        case .publish(_, let stream, let accepted, let code),
            .play(_, let stream, let accepted, let code):
            object.add("stream", stream)
            object.add("accepted", accepted)
            object.add("code", code)
        case .pause(_, let stream, let isPaused):
            object.add("stream", stream)
            object.add("paused", isPaused)
        case .unknownCommand(_, let name):
            object.add("command", name)
        case .streamStart(let stream, _):
            object.add("stream", stream)
        case .streamEnd(let stream, let why):
            object.add("stream", stream)
            object.add("why", why)
        case .mediaConfiguration(_, let stream, let track, let configuration):
            object.add("stream", stream)
            object.add("track", track)
            object.add("kind", configuration.kind.rawValue)
            object.add("codec", configuration.codec)
            object.add("detail", configuration.detailObject)
        case .metadata(_, let stream, let listing):
            object.add("stream", stream)
            object.add("metadata", listing)
        case .firstFrame(_, let stream, let after):
            object.add("stream", stream)
            object.add("after_ms", after / 1_000_000)
        case .timestampJump(_, let stream, let kind, let from, let to):
            object.add("stream", stream)
            object.add("kind", kind.rawValue)
            object.add("from", UInt64(from))
            object.add("to", UInt64(to))
        case .drop(_, let stream, let frames, let why):
            object.add("stream", stream)
            object.add("frames", frames)
            object.add("why", why.rawValue)
        case .acknowledgementWindow(_, let direction, let bytes),
            .chunkSize(_, let direction, let bytes):
            object.add("dir", direction.word)
            object.add("value", bytes)
        case .bandwidth(_, let direction, let bytes, let limit):
            object.add("dir", direction.word)
            object.add("value", bytes)
            object.add("limit", limit)
        case .userControl(_, let direction, let event, let value):
            object.add("dir", direction.word)
            object.add("event", event)
            object.add("value", value)
        case .close(_, let report):
            object.add("who", report.who.rawValue)
            object.add("why", report.why)
            object.add("detail", report.detail)
            object.add("state", report.state)
            object.add("lasted_ms", report.lastedNanoseconds / 1_000_000)
            object.add("in_b", report.bytesIn)
            object.add("out_b", report.bytesOut)
        case .recordStart(let stream, let path):
            object.add("stream", stream)
            object.add("path", path)
        case .recordSegment(let stream, let file, let next):
            object.add("stream", stream)
            add(file)
            object.add("next", next)
        case .recordEnd(let stream, let file, let files, let why):
            object.add("stream", stream)
            add(file)
            object.add("files", files)
            object.add("why", why)
        case .recordFail(let stream, let file, let why):
            object.add("stream", stream)
            add(file)
            object.add("why", why)
        case .recordSkip(let stream, let frames):
            object.add("stream", stream)
            object.add("frames", frames)
        case .recordRepair(let file, let cut):
            add(file)
            object.add("cut_b", cut)
        case .kill(_, let words), .sessionNote(_, let words), .trace(let words):
            object.add("detail", words)
        case .hold(let name, let seconds):
            object.add("stream", name)
            object.add("hold_s", seconds)
        case .lift(let name): object.add("stream", name)
        case .reconnect(_, let isAsked, let tcURL):
            object.add("asked", isAsked)
            if let tcURL { object.add("tcurl", tcURL) }
        case .certificate(let file, let isTaken, let detail):
            object.add("file", file)
            object.add("taken", isTaken)
            object.add("detail", detail)
        case .console: break
        case .missed(let count, let what):
            object.add("count", count)
            object.add("what", what)
        case .note(_, let source, let words):
            object.add("source", source)
            object.add("detail", words)
        }
    }

    private mutating func add(_ file: RecordedFile) {
        object.add("path", file.path)
        object.add("bytes", file.bytes)
        object.add("duration_ms", file.milliseconds)
    }
}

extension MediaConfiguration {
    /// Only what was found: a track without a size has no `width`.
    fileprivate var detailObject: JSONObject {
        var object = JSONObject()
        if let profile { object.add("profile", profile) }
        if let level { object.add("level", level) }
        if let width { object.add("width", width) }
        if let height { object.add("height", height) }
        if let bitDepth { object.add("bit_depth", bitDepth) }
        if let chroma { object.add("chroma", chroma) }
        if let sampleRate { object.add("rate", sampleRate) }
        if let channels { object.add("channels", channels) }
        return object
    }
}
