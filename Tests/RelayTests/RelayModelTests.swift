import RTMP
import Relay
import TestSupport
import Testing

/// Random streams and random players against a model that keeps everything and searches it anew.
///
/// The model knows nothing of windows, totals or progress: it judges what came out. Each payload
/// holds its number, so a delivery names the message it was.
@Suite struct RelayModelTests {
    @Test(arguments: 0..<40)
    func `random players never get a message twice, out of order or undecodable`(seed: Int) {
        var world = World(seed: UInt64(seed))
        for _ in 0..<3000 { world.step() }
        world.finish()
    }
}

/// One log with its players, and all that was ever appended to it.
private struct World {
    private var random: SeededGenerator
    private var log: StreamLog
    private let limits: WindowLimits
    private let slow: SlowLimits
    private var history: [MediaMessage] = []
    private var publishes: [Int] = [0]
    private var players: [Viewer] = []
    private var timestamp: UInt32
    private var hasVideo: Bool
    private var headerMark: UInt32 = 0
    private var delivered = 0
    private var skips = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        limits = WindowLimits(
            bytes: UInt64.random(in: 400...4000, using: &random),
            milliseconds: UInt64.random(in: 1000...8000, using: &random),
            messages: Int.random(in: 20...200, using: &random),
            keepsGOP: Bool.random(using: &random))
        slow = SlowLimits(
            bytes: limits.bytes / 2, milliseconds: UInt64.random(in: 500...4000, using: &random))
        log = StreamLog(limits: limits)
        timestamp = UInt32.max &- UInt32.random(in: 0...100_000, using: &random)
        hasVideo = seed % 5 != 0
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0: join()
        case 1: leave()
        case 2: wish()
        case 3 where Int.random(in: 0..<10, using: &random) == 0: restart()
        case 4..<34: play()
        case 34..<40: trim()
        default: publish()
        }
        #expect(log.windowBytes <= limits.bytes || log.count == 1)
        #expect(log.windowMilliseconds <= limits.milliseconds || log.count == 1)
        #expect(log.count <= limits.messages)
    }

    mutating func finish() {
        join()
        for index in players.indices { drain(index) }
        #expect(delivered > 100)
    }

    private mutating func publish() {
        var message: MediaMessage
        let number = UInt32(history.count)
        switch Int.random(in: 0..<40, using: &random) {
        case 0: message = header(.metadata)
        case 1: message = header(.audio)
        case 2 where hasVideo: message = header(.video)
        case 3: message = MediaMessage(kind: .data, isFrame: false, timestamp: 0, payload: .empty)
        case 4..<7 where hasVideo:
            message = MediaMessage(
                kind: .video, landmark: .keyframe, timestamp: 0, payload: .empty)
        case 7..<25 where hasVideo:
            message = MediaMessage(
                kind: .video, isDisposable: number % 3 == 0, timestamp: 0, payload: .empty)
        default: message = MediaMessage(kind: .audio, timestamp: 0, payload: .empty)
        }
        timestamp &+= UInt32.random(in: 0...60, using: &random)
        message.timestamp = timestamp
        let filler = [UInt8](repeating: 0, count: Int.random(in: 0...40, using: &random))
        let mark = message.isHeader ? headerMark : 0
        message.payload = Payload(Self.encode(number) + Self.encode(mark) + filler)
        history.append(message)
        log.append(message)
    }

    private mutating func header(_ kind: MediaMessage.Kind) -> MediaMessage {
        headerMark += 1
        return MediaMessage(
            kind: kind, landmark: kind == .metadata ? .none : .sequenceHeader, isFrame: false,
            timestamp: 0, payload: .empty)
    }

    private mutating func join() {
        guard players.count < 12 else { return }
        players.append(
            Viewer(
                cursor: PlayerCursor(
                    joining: log, usesGOPCache: Bool.random(using: &random),
                    acceptsEnhanced: true)))
    }

    private mutating func leave() {
        guard let index = players.indices.randomElement(using: &random) else { return }
        players.remove(at: index)
    }

    private mutating func restart() {
        publishes.append(history.count)
        log.restart()
    }

    private mutating func trim() {
        let needed = players.compactMap { $0.cursor.neededSequence(in: log) }.min()
        log.trim(keepingFrom: Bool.random(using: &random) ? needed : nil)
    }

    private mutating func wish() {
        guard let index = players.indices.randomElement(using: &random) else { return }
        players[index].change(Int.random(in: 0..<4, using: &random), in: log)
    }

    /// Some players read a few messages each, as their sockets allow.
    private mutating func play() {
        guard let index = players.indices.randomElement(using: &random) else { return }
        if Bool.random(using: &random) {
            drain(index)
        } else {
            let count = Int.random(in: 0...6, using: &random)
            gather(index, atMost: count)
        }
    }

    private mutating func drain(_ index: Int) {
        gather(index, atMost: .max)
        guard !players[index].cursor.isPaused else { return }
        #expect(players[index].cursor.backlog(in: log) == (0, 0))
    }

    private mutating func gather(_ index: Int, atMost limit: Int) {
        if let skip = players[index].cursor.keepUp(in: log, limits: slow) {
            players[index].hasJumped()
            #expect(skip.videoFrames + skip.audioFrames <= UInt64(history.count))
            skips += 1
        }
        // What is gathered on a copy that is thrown away leaves no trace.
        var discarded = players[index].cursor
        _ = discarded.next(in: log)
        var count = 0
        while count < limit, let message = players[index].cursor.next(in: log) {
            players[index].check(message, history: history, publishes: publishes)
            count += 1
            delivered += 1
        }
    }

    static func encode(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}

