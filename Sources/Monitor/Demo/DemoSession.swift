import Telemetry

/// One session of the demo: what it is, and from it what a row says at any time.
struct DemoSession: Sendable {
    let id: SessionID
    let role: ConnectionFacts.Role
    let state: String
    let stream: SafeText?
    let peer: String
    let client: SafeText?
    /// At the moment of the mock-ups.
    let upSeconds: UInt64
    var bitsIn = 0.0
    var bitsOut = 0.0
    var bytesIn: UInt64 = 0
    var bytesOut: UInt64 = 0
    var framesPerSecond: Double?
    var gopMilliseconds: UInt64?
    var keyframeAgeMilliseconds: UInt64?
    var audioVideo: Double?
    var clock: Double?
    var lateMilliseconds: UInt64 = 18
    var queueBytes: UInt64 = 0
    var queueMilliseconds: UInt64 = 0
    var dropped: UInt64 = 0
    var retransmits: UInt64 = 0
    var rttMicroseconds: UInt64 = 0
    var acknowledgedPercent: UInt64 = 0
    var congestionWindow: UInt64 = 10
    var sendQueueBytes: UInt64 = 0
    var flashVersion: SafeText?
    var video: MediaConfiguration?
    var audio: MediaConfiguration?

    func row(at time: DemoTime, _ noise: DemoNoise) -> SessionRow {
        let acceptedAt = DemoTime.before(milliseconds: upSeconds * 1000)
        var row = SessionRow(
            id: id, facts: facts(acceptedAt), peer: peer, listener: "0.0.0.0:1935",
            acceptedAtNanoseconds: acceptedAt, upNanoseconds: time.nowNanoseconds - acceptedAt,
            bytesIn: bytesIn + time.grown(atBitsPerSecond: bitsIn),
            bytesOut: bytesOut + time.grown(atBitsPerSecond: bitsOut))
        row.client = client
        row.bitsPerSecondIn = bitsIn
        row.bitsPerSecondOut = bitsOut
        row.idleNanoseconds = role == .handshaking ? 5 * Window.second : 16_000_000
        row.rttMicroseconds = rttMicroseconds
        row.retransmits = retransmits
        row.congestionWindow = congestionWindow
        row.sendQueueBytes = sendQueueBytes
        row.unacknowledgedBytes = min(sendQueueBytes, congestionWindow * 1448)
        row.receiveQueueBytes = 0
        row.queueBytes = queueBytes
        row.queueMilliseconds = queueMilliseconds
        row.skippedVideo = dropped
        row.skips = dropped > 0 ? 8 : 0
        row.historyIn = noise.history(of: bitsIn, seconds: 60, endingAt: time, session: id).map {
            Float($0)
        }
        row.historyOut = noise.history(of: bitsOut, seconds: 60, endingAt: time, session: id).map {
            Float($0)
        }
        addWindows(to: &row)
        addMedia(to: &row, time)
        return row
    }

    private func addWindows(to row: inout SessionRow) {
        guard role != .handshaking else { return }
        row.chunkSizeIn = role == .publisher ? 4096 : 128
        row.chunkSizeOut = 4096
        row.windowIn = 2_500_000
        row.windowOut = 2_500_000
        if role == .publisher {
            row.unacknowledgedIn = acknowledgedPercent * 25_000
            row.unacknowledgedOut = min(row.bytesOut, row.windowOut)
        } else {
            row.unacknowledgedIn = min(row.bytesIn, row.windowIn)
            row.unacknowledgedOut = acknowledgedPercent * 25_000
        }
    }

    private func addMedia(to row: inout SessionRow, _ time: DemoTime) {
        guard let framesPerSecond else { return }
        let seconds = Double(row.upNanoseconds) / 1e9
        let milliseconds = UInt64(seconds * 1000)
        row.framesPerSecond = framesPerSecond
        row.videoFrames = UInt64(seconds * framesPerSecond)
        row.audioFramesPerSecond = audio?.sampleRate == 44_100 ? 43.1 : 46.9
        row.audioFrames = UInt64(seconds * row.audioFramesPerSecond)
        let audioBits = audio?.sampleRate == 44_100 ? 128_000.0 : 160_000.0
        row.audioBitsPerSecond = audioBits
        row.videoBitsPerSecond = max(max(bitsIn, bitsOut) - audioBits - 12_000, 0)
        row.gopMilliseconds = gopMilliseconds
        row.keyframes = gopMilliseconds.map { milliseconds / $0 } ?? row.videoFrames / 120
        row.keyframeAgeNanoseconds = keyframeAgeMilliseconds.map { $0 * 1_000_000 }
        row.audioVideoMilliseconds = audioVideo
        if role == .publisher {
            row.clock = clock.map { ClockDrift(partsPerMillion: $0, isFull: true) }
            row.lateNanoseconds = lateMilliseconds * 1_000_000
        }
        row.videoTimestamp = UInt32(truncatingIfNeeded: milliseconds)
        row.audioTimestamp = UInt32(truncatingIfNeeded: milliseconds + 12)
        row.firstFrameNanoseconds =
            role == .publisher ? 107_000_000 : id == 12 ? 212_000_000 : 31_000_000
        row.messagesIn = role == .publisher ? row.videoFrames + row.audioFrames : 11
        row.messagesOut = role == .player ? row.videoFrames + row.audioFrames : 10
    }

