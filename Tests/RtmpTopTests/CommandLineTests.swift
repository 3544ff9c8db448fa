import Posix
import Recording
import Testing

@testable import rtmp_top

@Suite struct CommandLineTests {
    @Test func `without a word the documented defaults hold`() throws {
        let arguments = try run([])
        let server = arguments.server
        #expect(server.listen.isEmpty)
        #expect(server.threads == nil)
        #expect(server.chunkSize == 60000)
        #expect(server.ackWindow == 2_500_000)
        #expect(server.maxMessageSize.bytes == 10 << 20)
        #expect(server.handshakeTimeout.milliseconds == 10_000)
        #expect(server.connectTimeout.milliseconds == 10_000)
        #expect(server.idleTimeout.milliseconds == 30_000)
        #expect(server.pingInterval.milliseconds == 20_000)
        #expect(server.maxConnections == 10_000)
        #expect(server.maxConnectionsPerIP == 0)
        #expect(server.gopCache)
        #expect(server.window.bytes == 16 << 20)
        #expect(server.windowTime.milliseconds == 20_000)
        #expect(server.slowPolicy == .skip)
        #expect(server.slowLimit.bytes == 8 << 20)
        #expect(server.slowLimitTime.milliseconds == 10_000)
        #expect(server.flushInterval == nil)
        #expect(server.publishConflict == .replaceSilent)
        #expect(server.silentAfter.milliseconds == 5000)
        #expect(server.playWait.milliseconds == 60_000)
        let recordings = arguments.recording.recordings
        #expect(!recordings.recordsAll && recordings.streams.isEmpty)
        #expect(recordings.folder == "recordings")
        #expect(recordings.writer.segmentMilliseconds == nil)
        #expect(arguments.output.logLevel == .info)
    }

    @Test(
        arguments: [
            (nil, [], false), ("true", [], true), ("true", ["--no-record-all"], false),
            ("false", ["--record-all"], true), ("false", [], false),
        ] as [(String?, [String], Bool)])
    func `all is recorded or not as was said last`(
        variable: String?, arguments: [String], records: Bool
    ) throws {
        let environment = variable.map { ["RTMP_TOP_RECORD_ALL": $0] } ?? [:]
        #expect(try run(arguments, environment).recording.recordAll ?? false == records)
    }

    @Test func `addresses repeat, under either name`() throws {
        let arguments = try run(["--listen", ":1", "--addr", "[::1]:2"])
        #expect(arguments.server.listen.map(\.description) == [":1", "[::1]:2"])
    }

    @Test(arguments: [
        (["-listen", ":1"], ["--listen", ":1"]),
        (["-chunk-size=4096"], ["--chunk-size=4096"]),
        (["-log-level", "debug", "-version"], ["--log-level", "debug", "--version"]),
        (["-h", "-x", "-nonsense", "--", "-listen"], ["-h", "-x", "-nonsense", "--", "-listen"]),
    ])
    func `one dash before a long name means two`(written: [String], meant: [String]) {
        #expect(CommandLineSource.normalised(written) == meant)
    }

    @Test func `the command line wins over the environment`() throws {
        let environment = [
            "RTMP_TOP_LISTEN": ":1", "RTMP_TOP_CHUNK_SIZE": "4096", "RTMP_TOP_ACK_WINDOW": "7",
            "RTMP_TOP_READONLY": "1", "RTMP_TOP_ASCII": "false", "RTMP_TOP_RECORD_ALL": "true",
            "RTMP_TOP_RECORD_SEGMENT": "10m",
        ]
        let arguments = try run(["--addr", ":2", "--chunk-size", "128"], environment)
        #expect(arguments.server.listen.map(\.description) == [":2"])
        #expect(arguments.server.chunkSize == 128)
        #expect(arguments.server.ackWindow == 7)
        #expect(arguments.console.readonly)
        #expect(arguments.recording.recordings.recordsAll)
        #expect(arguments.recording.recordings.writer.segmentMilliseconds == 600_000)
        #expect(!arguments.console.ascii)
    }

