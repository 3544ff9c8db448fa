import RTMP
import TestSupport
import Testing

/// connect: who may say what, and how (RTMP.md §5.1).
@Suite struct ConnectTests {
    /// T-CMD-08, CMD-2, AMF-8
    @Test(
        arguments: [
            ["app": "live"],
            ["app": "live", "tcurl": "rtmp://localhost/live", "flashver": "x"],
            ["app": "live", "tcUrl": "'rtmp://localhost/live'"],
            ["tcUrl": "rtmp://localhost/live"],
            .ecmaArray([AMFProperty("app", "live")]),
            ["app": "gone", "app": "live"],
            ["app": "live", "objectEncoding": .number(.nan), "capsEx": .number(-.infinity)],
            ["app": .strictArray([]), "tcUrl": "rtmp://localhost/live", "flashVer": 3],
        ] as [AMFValue])
    func `a connect object may be written in many ways`(_ object: AMFValue) {
        let peer = ScriptedPeer()
        peer.shakesHands()
        // Strings behind the object come from the user part of a URL.
        peer.sends("connect", 1, object: object, "user", "password")
        peer.expectsSteps("handshakeDone simple", "connect live")
        #expect(peer.session.stateDescription == "ready")
        #expect(peer.hears().last?.hasPrefix("_result 1 ") == true)
    }

    /// CMD-2; AgustinSRG #6, OME #303
    @Test func `app and tcUrl may both say nothing`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends("connect", 1)
        peer.sends("publish", 2, "camera")
        peer.expectsSteps("handshakeDone simple", "connect ", "publish camera @1")
    }

    @Test func `what the client said is handed on`() throws {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: [
                "app": "live/_definst_?token=a", "flashVer": "WIN 9", "swfUrl": "http://h/a.swf",
                "tcUrl": "rtmp://h/live?token=b", "pageUrl": "http://h/", "objectEncoding": 3,
                "fourCcList": .strictArray(["*"]),
            ])
        let request = try #require(peer.connectRequests.first)
        #expect(request.app == "live")
        #expect(request.parameters == ["token=a", "token=b"])
        #expect(request.flashVersion == "WIN 9")
        #expect(request.tcURL == "rtmp://h/live?token=b")
        #expect(request.swfURL == "http://h/a.swf")
        #expect(request.pageURL == "http://h/")
        #expect(request.objectEncoding == 3)
        #expect(request.announcesEnhanced)
    }

    /// T-MED-16, MED-8
    @Test func `Enhanced RTMP is answered only to who announced it`() {
        let plain = ScriptedPeer()
        plain.shakesHands()
        plain.sends("connect", 1, object: ["app": "live"])
        #expect(plain.hears().last?.contains("capsEx") == false)

        let enhanced = ScriptedPeer()
        enhanced.shakesHands()
        enhanced.sends("connect", 1, object: ["app": "live", "capsEx": 7])
        let answer = enhanced.hears().last ?? ""
        #expect(
            answer.hasSuffix(
                "objectEncoding: 0, videoFourCcInfoMap: {*: 4}, audioFourCcInfoMap: {*: 4}, "
                    + "capsEx: 7}"))
    }

    /// MED-7, MED-8: of `capsEx` we offer what we have in common, and nonsense in it is nothing.
    @Test(
        arguments: [
            (["fourCcList": .strictArray(["*"])], 0, true),
            (["capsEx": 2], 2, true), (["capsEx": 255], 15, true), (["capsEx": 13], 13, false),
            (["capsEx": 1.5], 0, true), (["videoFourCcInfoMap": ["*": 7]], 0, true),
        ] as [(AMFValue, Int, Bool)])
    func `the bits of capsEx are answered by those we have too`(
        _ object: AMFValue, _ common: Int, _ acceptsMultitrack: Bool
    ) {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends("connect", 1, object: object)
        #expect(peer.hears().last?.hasSuffix("capsEx: \(common)}") == true)
        let client = peer.session.client
        #expect(client?.acceptsMultitrack == acceptsMultitrack)
    }

    /// CMD-3
    @Test func `a rejected connect hears why, and the session closes`() {
        let peer = ScriptedPeer()
        peer.connectAnswer = .reject(
            code: "NetConnection.Connect.InvalidApp", description: "No such app.")
        peer.shakesHands()
        peer.sends("connect", 1, object: ["app": "secret"])
        peer.expects(
            "_error 1 null {level: error, code: NetConnection.Connect.InvalidApp, "
                + "description: No such app.}")
        peer.expectsSteps(
            "handshakeDone simple", "connect secret", "close \(SessionEnd.connectRejected)")
        peer.sends("createStream", 2)
        peer.expectsNothing()
        peer.expectsSteps()
        #expect(peer.session.stateDescription == "closed")
    }

    /// T-CMD-09, CMD-4
    @Test func `a second connect fails and the first stays`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("connect", 7, object: ["app": "other"])
        peer.expects(
            "_error 7 null {level: error, code: NetConnection.Connect.Failed, "
                + "description: Already connected.}")
        peer.sends("publish", 8, "camera", on: 1)
        peer.expectsSteps("publish live/camera @1")
    }

    /// CMD-4
    @Test func `sixteen commands before connect are forgiven, the next closes`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        for _ in 0..<15 { peer.sends("createStream", 2) }
        // Not a command at all, and counted as one.
        peer.sends(.commandAMF0, [5], on: 0)
        peer.expectsNothing()
        #expect(peer.session.stateDescription == "connect")
        peer.sends("publish", 3, "camera")
        peer.expectsNothing()
        #expect(peer.steps.last == "close \(SessionEnd.tooManyEarlyCommands)")
        #expect(peer.session.stateDescription == "closed")
    }

    @Test func `media before connect is counted and let go`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.video, keyframe, on: 1)
        peer.sends("connect", 1, object: ["app": "live"])
        peer.expects(connectAnswers(1))
        peer.expectsSteps(
            "handshakeDone simple", "ignored \(IgnoredMessage.mediaWithoutPublish(.video))",
            "connect live")
    }

    /// AMF-7
    @Test func `a broken command closes before connect, and is dropped after it`() {
        let broken = [UInt8]([2, 0, 99, 0x61])
        let early = ScriptedPeer()
        early.shakesHands()
        early.sends(.commandAMF0, broken, on: 0)
        #expect(early.thrown == .malformedCommand(.truncated))
        #expect(early.session.stateDescription == "closed")

        let late = ScriptedPeer()
        late.becomesReady()
        late.sends(.commandAMF0, broken, on: 0)
        late.sends("_checkbw", 3)
        late.expects("_result 3 null null")
        late.expectsSteps("ignored \(IgnoredMessage.malformed(.commandAMF0))")
    }

    /// Architecture §4: nothing behind a request is read before its answer.
    @Test func `what comes behind an open request waits for the answer`() {
        let peer = ScriptedPeer()
        peer.connectAnswer = .wait
        peer.shakesHands()
        peer.sends("connect", 1, object: ["app": "live"])
        #expect(peer.session.hasOpenRequest == true)
        peer.sends("createStream", 2)
        peer.expectsNothing()
        peer.answers { $0.acceptConnect() }
        peer.expects(connectAnswers(1) + ["_result 2 null 1"])
        #expect(peer.session.hasOpenRequest == false)
    }
}
