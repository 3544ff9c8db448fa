import RTMP
import Relay
import TestSupport
import Testing

@Suite struct StretchTests {
    /// The distances of those of `messages` that a stretch takes, from the first on.
    private func distances(of messages: [MediaMessage]) -> [UInt32] {
        var stretch = Stretch(at: 7)
        stretch.note(.audio(at: 100))
        stretch.note(.inter(at: 100))
        var distances: [UInt32] = []
        for message in messages {
            guard let distance = stretch.extend(with: message) else { break }
            distances.append(distance)
        }
        return distances
    }

    @Test func `frames are told by the distance from the frame of their kind before`() {
        let messages: [MediaMessage] = [
            .inter(at: 133), .audio(at: 121), .audio(at: 144), .keyframe(at: 166),
            .inter(at: 166),
        ]
        #expect(distances(of: messages) == [33, 21, 23, 33, 0])
    }

    @Test func `time wraps within a stretch`() {
        var stretch = Stretch(at: 0)
        stretch.note(.inter(at: 0xFFFF_FFF0))
        #expect(stretch.extend(with: .inter(at: 16)) == 32)
    }

    @Test(arguments: [
        ("a header", MediaMessage.videoHeader(at: 133)), ("metadata", .metadata(at: 133)),
        ("data", .data(at: 133)), ("a step back", .inter(at: 99)),
        ("a step of 0xFFFFFF", .inter(at: 100 + 0xFF_FFFF)),
    ])
    func `no stretch holds`(what: String, message: MediaMessage) {
        #expect(distances(of: [.audio(at: 110), message]) == [10], "\(what)")
    }

    @Test func `the first frame of a kind has no distance`() {
        var stretch = Stretch(at: 0)
        #expect(stretch.extend(with: .inter(at: 5)) == nil)
        #expect(stretch.isEmpty)
        var next = stretch.next(at: 1)
        #expect(next.extend(with: .inter(at: 45)) == 40)
    }

    /// One player asks for every message, its twin takes stretches where it can: both must get the same
    /// messages at the same times. Joins, pauses, wishes, gaps, restarts and jumps in time come at random.
    @Test(arguments: 0..<30)
    func `who takes stretches gets what who asks for each message gets`(seed: Int) {
        var twins = Twins(seed: UInt64(seed))
        for _ in 0..<2000 { twins.step() }
        #expect(twins.stretches > 5)
    }
}

private struct Twins {
    private var random: SeededGenerator
    private var log: StreamLog
    private var flushed: Stretch
    private var timestamp: UInt32
    private var single: PlayerCursor
    private var paired: PlayerCursor
    /// Wire time of the newest audio and video message of the twin, as its peer adds it up.
    private var wire: [MediaMessage.Kind: UInt32] = [:]
    private(set) var stretches = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        log = StreamLog(limits: WindowLimits(milliseconds: 3000))
        flushed = Stretch(at: 0)
        timestamp = UInt32.max &- 20_000
        single = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: seed % 2 == 0)
        paired = single
    }

    mutating func step() {
        switch Int.random(in: 0..<60, using: &random) {
        case 0: wish()
        case 1:
            log.restart()
            flushed = Stretch(at: flushed.end)
        case 2: timestamp &+= UInt32.random(in: 0...5000, using: &random)
        case 3: timestamp &-= UInt32.random(in: 0...200, using: &random)
        case 4..<20: flush()
        default: publish()
        }
    }

    private mutating func publish() {
        timestamp &+= UInt32.random(in: 0...40, using: &random)
        let mark = UInt8.random(in: 0...255, using: &random)
        var message: MediaMessage
        switch Int.random(in: 0..<200, using: &random) {
        case 0: message = .videoHeader(mark, at: timestamp)
        case 1: message = .metadata(mark, at: timestamp)
        case 2: message = .data(at: timestamp)
        case 3: message = .audioHeader(mark, at: timestamp)
        case 4..<16: message = .keyframe(at: timestamp)
        case 16..<30: message = .disposable(at: timestamp)
        case 30..<36:
            message = Bool.random(using: &random) ? .inter(at: timestamp) : .keyframe(at: timestamp)
            message.audience = .multitrack
            message.track = 1
        case 36..<38:
            message = .keyframe(at: timestamp)
            message.audience = .firstTrack
        case 38..<100: message = .audio(at: timestamp &- 5)
        default: message = .inter(at: timestamp)
        }
        log.append(message)
    }

    private mutating func wish() {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: both { $0.pause() }
        case 1:
            let log = log
            both { $0.resume(in: log) }
        case 2:
            let wants = Bool.random(using: &random)
            both { $0.setReceives(.audio, wants) }
        default:
            let wants = Bool.random(using: &random)
            both { $0.setReceives(.video, wants) }
        }
    }

    private mutating func both(_ change: (inout PlayerCursor) -> Void) {
        change(&single)
        change(&paired)
    }

    private mutating func flush() {
        var stretch = flushed
        var distances: [UInt32] = []
        var sequence = stretch.start
        if sequence < log.firstSequence { stretch = Stretch(at: log.endSequence) }
        while stretch.start == flushed.start, sequence < log.endSequence {
            guard let distance = stretch.extend(with: log[sequence]) else { break }
            distances.append(distance)
            sequence += 1
        }
        while sequence < log.endSequence {
            if sequence >= log.firstSequence { stretch.note(log[sequence]) }
            sequence += 1
        }
        flushed = stretch.next(at: log.endSequence)

        let limits = SlowLimits()
        _ = single.keepUp(in: log, limits: limits)
        var expected: [UInt32] = []
        while let message = single.next(in: log) { expected.append(message.timestamp) }
        var received: [UInt32] = []
        if !stretch.isEmpty, paired.isInStep(with: stretch, publish: log.startSequence) {
            stretches += 1
            for (index, distance) in distances.enumerated() {
                let message = log[stretch.start + UInt64(index)]
                wire[message.kind, default: 0] &+= distance
                received.append(wire[message.kind, default: 0])
                #expect(message.timestamp &- paired.origin == wire[message.kind])
            }
            paired.advance(to: log.milestone(at: stretch.end))
        }
        _ = paired.keepUp(in: log, limits: limits)
        while let message = paired.next(in: log) {
            wire[message.kind] = message.timestamp
            received.append(message.timestamp)
        }
        #expect(received == expected)
        let needed = [single, paired].compactMap { $0.neededSequence(in: log) }.min()
        log.trim(keepingFrom: needed)
        #expect(single.neededSequence(in: log) == paired.neededSequence(in: log))
    }
}
