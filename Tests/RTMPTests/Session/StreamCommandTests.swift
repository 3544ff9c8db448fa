import RTMP
import TestSupport
import Testing

/// Commands on message streams: publish, play and what belongs to them (RTMP.md §5.2, §5.3).
@Suite struct StreamCommandTests {
    /// T-CMD-10
    @Test func `message streams count from 1, and the seventeenth is refused`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        for id in 2...16 {
            peer.sends("createStream", Double(id))
            peer.expects("_result \(id) null \(id)")
        }
        let refusal =
            "null {level: error, code: NetConnection.Call.Failed, description: Too many streams.}"
        peer.sends("createStream", 17)
        peer.expects("_error 17 \(refusal)")
        // A deleted one makes room, its id is not used again.
        peer.sends("deleteStream", 0, 3)
        peer.sends("createStream", 18)
        peer.expects("_result 18 null 17")
        #expect(peer.thrown == nil)
    }

    /// CMD-8, CMD-12: publish and play create the stream they name, as far as there is room.
    @Test(
        arguments: [
            ("publish", "NetStream.Publish.Denied", "publishRejected"),
            ("play", "NetStream.Play.Failed", "playRejected"),
        ])
    func `on a seventeenth message stream nothing starts`(
        command: String, code: String, end: String
    ) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        for id in 2...16 {
            peer.sends("createStream", Double(id))
            peer.expects("_result \(id) null \(id)")
        }
        peer.sends(command, 17, "camera", on: 40)
        peer.expects(
            "onStatus 0 null {level: error, code: \(code), description: Too many streams.} @40")
        #expect(peer.steps.last == "close \(end)")
        #expect(peer.publishRequests.isEmpty && peer.playRequests.isEmpty)
    }

    /// T-CMD-11, CMD-7; ZLM PR #974
    @Test(
        arguments: [[], ["LIVE"], ["record"], ["live", 7], [.null], ["appname"]] as [[AMFValue]])
    func `publish needs no type, and any is live`(_ type: [AMFValue]) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        let command = Command(
            name: "publish", transaction: 3, object: .null, arguments: ["camera"] + type,
            messageStreamID: 1)
        peer.sends(command.message())
        peer.expects("streamBegin 1", publishStart(on: 1))
    }

    /// T-CMD-13, T-CMD-12, CMD-9, CMD-10
    @Test(arguments: ["NetStream.Publish.BadName", "NetStream.Publish.Unauthorized"])
    func `a refused publisher hears why and nothing of a start`(_ code: String) {
        let peer = ScriptedPeer()
        peer.publishAnswer = .reject(code: code, description: "No.")
        peer.becomesReady()
        peer.sends("publish", 5, "camera", "live", on: 1)
        peer.sends(.video, keyframe, on: 1)
        peer.expects(status(code, "No.", level: "error", on: 1))
        peer.expectsSteps("publish live/camera @1", "close \(SessionEnd.publishRejected)")
    }

    /// T-CMD-14, CMD-16
    @Test func `a refused player hears why`() {
        let peer = ScriptedPeer()
        peer.playAnswer = .reject(code: Status.playStreamNotFound, description: "No such stream.")
        peer.becomesReady()
        peer.sends("play", 5, "camera", -2, on: 1)
        peer.expects(
            status("NetStream.Play.StreamNotFound", "No such stream.", level: "error", on: 1))
        peer.expectsSteps("play live/camera from -2 @1", "close \(SessionEnd.playRejected)")
    }

    /// T-CMD-27, SEC-12, CMD-11
    @Test(arguments: ["../x", "a\u{0}b", "", String(repeating: "n", count: 600)])
    func `a name that can be no key comes as a request without key`(_ name: String) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 5, .text(name), on: 1)
        #expect(peer.publishRequests.first?.key == nil)
        #expect(peer.publishRequests.first?.rawName == name)
        peer.expects(status("NetStream.Publish.Denied", "Bad name.", level: "error", on: 1))
    }

    @Test func `the query of a name is handed on, and is no part of the key`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 5, "camera?token=t&x=1", on: 1)
        peer.sends("createStream", 6)
        peer.sends("play", 0, "camera?token=u", on: 2)
        #expect(peer.publishRequests.first?.query == "token=t&x=1")
        #expect(peer.publishRequests.first?.key == StreamKey(app: "live", name: "camera"))
        #expect(peer.playRequests.first?.query == "token=u")
    }

    /// T-CMD-21, CMD-12
    @Test func `after FCUnpublish or deleteStream one publishes again`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 3, "camera", on: 1)
        peer.sends("FCUnpublish", 4, "camera")
        peer.sends(.video, keyframe, on: 1)
        peer.sends("publish", 5, "camera", on: 1)
        peer.sends(.video, keyframe, on: 1)
        peer.sends("deleteStream", 0, 1)
        // The same id without createStream, as some do.
        peer.sends("publish", 6, "other", on: 1)
        peer.expects(
            "streamBegin 1", publishStart(on: 1),
            unpublished(on: 0, name: "onFCUnpublish"), "_result 4 null null",
            "streamBegin 1", publishStart(on: 1), unpublished(on: 1),
            "streamBegin 1", publishStart(on: 1))
        peer.expectsSteps(
            "publish live/camera @1", "publishEnded @1",
            "ignored \(IgnoredMessage.mediaWithoutPublish(.video))", "publish live/camera @1",
            "video 10 bytes at 0 @1", "publishEnded @1", "publish live/other @1")
    }

    /// Some encoders name what they end in their own way.
    @Test(arguments: ["camera", "camera?token=t", "", "live/camera"])
    func `FCUnpublish ends the one stream there is, whatever its name`(_ name: String) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 3, "camera", on: 1)
        peer.sends("FCUnpublish", 4, .text(name))
        peer.expectsSteps("publish live/camera @1", "publishEnded @1")
    }

    @Test func `of two streams FCUnpublish ends the one it names, or none`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("createStream", 3)
        peer.sends("publish", 4, "a", on: 1)
        peer.sends("publish", 5, "b", on: 2)
        peer.sends("FCUnpublish", 6, "c")
        peer.sends("FCUnpublish", 7, "b")
        peer.expectsSteps("publish live/a @1", "publish live/b @2", "publishEnded @2")
    }

    @Test func `publish said twice is answered twice and changes nothing`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 3, "camera", on: 1)
        peer.sends("publish", 4, "camera", on: 1)
        peer.expects(
            "streamBegin 1", publishStart(on: 1), "streamBegin 1", publishStart(on: 1))
        peer.sends("publish", 5, "other", on: 1)
        peer.expects(unpublished(on: 1), "streamBegin 1", publishStart(on: 1))
        peer.expectsSteps(
            "publish live/camera @1", "publishEnded @1", "publish live/other @1")
    }

    /// CMD-19
    @Test func `play replaces what was on the message stream, publish does not`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 0, "camera", on: 1)
        peer.sends("play", 0, "a", on: 1)
        peer.sends("play", 0, "b", on: 1)
        _ = peer.hears()
        peer.sends("publish", 0, "c", on: 1)
        peer.expects(
            status(
                "NetStream.Publish.BadName", "The stream is being played.", level: "error",
                on: 1))
        peer.expectsSteps(
            "publish live/camera @1", "publishEnded @1", "play live/a from -2 @1",
            "play live/b from -2 @1", "close \(SessionEnd.publishRejected)")
    }

    /// CMD-18; RTMP 1.0, 7.2.2.2
    @Test func `without Play Reset the player's time goes on`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("play", 0, "a", on: 1)
        peer.sends("play2", 0, ["streamName": "b"], on: 1)
        peer.sends("play", 0, "c", -2, -1, false, on: 1)
        peer.sends("play", 0, "d", on: 1)
        #expect(peer.playRequests.map(\.continuesTime) == [false, true, true, false])
    }

    /// CMD-9, CMD-12: an encoder that begins again without ending what it had.
    @Test func `a name published on another stream of the connection moves there`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("createStream", 3)
        peer.sends("publish", 4, "camera", on: 1)
        peer.sends("publish", 5, "camera", on: 2)
        peer.sends(.audio, audioFrame, on: 1)
        peer.sends(.audio, audioFrame, on: 2)
        peer.expects(
            "_result 3 null 2", "streamBegin 1", publishStart(on: 1), unpublished(on: 1),
            "streamBegin 2", publishStart(on: 2))
        peer.expectsSteps(
            "publish live/camera @1", "publishEnded @1", "publish live/camera @2",
            "ignored \(IgnoredMessage.mediaWithoutPublish(.audio))", "audio 4 bytes at 0 @2")
    }

    /// CMD-18
    @Test func `what a player does not want it may say before play, and it holds for what follows`()
    {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("receiveAudio", 0, false, on: 1)
        peer.sends("receiveVideo", 0, 0, on: 1)
        peer.sends("receiveVideo", 0, 1, on: 1)
        peer.expectsNothing()
        peer.sends("play", 0, "a", on: 1)
        peer.expects("streamBegin 1", playReset("a", on: 1), playStart("a", on: 1))
        peer.sends("closeStream", 0, on: 1)
        peer.sends("play", 0, "b", on: 1)
        // Another stream of the same connection is another matter.
        peer.sends("createStream", 2)
        peer.sends("play", 0, "c", on: 2)
        peer.expectsSteps(
            "play live/a from -2 @1", "receives audio false @1", "playEnded @1",
            "play live/b from -2 @1", "receives audio false @1", "play live/c from -2 @2")
    }

    /// Several NetStreams: RTMP 1.0, 7.2.1.3.
    @Test func `each message stream lives its own life`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("createStream", 3)
        peer.sends("createStream", 4)
        peer.sends("publish", 0, "camera", on: 1)
        peer.sends("play", 0, "camera", on: 2)
        peer.sends("play", 0, "other", on: 3)
        peer.sends("pause", 0, true, 0, on: 3)
        peer.sends("closeStream", 0, on: 2)
        peer.sends("pause", 0, true, 0, on: 2)
        peer.sends(.audio, audioFrame, on: 1)
        peer.sends("deleteStream", 0, 1)
        peer.sends("pause", 0, false, 0, on: 3)
        peer.expectsSteps(
            "publish live/camera @1", "play live/camera from -2 @2", "play live/other from -2 @3",
            "paused true @3", "playEnded @2", "audio 4 bytes at 0 @1", "publishEnded @1",
            "paused false @3")
        #expect(peer.session.stateDescription == "play")
    }

    /// CMD-15; NaN and infinity are no start (SEC-16).
    @Test(
        arguments: [
            ([], -2), ([-1], -1), ([-2000], -2000), ([12.5], 12.5), ([.number(.nan)], -2),
            ([.number(.infinity)], -2), (["x"], -2), ([.null], -2),
        ] as [([AMFValue], Double)])
    func `start may be missing, or nonsense`(_ arguments: [AMFValue], _ start: Double) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        let command = Command(
            name: "play", transaction: 0, object: .null, arguments: ["camera"] + arguments,
            messageStreamID: 1)
        peer.sends(command.message())
        #expect(peer.playRequests.first?.start == start)
    }

    /// CMD-15: Boolean or Number.
    @Test(
        arguments: [(false, false), (true, true), (0, false), (1, true), (.null, true)]
            as [(AMFValue, Bool)])
    func `Play Reset is left out where nobody wants it`(_ reset: AMFValue, _ isSent: Bool) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("play", 0, "camera", -2, -1, reset, on: 1)
        peer.expects(
            ["streamBegin 1"] + (isSent ? [playReset("camera", on: 1)] : [])
                + [playStart("camera", on: 1)])
    }

    /// T-CMD-22, SEC-11
    @Test(arguments: [2, 0, -1, 1.5, .number(.nan), "1"] as [AMFValue])
    func `deleteStream of what is not there does nothing`(_ id: AMFValue) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 0, "camera", on: 1)
        _ = peer.hears()
        peer.sends("deleteStream", 0, id)
        peer.expectsNothing()
        peer.expectsSteps("publish live/camera @1")
        #expect(peer.session.stateDescription == "publish")
    }

    /// SEC-11: releaseStream and FCUnpublish of a name that somebody else publishes.
    @Test func `a stranger's stream is out of reach`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("releaseStream", 3, "camera")
        peer.sends("FCUnpublish", 4, "camera")
        peer.sends("closeStream", 0, on: 1)
        peer.expects(
            "_result 3 null null", unpublished(on: 0, name: "onFCUnpublish"),
            "_result 4 null null")
        peer.expectsSteps()
    }

    /// T-CMD-18, CMD-13
    @Test func `an unknown command is answered if it asks, and never by an error`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("setPeerInfo", 9, "x")
        peer.expects("_result 9 null null")
        peer.sends("setPeerInfo", 0, "x")
        peer.expectsNothing()
        let step = "ignored \(IgnoredMessage.unknownCommand("setPeerInfo"))"
        peer.expectsSteps(step, step)
    }

    @Test(arguments: ["_result", "_error", "onStatus"])
    func `an answer is not answered`(_ name: String) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends(name, 5, "x")
        peer.expectsNothing()
        peer.expectsSteps()
    }

    /// T-CMD-17
    @Test func `pause and seek without a stream to play do nothing`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        for name in ["pause", "seek", "receiveAudio", "receiveVideo", "closeStream"] {
            peer.sends(name, 0, true, on: 1)
        }
        peer.expectsNothing()
        peer.expectsSteps()
    }

    @Test func `a flag may be a number`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("play", 0, "camera", on: 1)
        peer.sends("pause", 0, 1, 0, on: 1)
        peer.sends("pauseRaw", 0, 0, 0, on: 1)
        peer.expectsSteps("play live/camera from -2 @1", "paused true @1", "paused false @1")
    }

    @Test func `pause without a flag turns round`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("play", 0, "camera", on: 1)
        peer.sends("pause", 0, on: 1)
        #expect(peer.session.stateDescription == "paused")
        peer.sends("pause", 0, on: 1)
        #expect(peer.session.stateDescription == "play")
        peer.expectsSteps("play live/camera from -2 @1", "paused true @1", "paused false @1")
    }

    /// CMD-8: with two streams open, a stray id means neither.
    @Test func `a message means its stream, or the only one`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 0, "camera", on: 1)
        peer.sends(.audio, audioFrame, on: 9)
        peer.sends("createStream", 3)
        peer.sends(.audio, audioFrame, on: 9)
        peer.expectsSteps(
            "publish live/camera @1", "audio 4 bytes at 0 @1",
            "ignored \(IgnoredMessage.mediaWithoutPublish(.audio))")
    }

    /// MED-14
    @Test func `an aggregate comes as its parts`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 0, "camera", on: 1)
        let body: [UInt8] =
            [8, 0, 0, 3, 0, 3, 0xE8, 0, 0, 0, 0, 0xAF, 1, 0x21, 0, 0, 0, 0x0E]
            + [9, 0, 0, 6, 0, 3, 0xF2, 0, 0, 0, 0, 0x27, 1, 0, 0, 0, 0x65, 0, 0, 0, 0x11]
        peer.sends(.aggregate, body, on: 1, at: 5000)
        peer.sends(.aggregate, Array(body.dropLast(8)), on: 1, at: 6000)
        peer.expectsSteps(
            "publish live/camera @1", "audio 3 bytes at 5000 @1", "video 6 bytes at 5010 @1",
            "audio 3 bytes at 6000 @1", "ignored \(IgnoredMessage.malformed(.aggregate))")
    }

    /// CH-19: 64 KiB before publish was accepted, 10 MiB after (row 20 of interop.md).
    @Test func `long messages are for those who were accepted`() {
        let early = ScriptedPeer()
        early.becomesReady()
        early.sends(.video, [UInt8](repeating: 0x27, count: 65_537), on: 1)
        #expect(early.thrown == .messageTooLong(.video, length: 65_537, limit: 65_536))

        let late = ScriptedPeer()
        late.becomesReady()
        late.sends("publish", 0, "camera", on: 1)
        late.sends(.video, [UInt8](repeating: 0x27, count: 65_537), on: 1)
        late.sends(.video, [UInt8](repeating: 0x27, count: 3 << 20), on: 1)
        late.expectsSteps(
            "publish live/camera @1", "video 65537 bytes at 0 @1", "video 3145728 bytes at 0 @1")
    }

    /// Architecture, invariant 3: steps or a `ProtocolError`, whatever comes.
    @Test func `no command with any arguments traps`() {
        var generator = SeededGenerator(seed: 11)
        let names = [
            "connect", "createStream", "deleteStream", "closeStream", "releaseStream", "_checkbw",
            "FCPublish", "publish", "FCUnpublish", "play", "play2", "pause", "pauseRaw", "seek",
            "receiveAudio", "receiveVideo", "getStreamLength", "FCSubscribe", "FCUnsubscribe", "x",
        ]
        let values: [AMFValue] = [
            .number(.nan), .number(.infinity), .number(-1), 0, 1, 2, 1e300, true, false, "",
            "camera", "../x", .null, .undefined, ["streamName": "y"], .strictArray([1]),
            .byteArray([1]), 4_294_967_295, 4_294_967_294,
        ]
        let streams: [MessageStreamID] = [0, 1, 2, 7, .max, .max - 1]
        for _ in 0..<300 {
            let peer = ScriptedPeer()
            peer.becomesReady()
            for _ in 0..<40 {
                let arguments = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                    values.randomElement(using: &generator) ?? .null
                }
                let command = Command(
                    name: names.randomElement(using: &generator) ?? "x",
                    transaction: [0, 1, .nan].randomElement(using: &generator) ?? 0,
                    object: values.randomElement(using: &generator) ?? .null, arguments: arguments,
                    messageStreamID: streams.randomElement(using: &generator) ?? 0)
                peer.sends(command.message())
            }
            #expect(!peer.hears().contains { $0.hasPrefix("unreadable") })
        }
    }
}
