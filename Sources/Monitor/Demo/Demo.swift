import Telemetry

/// A server that does not exist, for screenshots, golden screens and load tests (`--demo N`).
///
/// Tick 0 is the moment that all mock-ups of the console design show: #3 publishes `live/cam1` with
/// OBS, #4 `live/cam2` with ffmpeg and ten seconds between keyframes, #12 cannot keep up, #17 never
/// completes its handshake. The same number of sessions, seed and tick give the same snapshot.
package struct Demo: Sendable {
    /// Ticks are a quarter of a second, as the sampler's are.
    package static let tickNanoseconds: UInt64 = 250_000_000

    private let cast: [DemoSession]
    private let noise: DemoNoise

    /// - Parameter sessions: open ones; those of the mock-ups come first, then made-up ones.
    package init(sessions: Int = DemoSession.known.count, seed: UInt64 = 1) {
        noise = DemoNoise(seed: seed)
        let count = max(sessions, 0)
        let known = DemoSession.known.prefix(count)
        cast = known + DemoSession.invented(count: count - known.count, noise: noise)
    }

    package func snapshot(at tick: Int) -> Snapshot {
        let time = DemoTime(tick: tick)
        var snapshot = Snapshot(
            takenAtNanoseconds: time.nowNanoseconds,
            wallClockMilliseconds: time.wallClockMilliseconds, server: ServerFigures())
        let open = cast.map { $0.row(at: time, noise) }
        let ended = DemoSession.ended(at: time)
        snapshot.ended = ended
        snapshot.sessions = open + DemoSession.gone(of: ended, at: time)
        snapshot.streams = streams(of: open, time)
        snapshot.server = server(open, time)
        snapshot.journal = DemoStory.journal(at: time)
        snapshot.trace = DemoStory.trace(at: time)
        snapshot.server.traceBytes = 18_240_000
        for session in cast.prefix(DemoSession.known.count) {
            var detail =
                session.id == 3
                ? DemoStory.detail(at: time)
                : SessionDetail(detail: nil, commands: [], omitted: 0)
            detail.history = history(of: session, time)
            detail.audioVideoAtStart = session.audioVideo.map { _ in 21 }
            snapshot.inspected[session.id] = detail
        }
        return snapshot
    }

    private func streams(of rows: [SessionRow], _ time: DemoTime) -> [StreamRow] {
        var streams: [StreamRow] = []
        for publisher in rows where publisher.facts.role == .publisher {
            guard let key = publisher.facts.stream else { continue }
            let players = rows.filter { $0.facts.role == .player && $0.facts.stream == key }
            var stream = StreamRow(
                key: key, state: .live, publisher: publisher.id, players: players.map(\.id))
            stream.bitsPerSecondIn = publisher.bitsPerSecondIn
            stream.bitsPerSecondOut = players.reduce(0) { $0 + $1.bitsPerSecondOut }
            stream.upNanoseconds = publisher.upNanoseconds
            let gop = publisher.gopMilliseconds ?? 2000
            stream.recentGOPs = Array(repeating: gop, count: gop > 5000 ? 4 : 8)
            stream.windowBytes = UInt64(publisher.bitsPerSecondIn / 8 * Double(gop) / 1000)
            stream.windowMessages = gop * 107 / 1000
            streams.append(stream)
        }
        let goneFor = 41 * Window.second + time.elapsedNanoseconds
        if goneFor < Window.afterlife {
            var studio = StreamRow(
                key: "live/studio",
                state: .ended(
                    why: "published by #2 for 1h12m; closed by the peer", agoNanoseconds: goneFor),
                publisher: nil, players: [])
            studio.upNanoseconds = 4329 * Window.second
            streams.append(studio)
        }
        return streams
    }

    private func server(_ rows: [SessionRow], _ time: DemoTime) -> ServerFigures {
        var server = ServerFigures()
        server.version = "0.1.0"
        server.listen = ["0.0.0.0:1935"]
        server.startedAtNanoseconds = DemoTime.startedAtNanoseconds
        server.upNanoseconds = time.nowNanoseconds - DemoTime.startedAtNanoseconds
        server.count(rows)
        server.bitsPerSecondIn = rows.reduce(0) { $0 + $1.bitsPerSecondIn }
        server.bitsPerSecondOut = rows.reduce(0) { $0 + $1.bitsPerSecondOut }
        server.bytesIn = 7_840_000_000 + time.grown(atBitsPerSecond: server.bitsPerSecondIn)
        server.bytesOut = 11_900_000_000 + time.grown(atBitsPerSecond: server.bitsPerSecondOut)
        server.closed = 24
        server.accepted = server.closed + UInt64(rows.count)
        server.handshakesFailed = 2
        server.cpuPercent = 3.1
        server.residentBytes = 41_000_000
        server.openDescriptors = 12 + rows.count
        server.descriptorLimit = 65_536
        addHistory(to: &server, time)
        return server
    }

    private func addHistory(to server: inout ServerFigures, _ time: DemoTime) {
        let seconds = min(ServerFigures.historyCapacity, 600 + time.wholeSeconds)
        func rate(_ bits: Double, _ session: UInt64) -> [Double] {
            noise.history(of: bits, seconds: seconds, endingAt: time, session: session)
        }
        server.historyEnd = Int(server.upNanoseconds / Window.second)
        let worst = Double(server.queueMilliseconds)
        let shown = zip(rate(server.bitsPerSecondIn, 0), rate(server.bitsPerSecondOut, 1))
        server.history = zip(shown, rate(3.1, 2)).enumerated().map { index, rates in
            var second = ServerSecond()
            second.bitsIn = Float(rates.0.0)
            second.bitsOut = Float(rates.0.1)
            second.cpuPercent = Float(rates.1)
            // The slow player came four minutes ago and has fallen behind ever since.
            let age = seconds - index
            second.queueMilliseconds = Float(age > 240 ? 0 : worst * Double(241 - age) / 240)
            second.dropped = age < 200 && age % 25 == 0 ? 26 : 0
            second.connections = Float(server.connections - (age > 251 ? 1 : 0))
            return second
        }
    }

    private func history(of session: DemoSession, _ time: DemoTime) -> [SessionSecond] {
        let row = session.row(at: time, noise)
        let seconds = min(600, Int(row.upNanoseconds / Window.second))
        func rates(_ bits: Double) -> [Double] {
            noise.history(of: bits, seconds: seconds, endingAt: time, session: session.id)
        }
        let both = zip(rates(row.bitsPerSecondIn), rates(row.bitsPerSecondOut))
        return both.enumerated().map { index, rates in
            var second = SessionSecond(row)
            second.bitsIn = Float(rates.0)
            second.bitsOut = Float(rates.1)
            let age = seconds - 1 - index
            guard age > 0 else { return second }
            // The slow player falls behind by 118 ms a second.
            if session.dropped > 0 {
                second.queueMilliseconds = max(second.queueMilliseconds - Float(118 * age), 0)
            }
            let swing = Float(noise.value(session.id, UInt64(index))) - 0.5
            second.rttMilliseconds += 4 * swing
            second.audioVideoMilliseconds += 2 * swing
            return second
        }
    }
}

