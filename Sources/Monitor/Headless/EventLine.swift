import Telemetry

extension JSONObject {
    /// One event, its keys in the order of CLI.md.
    mutating func add(_ entry: JournalEntry, startedAtNanoseconds: UInt64) {
        begin(
            entry.name, wallClockMilliseconds: entry.wallClockMilliseconds,
            atNanoseconds: entry.event.atNanoseconds, startedAtNanoseconds: startedAtNanoseconds)
        switch entry.event.kind {
        case .serverStart, .serverStop: break
        default:
            if let session = entry.session { add("s", session) }
            add("level", entry.level.word)
        }
        addFields(of: entry.event.kind)
    }

    private mutating func addFields(of kind: Event.Kind) {
        switch kind {
        case .serverStart(let listen, let tlsListen, let version, let pid):
            add("listen", listen)
            add("tls_listen", tlsListen)
            add("version", version)
            add("pid", pid)
        case .serverStop(let why):
            add("why", why)
        case .accept(_, let peer, let listener, let isTLS):
            add("peer", peer)
            add("listener", listener)
            add("tls", isTLS)
        case .refused(let peer, let why):
            add("peer", peer)
            add("why", why)
        case .secured(_, let version, let cipher, let took):
            add("version", version)
            add("cipher", cipher)
            add("took_ms", took / 1_000_000)
        case .handshakeDone(_, let kind, let took):
            add("kind", kind)
            add("took_ms", took / 1_000_000)
        case .handshakeFail(_, let why, let got):
            add("why", why)
            add("got_b", got)
        case .connect(_, let app, let tcURL, let flashVersion, let objectEncoding):
            add("app", app)
            add("flashver", flashVersion)
            add("tcurl", tcURL)
            add("object_encoding", objectEncoding)
            add(
                "client", ClientName.recognise(flashVersion: flashVersion, metadata: nil))
        case .publish(_, let stream, let accepted, let code),
            .play(_, let stream, let accepted, let code):
            add("stream", stream)
            add("accepted", accepted)
            add("code", code)
        case .pause(_, let stream, let isPaused):
            add("stream", stream)
            add("paused", isPaused)
        case .unknownCommand(_, let name):
            add("command", name)
        case .streamStart(let stream, _):
            add("stream", stream)
        case .streamEnd(let stream, let why):
            add("stream", stream)
            add("why", why)
        case .mediaConfiguration(_, let stream, let track, let configuration):
            add("stream", stream)
            add("track", track)
            add("kind", configuration.kind.rawValue)
            add("codec", configuration.codec)
            add("detail", configuration.detailObject)
        case .metadata(_, let stream, let listing):
            add("stream", stream)
            add("metadata", listing)
        case .firstFrame(_, let stream, let after):
            add("stream", stream)
            add("after_ms", after / 1_000_000)
        case .timestampJump(_, let stream, let kind, let from, let to):
            add("stream", stream)
            add("kind", kind.rawValue)
            add("from", UInt64(from))
            add("to", UInt64(to))
        case .drop(_, let stream, let frames, let why):
            add("stream", stream)
            add("frames", frames)
            add("why", why.rawValue)
        case .acknowledgementWindow(_, let direction, let bytes),
            .chunkSize(_, let direction, let bytes):
            add("dir", direction.word)
            add("value", bytes)
        case .bandwidth(_, let direction, let bytes, let limit):
            add("dir", direction.word)
            add("value", bytes)
            add("limit", limit)
        case .userControl(_, let direction, let event, let value):
            add("dir", direction.word)
            add("event", event)
            add("value", value)
        case .close(_, let report):
            add("who", report.who.rawValue)
            add("why", report.why)
            add("detail", report.detail)
            add("state", report.state)
            add("lasted_ms", report.lastedNanoseconds / 1_000_000)
            add("in_b", report.bytesIn)
            add("out_b", report.bytesOut)
        case .recordStart(let stream, let path):
            add("stream", stream)
            add("path", path)
        case .recordSegment(let stream, let file, let next):
            add("stream", stream)
            add(file)
            add("next", next)
        case .recordEnd(let stream, let file, let files, let why):
            add("stream", stream)
            add(file)
            add("files", files)
            add("why", why)
        case .recordFail(let stream, let file, let why):
            add("stream", stream)
            add(file)
            add("why", why)
        case .recordSkip(let stream, let frames):
            add("stream", stream)
            add("frames", frames)
        case .recordRepair(let file, let cut):
            add(file)
            add("cut_b", cut)
        case .kill(_, let words), .sessionNote(_, let words), .trace(let words):
            add("detail", words)
        case .hold(let name, let seconds):
            add("stream", name)
            add("hold_s", seconds)
        case .lift(let name): add("stream", name)
        case .reconnect(_, let isAsked, let tcURL):
            add("asked", isAsked)
            if let tcURL { add("tcurl", tcURL) }
        case .certificate(let file, let isTaken, let detail):
            add("file", file)
            add("taken", isTaken)
            add("detail", detail)
        case .console: break
        case .missed(let count, let what):
            add("count", count)
            add("what", what)
        case .note(_, let source, let words):
            add("source", source)
            add("detail", words)
        }
    }

    private mutating func add(_ file: RecordedFile) {
        add("path", file.path)
        add("bytes", file.bytes)
        add("duration_ms", file.milliseconds)
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
