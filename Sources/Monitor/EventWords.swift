package import Telemetry

/// How an event is called and said: one switch for the journal, the text log and JSON Lines.
package struct EventWords: Sendable {
    /// As in JSON Lines (console design, §23).
    package let name: String
    package let level: Event.Level
    /// `net`, `rtmp`, `media`, `admin`, `server`, or what a note says.
    package let source: String
    package let session: SessionID?
    package let detail: SafeText

    private init(
        _ isBrief: Bool, _ name: String, _ level: Event.Level, _ source: String,
        _ session: SessionID?, _ detail: @autoclosure () -> SafeText
    ) {
        self.name = name
        self.level = level
        self.source = source
        self.session = session
        self.detail = isBrief ? "" : detail()
    }

    /// - Parameter isBrief: without the detail, which most readers never see.
    package init(_ kind: Event.Kind, isBrief: Bool = false) {
        switch kind {
        case .serverStart(let listen, let tlsListen, let version, let pid):
            let addresses = listen + tlsListen.map { $0 + " (TLS)" }
            self.init(
                isBrief,
                "server.start", .info, "server", nil,
                """
                listening on \(addresses.joined(separator: " "))  version \(version)  pid \(pid)
                """)
        case .serverStop(let why):
            self.init(isBrief, "server.stop", .info, "server", nil, "\(why)")
        case .accept(let session, let peer, let listener, let isTLS):
            self.init(
                isBrief,
                "session.accept", .info, "net", session,
                "\(peer) on \(listener)\(isTLS ? ", TLS" : "")")
        case .refused(let peer, let why):
            self.init(
                isBrief,
                "session.refused", .warn, "net", nil, "\(peer): limit of \(why) reached")
        case .secured(let session, let version, let cipher, let took):
            self.init(
                isBrief,
                "tls.done", .info, "net", session,
                "\(version) \(cipher), \(Rounded.duration(nanoseconds: took))")
        case .handshakeDone(let session, let kind, let took):
            self.init(
                isBrief,
                "hs.done", .info, "rtmp", session,
                "\(kind), \(Rounded.duration(nanoseconds: took))")
        case .handshakeFail(let session, let why, let got):
            self.init(isBrief, "hs.fail", .warn, "rtmp", session, "\(why), after \(got) B")
        case .connect(let session, let app, let tcURL, let flashVersion, _):
            self.init(
                isBrief,
                "rtmp.connect", .info, "rtmp", session,
                "app \"\(app)\"  flashVer \"\(flashVersion)\"  tcUrl \"\(tcURL)\"")
        case .publish(let session, let stream, let accepted, let code):
            self.init(
                isBrief,
                "rtmp.publish", accepted ? .info : .warn, "rtmp", session,
                Self.answer(stream, accepted, code))
        case .play(let session, let stream, let accepted, let code):
            self.init(
                isBrief,
                "rtmp.play", accepted ? .info : .warn, "rtmp", session,
                Self.answer(stream, accepted, code))
        case .pause(let session, let stream, let isPaused):
            self.init(
                isBrief,
                "rtmp.pause", .info, "rtmp", session,
                "\(stream) \(isPaused ? "paused" : "resumed")")
        case .unknownCommand(let session, let name):
            self.init(isBrief, "rtmp.unknown", .info, "rtmp", session, "command \"\(name)\"")
        case .streamStart(let stream, let publisher):
            self.init(
                isBrief,
                "stream.start", .info, "media", publisher, "\(stream) by #\(publisher)")
        case .streamEnd(let stream, let why):
            self.init(
                isBrief, "stream.end", .info, "media", nil, "\(stream): \(Self.streamEnd(why))")
        case .mediaConfiguration(let session, let stream, let track, let configuration):
            self.init(
                isBrief,
                "media.config", .info, "media", session,
                """
                \(stream) \(configuration.kind.rawValue)\(track == 0 ? "" : " track \(track)") \
                \(configuration.words)
                """)
        case .metadata(let session, let stream, let listing):
            self.init(isBrief, "media.meta", .info, "media", session, "\(stream) \(listing)")
        case .firstFrame(let session, let stream, let after):
            self.init(
                isBrief,
                "media.first", .info, "media", session,
                after < 1_000_000
                    ? "\(stream) first keyframe at once"
                    : "\(stream) first keyframe after \(Rounded.duration(nanoseconds: after))")
        case .drop(let session, let stream, let frames, let why):
            self.init(
                isBrief,
                "media.drop", .warn, "media", session,
                "\(frames) frames of \(stream), to the next keyframe: \(Self.skip(why))")
        case .timestampJump(let session, let stream, let kind, let from, let to):
            let seconds = Rounded.tenths(Double(Int32(bitPattern: to &- from)) / 1000)
            self.init(
                isBrief,
                "media.jump", .warn, "media", session,
                "\(stream) \(kind.rawValue) \(from) -> \(to), \(seconds) s")
        case .acknowledgementWindow(let session, let direction, let bytes):
            self.init(
                isBrief,
                "ctrl.ack_window", .debug, "rtmp", session, "\(direction.word) \(bytes) B")
        case .chunkSize(let session, let direction, let bytes):
            self.init(
                isBrief,
                "ctrl.chunk_size", .debug, "rtmp", session, "\(direction.word) \(bytes) B")
        case .bandwidth(let session, let direction, let bytes, let limit):
            self.init(
                isBrief,
                "ctrl.bandwidth", .debug, "rtmp", session, "\(direction.word) \(bytes) B \(limit)")
        case .userControl(let session, let direction, let event, let value):
            self.init(
                isBrief,
                "ctrl.user", .debug, "rtmp", session, "\(direction.word) \(event) \(value)")
        case .close(let session, let report):
            self.init(isBrief, "session.close", report.level, "net", session, report.words)
        case .recordStart(let stream, let path):
            self.init(isBrief, "record.start", .info, "record", nil, "\(stream) into \(path)")
        case .recordSegment(let stream, let file, let next):
            self.init(
                isBrief,
                "record.segment", .info, "record", nil,
                "\(stream) \(file.words), goes on in \(next)")
        case .recordEnd(let stream, let file, let files, let why):
            self.init(
                isBrief,
                "record.end", .info, "record", nil,
                """
                \(stream) \(file.words)\(files > 1 ? ", the last of \(files) files" : ""), \
                \(Self.recordEnd(why))
                """)
        case .recordFail(let stream, let file, let why):
            self.init(
                isBrief,
                "record.fail", .error, "record", nil,
                "\(stream) \(file.bytes > 0 ? file.words : file.path): \(why)")
        case .recordSkip(let stream, let frames):
            self.init(
                isBrief,
                "record.skip", .warn, "record", nil,
                "\(stream) without \(frames) frames: the disk is too slow")
        case .recordRepair(let file, let cut):
            self.init(
                isBrief,
                "record.repair", .info, "record", nil,
                "\(file.words) left unfinished, now whole\(cut > 0 ? ", \(cut) B cut" : "")")
        case .kill(let session, let words):
            self.init(isBrief, "admin.kill", .info, "admin", session, words)
        case .hold(let name, let seconds):
            self.init(isBrief, "admin.hold", .info, "admin", nil, "\(name) for \(seconds) s")
        case .lift(let name):
            self.init(isBrief, "admin.lift", .info, "admin", nil, "\(name) may come again")
        case .reconnect(let session, let isAsked, let tcURL):
            let target = tcURL.map { " to \($0)" } ?? ""
            self.init(
                isBrief,
                "admin.reconnect", .info, "admin", session,
                isAsked
                    ? "asked to reconnect\(target)"
                    : "not asked to reconnect: it did not announce it")
        case .trace(let words):
            self.init(isBrief, "admin.trace", .info, "admin", nil, words)
        case .console(let what):
            self.init(
                isBrief,
                "console.\(what)", what == "lost" ? .warn : .info, "admin", nil, "terminal \(what)")
        case .sessionNote(let session, let words):
            self.init(
                isBrief,
                "admin.note", .info, "admin", session, words.description.isEmpty ? "-" : words)
        case .certificate(let file, let isTaken, let detail):
            self.init(
                isBrief,
                "tls.certificate", isTaken ? .info : .error, "net", nil,
                isTaken
                    ? "\(file): read anew, \(detail)"
                    : "the new certificate cannot be used, the old one stays: \(detail)")
        case .missed(let count, let what):
            self.init(isBrief, "missed", .warn, "server", nil, "\(count) \(what) lost")
        case .note(let level, let source, let words):
            self.init(isBrief, "note", level, source, nil, words)
        }
    }

    private static func answer(_ stream: SafeText, _ accepted: Bool, _ code: String) -> SafeText {
        accepted ? "\(stream)  \(code)" : "\(stream) refused: \(code)"
    }

    /// Why a stream ended, in words for people.
    static func streamEnd(_ why: String) -> String {
        switch why {
        case "unpublish": "ended by its publisher"
        case "closed": "connection of its publisher closed"
        case "taken-over": "taken over by another publisher"
        case "killed": "closed at the console"
        case "shutdown": "server shutting down"
        default: why
        }
    }

    private static func recordEnd(_ why: String) -> String {
        switch why {
        case "ended": "the stream ended"
        case "stopped": "stopped at the console"
        case "failed": "no next file could be begun"
        default: why
        }
    }

    private static func skip(_ why: SkipReason) -> String {
        switch why {
        case .queueBytes: "queue over its limit in bytes"
        case .queueTime: "queue over its limit in time"
        case .window: "fell out of the stream's window"
        }
    }
}