/// The instant of a tick, on both clocks.
struct DemoTime: Sendable {
    static let startedAtNanoseconds = 100 * Window.second
    /// 02:13:44 after the start, at 2026-11-21 14:02:31 UTC.
    private static let momentNanoseconds = startedAtNanoseconds + 8024 * Window.second
    private static let momentMilliseconds: Int64 = 1_795_269_751_000

    let elapsedNanoseconds: UInt64

    init(tick: Int) {
        elapsedNanoseconds = UInt64(max(tick, 0)) &* Demo.tickNanoseconds
    }

    var nowNanoseconds: UInt64 { Self.momentNanoseconds &+ elapsedNanoseconds }

    var wallClockMilliseconds: Int64 {
        Self.momentMilliseconds + Int64(elapsedNanoseconds / 1_000_000)
    }

    var wholeSeconds: Int { Int(elapsedNanoseconds / Window.second) }

    /// So many milliseconds before the moment of the mock-ups.
    static func before(milliseconds: UInt64) -> UInt64 {
        momentNanoseconds - milliseconds * 1_000_000
    }

    /// Bytes since the moment of the mock-ups.
    func grown(atBitsPerSecond rate: Double) -> UInt64 {
        UInt64(rate / 8 * Double(elapsedNanoseconds) / 1e9)
    }
}

/// Repeatable variation: a number for a session and a second, and nothing to remember.
struct DemoNoise: Sendable {
    let seed: UInt64

    /// 0 ..< 1, SplitMix64 of its arguments.
    func value(_ first: UInt64, _ second: UInt64) -> Double {
        var mixed =
            seed &+ first &* 0x9E37_79B9_7F4A_7C15 &+ second &* 0xD1B5_4A32_D192_ED03
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }

    /// The rate as it was in each of the last seconds; the newest is the rate itself.
    func history(of rate: Double, seconds: Int, endingAt time: DemoTime, session: UInt64)
        -> [Double]
    {
        let newest = time.nowNanoseconds / Window.second
        return (0..<UInt64(seconds)).reversed().map { age in
            age == 0 ? rate : rate * (0.93 + 0.14 * value(session, newest - age))
        }
    }
}