    private func facts(_ acceptedAt: UInt64) -> ConnectionFacts {
        func at(_ microseconds: UInt64) -> UInt64 { acceptedAt + microseconds * 1000 }
        var facts = ConnectionFacts()
        facts.role = role
        facts.state = state
        facts.stream = stream
        facts.handshake.firstByteAtNanoseconds = at(0)
        guard role != .handshaking else { return facts }
        facts.app = "live"
        facts.tcURL =
            role == .publisher ? "rtmp://ingest.example.net/live" : "rtmp://203.0.113.5/live"
        facts.flashVersion = flashVersion
        facts.objectEncoding = 0
        facts.handshake.c1AtNanoseconds = at(28_600)
        facts.handshake.s2AtNanoseconds = at(28_900)
        facts.handshake.c2AtNanoseconds = at(88_000)
        facts.handshake.connectAtNanoseconds = at(118_200)
        facts.handshake.version = 3
        facts.handshake.c1Time = 4_211_034
        facts.handshake.echoesS1 = true
        facts.peerBandwidthOut = ConnectionFacts.BandwidthFacts(
            bytes: 2_500_000, limit: "dynamic")
        if role == .publisher {
            facts.query = "token=***"
            facts.handshake.kind = "complex"
            facts.handshake.digestBase = 772
            facts.handshake.c1Version = 0x5000_0702
        } else {
            facts.handshake.kind = "simple"
            facts.handshake.c1Version = 0
        }
        if stream != nil { facts.startedAtNanoseconds = at(153_000) }
        if let video, let audio {
            facts.configurations = [
                ConnectionFacts.TrackConfiguration(
                    track: 0, configuration: video, changes: 0, bytes: id == 3 ? 47 : 39),
                ConnectionFacts.TrackConfiguration(
                    track: 0, configuration: audio, changes: 0, bytes: 2),
            ]
            facts.metadata = id == 3 ? "60 fps 1920x1080" : "25 fps 1280x720"
        }
        return facts
    }
}

extension DemoSession {
    /// The sessions of the mock-ups.
    static let known: [DemoSession] = [
        DemoSession(
            id: 3, role: .publisher, state: "publish", stream: "live/cam1",
            peer: "203.0.113.7:52114", client: "OBS 30.1.2", upSeconds: 7839, bitsIn: 6_010_000,
            bitsOut: 39, bytesIn: 5_870_000_000, bytesOut: 41_000, framesPerSecond: 60,
            gopMilliseconds: 2000, keyframeAgeMilliseconds: 840, audioVideo: 12, clock: 3,
            rttMicroseconds: 14_200, acknowledgedPercent: 41,
            flashVersion: "FMLE/3.0 (compatible; FMSc/1.0)",
            video: .video("High", "4.2", 1920, 1080), audio: .audio(48_000)),
        DemoSession(
            id: 4, role: .publisher, state: "publish", stream: "live/cam2",
            peer: "198.51.100.20:40112", client: "Lavf61.1", upSeconds: 6083, bitsIn: 2_510_000,
            bitsOut: 16, bytesIn: 1_910_000_000, bytesOut: 12_400, framesPerSecond: 30,
            gopMilliseconds: 10_000, keyframeAgeMilliseconds: 7310, audioVideo: -3, clock: -41,
            rttMicroseconds: 9100, acknowledgedPercent: 44,
            flashVersion: "FMLE/3.0 (compatible; Lavf61.1.100)",
            video: .video("Main", "3.1", 1280, 720), audio: .audio(44_100)),
        DemoSession(
            id: 9, role: .player, state: "play", stream: "live/cam1", peer: "192.0.2.44:51544",
            client: "ffplay", upSeconds: 52, bitsIn: 48, bitsOut: 6_010_000, bytesIn: 3800,
            bytesOut: 39_060_000, framesPerSecond: 60, queueBytes: 61_200, queueMilliseconds: 81,
            rttMicroseconds: 3100, acknowledgedPercent: 37, flashVersion: "LNX 9,0,124,2"),
        DemoSession(
            id: 12, role: .player, state: "play", stream: "live/cam1",
            peer: "198.51.100.23:60122", client: "VLC 3.0", upSeconds: 251, bitsIn: 52,
            bitsOut: 3_910_000, bytesIn: 5100, bytesOut: 120_400_000, framesPerSecond: 38.7,
            queueBytes: 4_120_000, queueMilliseconds: 5440, dropped: 212, retransmits: 41,
            rttMicroseconds: 188_000, acknowledgedPercent: 112, congestionWindow: 24,
            sendQueueBytes: 245_000, flashVersion: "LNX 9,0,124,2"),
        DemoSession(
            id: 15, role: .player, state: "play", stream: "live/cam2", peer: "192.0.2.44:51560",
            client: "ffplay", upSeconds: 20, bitsIn: 48, bitsOut: 2_510_000, bytesIn: 3500,
            bytesOut: 6_280_000, framesPerSecond: 30, queueBytes: 12_000, queueMilliseconds: 38,
            rttMicroseconds: 3000, acknowledgedPercent: 12, flashVersion: "LNX 9,0,124,2"),
        DemoSession(
            id: 17, role: .handshaking, state: "hs:C1", stream: nil, peer: "198.51.100.99:41810",
            client: nil, upSeconds: 6, bytesIn: 813, rttMicroseconds: 31_000),
        DemoSession(
            id: 18, role: .idle, state: "ready", stream: nil, peer: "192.0.2.80:33012",
            client: "librtmp", upSeconds: 3, bytesIn: 3420, bytesOut: 3490,
            rttMicroseconds: 5000, flashVersion: SafeText("WIN 11,5\u{1b}[2J")),
    ]

