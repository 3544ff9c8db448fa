import RTMP
import Relay
import Testing

/// Headers that change: invariant 6, MED-1, MED-9.
@Suite struct HeaderTests {
    private func flowing(_ messages: [MediaMessage]) -> (StreamLog, PlayerCursor) {
        var log = StreamLog()
        for message in messages { log.append(message) }
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        _ = player.all(in: log)
        return (log, player)
    }

    @Test func `a header that changes in mid-stream comes in its place and is kept (T-MED-10)`() {
        var (log, player) = flowing([.videoHeader(1, at: 0), .keyframe(at: 0)])
        log.append(.inter(at: 40))
        log.append(.videoHeader(2, at: 80))
        log.append(.keyframe(at: 80))
        #expect(
            player.all(in: log) == [
                .init(.inter, 40), .init(.videoHeader, 80), .init(.keyframe, 80),
            ])
        var late = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(
            late.next(in: log)?.payload.bytes == MediaMessage.videoHeader(2, at: 0).payload.bytes)
        #expect(late.all(in: log) == [.init(.keyframe, 0)])
    }

    @Test func `a late player gets the headers of its keyframe, then the later ones in place`() {
        var (log, _) = flowing([.videoHeader(1, at: 0), .audioHeader(1, at: 0), .keyframe(at: 0)])
        log.append(.audioHeader(2, at: 500))
        log.append(.audio(at: 510))
        var late = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(
            late.next(in: log)?.payload.bytes == MediaMessage.audioHeader(1, at: 0).payload.bytes)
        #expect(
            late.all(in: log) == [
                .init(.videoHeader, 0), .init(.keyframe, 0), .init(.audioHeader, 500),
                .init(.audio, 510),
            ])
    }

    @Test func `the same header again is forwarded, and kept once (MED-1)`() {
        var (log, player) = flowing([.videoHeader(at: 0), .keyframe(at: 0)])
        for timestamp in stride(from: UInt32(40), through: 400, by: 40) {
            log.append(.videoHeader(at: timestamp))
            log.append(.keyframe(at: timestamp))
        }
        #expect(player.all(in: log).filter { $0.what == .videoHeader }.count == 10)
        #expect(log.headersInForce(at: log.endSequence).count == 1)
    }

    @Test
    func `after a skip the headers that changed meanwhile come first, with the keyframe's time`() {
        var (log, player) = flowing([
            .metadata(1, at: 0), .videoHeader(1, at: 0), .audioHeader(1, at: 0), .keyframe(at: 0),
        ])
        log.append(.inter(at: 40, size: 100))
        log.append(.videoHeader(2, at: 80))
        log.append(.metadata(2, at: 80))
        log.append(.metadata(3, at: 90))
        log.append(.inter(at: 120, size: 100))
        let limits = SlowLimits(bytes: 150, milliseconds: 10_000)
        let first = player.keepUp(in: log, limits: limits)
        #expect(first == .init(reason: .queueBytes, videoFrames: 2, audioFrames: 0))
        log.append(.inter(at: 140, size: 100))
        log.append(.keyframe(at: 160))
        log.append(.inter(at: 200))
        let second = player.keepUp(in: log, limits: limits)
        #expect(second == .init(reason: .queueBytes, videoFrames: 1, audioFrames: 0))
        let metadata = player.next(in: log)
        #expect(metadata?.payload.bytes == MediaMessage.metadata(3, at: 0).payload.bytes)
        #expect(metadata?.timestamp == 160)
        let header = player.next(in: log)
        #expect(header?.payload.bytes == MediaMessage.videoHeader(2, at: 0).payload.bytes)
        #expect(header?.timestamp == 160)
        #expect(player.all(in: log) == [.init(.keyframe, 160), .init(.inter, 200)])
    }

    @Test func `all tracks' headers come in the order of MED-9`() {
        let colour = MediaMessage(
            kind: .video, landmark: .trackMetadata, isFrame: false, timestamp: 0,
            payload: Payload([1]))
        let channels = MediaMessage(
            kind: .audio, landmark: .trackMetadata, isFrame: false, timestamp: 0,
            payload: Payload([2]))
        var secondAudio = MediaMessage.audioHeader(at: 0)
        secondAudio.track = 1
        var log = StreamLog()
        for message in [
            .videoHeader(at: 0), channels, .audioHeader(at: 0), secondAudio, colour,
            .metadata(at: 0), .keyframe(at: 5),
        ] {
            log.append(message)
        }
        #expect(
            log.headersInForce(at: log.endSequence).map { Delivery($0).what } == [
                .metadata, .trackMetadata, .audioHeader, .audioHeader, .videoHeader,
                .trackMetadata,
            ])
        var late = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        let got = late.all(in: log)
        #expect(got.count == 7 && got.last == .init(.keyframe, 0))
    }

    @Test func `metadata that was cleared is not offered any more`() {
        var (log, player) = flowing([.metadata(at: 0), .videoHeader(at: 0), .keyframe(at: 0)])
        let clear =
            [2, 0, 15] + Array("@clearDataFrame".utf8) + [2, 0, 10] + Array("onMetaData".utf8)
        log.append(.classified(.dataAMF0, clear, at: 20))
        log.append(.keyframe(at: 40))
        #expect(player.all(in: log) == [.init(.data, 20), .init(.keyframe, 40)])
        var late = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(late.all(in: log).map(\.what) == [.videoHeader, .keyframe])
    }

    @Test func `more headers than there is room for are forwarded, counted and not kept`() {
        var log = StreamLog()
        var player = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        for track in 0..<100 {
            var header = MediaMessage.videoHeader(at: 0)
            header.track = UInt8(track)
            log.append(header)
        }
        #expect(log.headersInForce(at: log.endSequence).count == 64)
        #expect(log.headersRefused == 36)
        #expect(player.all(in: log).count == 100)
    }

    @Test func `old players get no track but the first (T-MED-06)`() {
        var log = StreamLog()
        log.append(.videoHeader(at: 0))
        let multitrack: [UInt8] = [0x96, 0x01, 0x61, 0x76, 0x63, 0x31, 1, 0, 0, 0, 0x65]
        log.append(.classified(.video, [0x96, 0, 0x61, 0x76, 0x63, 0x31, 1, 1], at: 0))
        log.append(.keyframe(at: 0))
        log.append(.classified(.video, multitrack, at: 0))
        var old = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: false)
        #expect(old.all(in: log) == [.init(.videoHeader, 0), .init(.keyframe, 0)])
        var enhanced = PlayerCursor(joining: log, usesGOPCache: true, acceptsEnhanced: true)
        #expect(
            enhanced.all(in: log) == [
                .init(.videoHeader, 0), .init(.videoHeader, 0), .init(.keyframe, 0),
                .init(.keyframe, 0),
            ])
    }
}