    @Test(arguments: [
        (["--idle-timeout", "10"], "--idle-timeout"),
        (["--max-message-size", "17MiB"], "--max-message-size"),
        (["--chunk-size", "127"], "--chunk-size"),
        (["--slow-policy", "wait"], "--slow-policy"),
        (["--listen", "nowhere"], "--listen"),
        (["--gop-cache", "maybe"], "--gop-cache"),
        (["--publisher-per-room", "2"], "--publisher-per-room"),
        (["--size", "big"], "--size"),
        (["--record-segment", "0s"], "--record-segment"),
        (["--tls-listen", ":1"], "--tls-listen needs --tls-cert and --tls-key"),
        (["--tls-listen", ":1", "--tls-cert", "x"], "--tls-key too"),
        (["--tls-listen", ":1", "--tls-key", "x"], "--tls-cert too"),
        (["--tls-cert", "x", "--tls-key", "y"], "--tls-listen"),
        (["--configure", "x"], "--configure"),
        (["--after", "1s"], "--after"),
        (["--stats", "1s"], "--stats"),
        (["--events", "-"], "--events"), (["--events", "x", "--demo", "3"], "--events"),
        (["--config", "x", "--no-config"], "--config"),
        (["--expect", "~slow"], "--expect"),
        (["--exit-when", "~slow"], "--exit-when"),
        (["--headless", "--within", "1s"], "--within"),
        (["--script", "x", "--keys", "y"], "--script"),
        (["--snapshot", "events", "--keys", "y"], "--script"),
        (["--demo", "7", "--headless"], "--demo"),
        (["--tty", "/dev/tty", "--headless"], "--tty"),
        (["--ascii", "--glyphs", "unicode"], "--ascii"),
        (["stray"], "stray"),
    ])
    func `a wrong option is answered by one sentence that names it`(
        words: [String], name: String
    ) throws {
        let sentence = try #require(refusal(words))
        #expect(sentence.contains(name))
        #expect(!sentence.contains("\n"))
    }

    @Test(arguments: [
        ("RTMP_TOP_CHUNK_SIZE", "1"), ("RTMP_TOP_HEADLESS", "perhaps"), ("RTMP_TOP_LOG_LEVEL", "x"),
    ])
    func `a wrong variable is answered by its name`(variable: String, value: String) throws {
        let sentence = try #require(refusal([], [variable: value]))
        #expect(sentence.contains(variable))
    }

    @Test(arguments: [
        (["--help"], "USAGE"), (["-help"], "USAGE"), (["-h"], "USAGE"),
        (["--version"], rtmpTopVersion), (["-version"], rtmpTopVersion),
        (["--generate-completion-script", "bash"], "complete"),
    ])
    func `a question is answered`(words: [String], part: String) {
        guard
            case .answer(let text) = CommandLineReading(arguments: words, environment: { _ in nil })
        else {
            Issue.record("\(words) is not answered")
            return
        }
        #expect(text.contains(part))
    }

    @Test(arguments: CommandLineSource.valued.union(CommandLineSource.flags).sorted())
    func `every name the environment and one dash know is an option`(name: String) {
        let words = CommandLineSource.flags.contains(name) ? ["--\(name)"] : ["--\(name)=\u{1}"]
        #expect(refusal(words)?.contains("Unknown option") != true)
    }

    @Test func `every option in the help is known to the environment and to one dash`() {
        guard
            case .answer(let help) = CommandLineReading(
                arguments: ["--help"], environment: { _ in nil })
        else {
            Issue.record("no help")
            return
        }
        let known = CommandLineSource.valued.union(CommandLineSource.flags)
        let names = help.matches(of: /--([a-z-]+)/).map { String($0.1) }
        #expect(names.count > 30)
        #expect(Set(names).subtracting(known) == ["help", "version"])
    }

    private func run(
        _ words: [String], _ environment: [String: String] = [:]
    ) throws -> rtmp_top.Arguments {
        switch CommandLineReading(arguments: words, environment: { environment[$0] }) {
        case .run(let arguments): return arguments
        case .answer(let text): throw WrongValue("answered: \(text)")
        case .wrong(let sentence): throw WrongValue(sentence)
        }
    }

    private func refusal(_ words: [String], _ environment: [String: String] = [:]) -> String? {
        guard
            case .wrong(let sentence) = CommandLineReading(
                arguments: words, environment: { environment[$0] })
        else { return nil }
        return sentence
    }
}