    /// More of the same kind: a publisher, then seven players of it.
    static func invented(count: Int, noise: DemoNoise) -> [DemoSession] {
        (0..<max(count, 0)).map { number in
            let id = SessionID(19 + number)
            let group = number / 8
            let stream: SafeText = "live/room\(group + 1)"
            let rate = 1_500_000 + 4_500_000 * noise.value(0, UInt64(group))
            let chance = noise.value(1, id)
            let up = 30 + UInt64(7000 * noise.value(2, id))
            let total = UInt64(rate / 8) * up
            let rtt = 800 + UInt64(90_000 * chance * chance)
            guard number % 8 == 0 else {
                let isSlow = chance > 0.97
                return DemoSession(
                    id: id, role: .player, state: "play", stream: stream,
                    peer: "192.0.2.\(number % 250 + 1):\(40_000 + number % 20_000)",
                    client: chance < 0.5 ? "Lavf" : "librtmp", upSeconds: up, bitsIn: 48,
                    bitsOut: isSlow ? rate * 0.6 : rate, bytesIn: 3500, bytesOut: total,
                    framesPerSecond: isSlow ? 18 : 30,
                    queueBytes: isSlow ? 3_000_000 : UInt64(60_000 * chance),
                    queueMilliseconds: isSlow ? 4000 : UInt64(80 * chance),
                    dropped: isSlow ? 96 : 0, retransmits: isSlow ? 23 : 0, rttMicroseconds: rtt,
                    acknowledgedPercent: UInt64(60 * chance), flashVersion: "LNX 9,0,124,2")
            }
            return DemoSession(
                id: id, role: .publisher, state: "publish", stream: stream,
                peer: "198.51.100.\(number % 250 + 1):\(50_000 + number % 10_000)",
                client: "Lavf61.1", upSeconds: up + 60, bitsIn: rate, bitsOut: 16, bytesIn: total,
                bytesOut: 12_000, framesPerSecond: 30, gopMilliseconds: 2000,
                keyframeAgeMilliseconds: UInt64(1999 * chance), audioVideo: 10 * chance - 5,
                rttMicroseconds: rtt, acknowledgedPercent: UInt64(90 * chance),
                flashVersion: "FMLE/3.0 (compatible; Lavf61.1.100)",
                video: .video("High", "4.0", 1280, 720), audio: .audio(48_000))
        }
    }

    /// The sessions of view 7, the oldest first.
    static func ended(at time: DemoTime) -> [SessionRow] {
        DemoEnding.known.map(\.row).filter { $0.closedAtNanoseconds ?? 0 <= time.nowNanoseconds }
    }

    /// Those that closed within the last minute, as the tables know them.
    static func gone(of ended: [SessionRow], at time: DemoTime) -> [SessionRow] {
        ended.filter { time.nowNanoseconds - ($0.closedAtNanoseconds ?? 0) < Window.afterlife }
            .map { row in
                var row = row
                row.facts.role = .closed
                return row
            }
    }
}

extension MediaConfiguration {
    fileprivate static func video(
        _ profile: String, _ level: String, _ width: Int, _ height: Int
    ) -> MediaConfiguration {
        var video = MediaConfiguration(kind: .video, codec: "H.264")
        video.profile = profile
        video.level = level
        video.width = width
        video.height = height
        video.bitDepth = 8
        video.chroma = "4:2:0"
        return video
    }

    fileprivate static func audio(_ sampleRate: Int) -> MediaConfiguration {
        var audio = MediaConfiguration(kind: .audio, codec: "AAC-LC")
        audio.sampleRate = sampleRate
        audio.channels = 2
        return audio
    }
}