extension Direction {
    /// As JSON Lines and the trace say it.
    package var word: String {
        switch self {
        case .inward: "in"
        case .outward: "out"
        }
    }
}

extension Event.Level {
    package var word: String {
        switch self {
        case .error: "error"
        case .warn: "warn"
        case .info: "info"
        case .debug: "debug"
        case .trace: "trace"
        }
    }
}

extension CloseReport {
    /// An end that somebody meant is a note, any other a warning.
    package var level: Event.Level {
        switch (who, why, state) {
        case (.admin, _, _), (_, "fin", _), (_, "shutdown", _): .info
        // ffmpeg, ffplay and VLC quit with media unread, which the kernel makes a reset.
        case (.peer, "tcp-reset", "play"), (.peer, "tcp-reset", "paused"): .info
        default: .warn
        }
    }

    /// `closed by the peer in publish after 1h41m (5.87 GB in, 41 kB out)`
    package var words: SafeText {
        """
        \(detail) in \(state) after \(Rounded.duration(nanoseconds: lastedNanoseconds)) \
        (\(Rounded.bytes(bytesIn)) in, \(Rounded.bytes(bytesOut)) out)
        """
    }
}

extension MediaConfiguration {
    /// `H.264 High@4.2 1920x1080 10 bit 4:2:2`, `AAC-LC 48000 Hz 2ch`
    package var words: String {
        var words = [codec]
        switch (profile, level) {
        case (let profile?, let level?): words.append("\(profile)@\(level)")
        case (let word?, nil), (nil, let word?): words.append(word)
        case (nil, nil): break
        }
        if let width, let height { words.append("\(width)x\(height)") }
        if let bitDepth { words.append("\(bitDepth) bit") }
        if let chroma { words.append(chroma) }
        if let sampleRate { words.append("\(sampleRate) Hz") }
        if let channels { words.append("\(channels)ch") }
        return words.joined(separator: " ")
    }
}

extension RecordedFile {
    /// `recordings/live_2Fcam-20261121T120000Z.flv: 12 s, 5.8 MB`
    fileprivate var words: SafeText {
        """
        \(path): \(Rounded.duration(nanoseconds: milliseconds &* 1_000_000)), \
        \(Rounded.bytes(bytes))
        """
    }
}