/// A player and what it knows by what it got.
private struct Viewer {
    var cursor: PlayerCursor
    private var lastNumber = -1
    private var lastTime: Int64 = 0
    private var origin: UInt32?
    /// Newest header of each kind it got, by its number in the history.
    private var headers: [MediaMessage.Kind: Int] = [:]
    private var wants: [MediaMessage.Kind: Bool] = [.audio: true, .video: true]
    /// Video may only come as a keyframe next.
    private var needsKeyframe = true
    private var publish = 0
    private var lastVideo = -1
    private var lastAudio = -1
    /// Audio may be missing before the next audio: skipped, or not wanted.
    private var maySkipAudio = true
    private var skippedAudio: UInt64 = 0

    init(cursor: PlayerCursor) {
        self.cursor = cursor
    }

    mutating func hasJumped() {
        needsKeyframe = true
    }

    mutating func change(_ wish: Int, in log: StreamLog) {
        maySkipAudio = true
        switch wish {
        case 0:
            cursor.pause()
            needsKeyframe = true
        case 1:
            cursor.resume(in: log)
        case 2:
            cursor.setReceives(.audio, !wants[.audio]!)
            wants[.audio]!.toggle()
        default:
            cursor.setReceives(.video, !wants[.video]!)
            wants[.video]!.toggle()
            needsKeyframe = true
        }
    }

    mutating func check(_ message: MediaMessage, history: [MediaMessage], publishes: [Int]) {
        let number = message.payload.withUnsafeBytes { bytes in
            bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        }
        let original = history[number]
        #expect(wants[message.kind] != false, "nothing of a kind it does not want")

        if message.isHeader {
            // In its place, or ahead of what follows a jump.
            headers[message.kind] = number
        } else {
            #expect(number > lastNumber, "in order and never twice")
            checkHeaders(before: number, history: history, publishes: publishes)
            checkVideo(message, number: number, history: history, publishes: publishes)
            checkAudio(message, number: number, history: history)
            checkTime(message, original: original)
            lastNumber = number
        }
        #expect(Int64(message.timestamp) >= lastTime, "time does not go back")
        lastTime = Int64(message.timestamp)
    }

    /// Whatever is delivered, the headers in force at that place were delivered before (invariant 6).
    private func checkHeaders(before number: Int, history: [MediaMessage], publishes: [Int]) {
        let begin = publishes.last { $0 <= number }!
        for kind in [MediaMessage.Kind.metadata, .audio, .video] where wants[kind] != false {
            let inForce = history[begin..<number].lastIndex { $0.isHeader && $0.kind == kind }
            if let inForce {
                #expect(headers[kind] == inForce, "the \(kind) header in force")
            }
        }
    }

    /// No picture without the one before it, since the last keyframe.
    private mutating func checkVideo(
        _ message: MediaMessage, number: Int, history: [MediaMessage], publishes: [Int]
    ) {
        guard message.kind == .video else { return }
        let begin = publishes.last { $0 <= number }!
        if begin != publish {
            publish = begin
            needsKeyframe = true
        }
        if message.isKeyframe {
            needsKeyframe = false
        } else {
            #expect(!needsKeyframe, "a keyframe first")
            let missing = history[lastVideo + 1..<number].contains {
                $0.kind == .video && !$0.isHeader && !$0.isDisposable
            }
            #expect(!missing, "no picture is missing since the keyframe")
        }
        lastVideo = number
    }

    /// No sound is missing unless it was counted as skipped: video goes first (MED-12).
    private mutating func checkAudio(
        _ message: MediaMessage, number: Int, history: [MediaMessage]
    ) {
        if cursor.skippedAudio > skippedAudio {
            skippedAudio = cursor.skippedAudio
            maySkipAudio = true
        }
        guard message.kind == .audio else { return }
        if !maySkipAudio {
            let missing = history[lastAudio + 1..<number].contains {
                $0.kind == .audio && !$0.isHeader
            }
            #expect(!missing, "no audio is missing")
        }
        maySkipAudio = false
        lastAudio = number
    }

    /// One offset for everything (MED-9).
    private mutating func checkTime(_ message: MediaMessage, original: MediaMessage) {
        if let origin {
            #expect(message.timestamp == original.timestamp &- origin)
        } else {
            #expect(message.timestamp == 0)
            if message.kind == .audio || message.kind == .video { origin = original.timestamp }
        }
    }
}
