import RTMP
import TestSupport
import Testing

/// What gets into a file, and with what time (FLV-1, MED-11).
@Suite struct FLVTimelineTests {
    /// The times in the file, nil for what was left out.
    private func times(_ messages: [MediaMessage]) -> [UInt32?] {
        var writer = FLVWriter()
        var bytes = ByteWriter()
        // Metadata of our own, so that none of the messages is taken for it.
        writer.write(FLVSamples.metadata(["x": 1]), into: &bytes)
        return messages.map { message in
            var tag = ByteWriter()
            guard writer.write(message, into: &tag) else { return nil }
            return FLVReading([bytes.bytes + tag.bytes]).tags.last?.timestamp
        }
    }

    @Test func `time begins at the first keyframe, headers before it (FLV-1)`() {
        #expect(
            times([
                FLVSamples.audioHeader(3000), FLVSamples.videoHeader(3000),
                FLVSamples.audio(3000), FLVSamples.video(3010),
                FLVSamples.data("onCuePoint", at: 3015),
                FLVSamples.video(3020, isKeyframe: true), FLVSamples.audio(3023),
                FLVSamples.data("onCuePoint", at: 3025), FLVSamples.video(3060),
            ]) == [0, 0, nil, nil, nil, 0, 3, 5, 40])
    }

    @Test func `sound alone begins at once (MED-4)`() {
        #expect(
            times([FLVSamples.audioHeader(), FLVSamples.audio(500), FLVSamples.audio(523)])
                == [0, 0, 23])
    }

    @Test func `metadata that tells of video lets sound wait`() {
        var writer = FLVWriter()
        var bytes = ByteWriter()
        #expect(writer.write(FLVSamples.metadata(["videocodecid": 7]), into: &bytes))
        #expect(writer.write(FLVSamples.metadata(["videocodecid": 7]), into: &bytes))
        #expect(!writer.write(FLVSamples.audio(0), into: &bytes))
        #expect(writer.write(FLVSamples.video(0, isKeyframe: true), into: &bytes))
        #expect(writer.write(FLVSamples.audio(0), into: &bytes))
    }

    @Test func `video that comes late begins with its keyframe (MED-4)`() {
        #expect(
            times([
                FLVSamples.audio(1000), FLVSamples.audio(2500), FLVSamples.video(2510),
                FLVSamples.video(2550, isKeyframe: true), FLVSamples.video(2590),
            ]) == [0, 1500, nil, 1550, 1590])
    }

    /// MED-11: no track goes back, each keeps its own time.
    @Test func `a track that goes back a little stands still (MED-11)`() {
        #expect(
            times([
                FLVSamples.video(1000, isKeyframe: true), FLVSamples.video(1080),
                FLVSamples.video(1040), FLVSamples.audio(1020), FLVSamples.video(1120),
            ]) == [0, 80, 80, 20, 120])
    }

    @Test func `a time before the first frame is its time`() {
        #expect(
            times([FLVSamples.video(1000, isKeyframe: true), FLVSamples.audio(990)]) == [0, 0])
    }

    @Test func `a source that starts again goes on behind what was written (MED-11)`() {
        #expect(
            times([
                FLVSamples.video(50_000, isKeyframe: true), FLVSamples.audio(50_005),
                FLVSamples.video(50_040),
                // The new beginning; an old sound comes between.
                FLVSamples.video(0, isKeyframe: true), FLVSamples.audio(50_045),
                FLVSamples.audio(5), FLVSamples.video(40),
            ]) == [0, 5, 40, 50, 45, 55, 90])
    }

    @Test func `a gap ahead is a gap`() {
        #expect(
            times([
                FLVSamples.video(0, isKeyframe: true), FLVSamples.video(60_000),
                FLVSamples.audio(60_001),
            ]) == [0, 60_000, 60_001])
    }

    @Test func `time goes on over 2³² (CH-6)`() {
        #expect(
            times([
                FLVSamples.video(.max - 39, isKeyframe: true), FLVSamples.video(0),
                FLVSamples.video(40), FLVSamples.audio(.max),
            ]) == [0, 40, 80, 39])
    }

    @Test func `a header in between has no clock of its own`() {
        #expect(
            times([
                FLVSamples.video(900_000, isKeyframe: true), FLVSamples.video(900_040),
                FLVSamples.videoHeader(0), FLVSamples.video(900_080, isKeyframe: true),
            ]) == [0, 40, 40, 80])
    }

    @Test func `beyond four hours and a half the eighth byte counts (CH-15)`() {
        #expect(
            times([
                FLVSamples.video(0, isKeyframe: true), FLVSamples.video(9000),
                FLVSamples.audio(0x00FF_FFFF), FLVSamples.audio(0x0100_0000),
            ]) == [0, 9000, 0x00FF_FFFF, 0x0100_0000])
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `whatever the times, no track goes back`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let edges: [UInt32] = [0, 1, 999, 1000, 1001, 10_000, 10_001, 1 << 31, .max]
        var time: UInt32 = edges.randomElement(using: &generator) ?? 0
        var messages = [FLVSamples.video(time, isKeyframe: true)]
        for _ in 0..<60 {
            let step =
                Bool.random(using: &generator) ? 40 : edges.randomElement(using: &generator) ?? 0
            time = Bool.random(using: &generator) ? time &+ step : time &- step
            messages.append(
                Bool.random(using: &generator) ? FLVSamples.audio(time) : FLVSamples.video(time))
        }
        let written = times(messages)
        for kind in [MediaMessage.Kind.audio, .video] {
            let track = zip(messages, written).filter { $0.0.kind == kind }.compactMap(\.1)
            for (a, b) in zip(track, track.dropFirst()) {
                #expect(Int32(bitPattern: b &- a) >= 0, "seed \(seed): \(a) then \(b)")
            }
        }
    }
}
