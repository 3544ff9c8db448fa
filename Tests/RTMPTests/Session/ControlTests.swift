@testable import RTMP
import TestSupport
import Testing

/// Control messages as a session acts on them (RTMP.md §3).
@Suite struct ControlTests {
    /// T-PC-01, PC-2
    @Test(arguments: [0, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
    func `a chunk size that cannot be ends the session`(_ size: UInt32) {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.setChunkSize(size))
        #expect(peer.thrown == .chunkSizeOutOfRange(size))
        #expect(peer.session.stateDescription == "closed")
    }

    /// T-PC-01, T-PC-02; nginx #1042, joy4 PR #88
    @Test(
        arguments: [
            (1, 1), (127, 127), (65_536, 65_536), (134_217_728, 16_777_215),
            (0x7FFF_FFFF, 16_777_215),
        ] as [(UInt32, UInt32)])
    func `any other chunk size is taken, a giant one as the longest message`(
        _ size: UInt32, _ used: UInt32
    ) {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.setChunkSize(size))
        #expect(peer.thrown == nil)
        #expect(peer.session.inChunkSize == used)
    }

    /// T-PC-02
    @Test func `three bytes are no chunk size, eight are`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.setChunkSize, [0, 0, 16, 0, 9, 9, 9, 9], on: 0)
        #expect(peer.session.inChunkSize == 4096)
        peer.sends(.setChunkSize, [0, 0, 16], on: 0)
        #expect(peer.thrown == .setChunkSizeTooShort(3))
    }

    /// T-PC-03, mediamtx PR #4909
    @Test func `a chunk size counts on any chunk stream and message stream`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.setChunkSize, [0, 0, 16, 0], on: 1, chunkStream: 3)
        #expect(peer.session.inChunkSize == 4096)
    }

    /// T-PC-04; the handshake counts too (PC-3).
    @Test func `an acknowledgement is sent each half window, once a read`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends(.windowAcknowledgementSize(20_000))
        peer.expectsNothing()
        let start = peer.sent.count
        peer.sends(.setChunkSize(65_536))
        peer.sends(.dataAMF0, [UInt8](repeating: 0, count: 10_000 - start), on: 9)
        peer.expects("acknowledgement \(peer.sent.count)")
        #expect(peer.session.acknowledgedIn == UInt64(peer.sent.count))
        peer.sends(.dataAMF0, [UInt8](repeating: 0, count: 60_000), on: 9)
        peer.expects("acknowledgement \(peer.sent.count)")
    }

    /// T-PC-06
    @Test func `without a window of the peer 2,5 MB are assumed`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends("publish", 3, "camera", on: 1)
        peer.sends(.setChunkSize(65_536))
        _ = peer.hears()
        #expect(peer.session.windowIn == 2_500_000)
        for _ in 0..<50 { peer.sends(.audio, [UInt8](repeating: 0xAF, count: 50_000), on: 1) }
        #expect(peer.hears().count == 2)
    }

    /// T-PC-05, PC-4
    @Test(arguments: [
        ("FMLE/3.2", true), ("FMLE/3.0 (compatible; FMSc/1.0)", false),
        ("FMLE/3.0 (compatible; Lavf60.16)", false), ("LNX 9,0,124,2", false),
    ])
    func `only FMLE itself gets sums that restart`(_ flashVersion: String, _ restarts: Bool) {
        let command = Command(
            name: "connect", transaction: 1, object: ["flashVer": .text(flashVersion)],
            arguments: [], messageStreamID: 0)
        #expect(ConnectCommand(command).restartsAcknowledgements == restarts)
    }

    /// T-PC-08, PC-6
    @Test func `a bandwidth of the peer becomes our window, said once`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends(.setPeerBandwidth(1_000_000, .hard))
        peer.expects("windowAcknowledgementSize 1000000")
        peer.sends(.setPeerBandwidth(1_000_000, .soft))
        peer.expectsNothing()
        peer.sends(.setPeerBandwidth(0, .hard))
        peer.expectsNothing()
        peer.sends(.setPeerBandwidth(2_500_000, .hard))
        peer.expects("windowAcknowledgementSize 2500000")
        // Dynamic after hard is hard.
        peer.sends(.setPeerBandwidth(500_000, .dynamic))
        peer.expects("windowAcknowledgementSize 500000")
        peer.sends(.setPeerBandwidth(600_000, .soft))
        peer.expects("windowAcknowledgementSize 600000")
        // Dynamic after soft is ignored.
        peer.sends(.setPeerBandwidth(700_000, .dynamic))
        peer.expectsNothing()
    }

    /// PC-6
    @Test func `a bandwidth set before connect is still our window after it`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.setPeerBandwidth(1_000_000, .hard))
        peer.expects("windowAcknowledgementSize 1000000")
        peer.sends("connect", 1, object: ["app": "live"])
        #expect(
            Array(peer.hears().prefix(2)) == [
                "windowAcknowledgementSize 1000000", "setPeerBandwidth 2500000 dynamic",
            ])
        peer.sends(.setPeerBandwidth(1_000_000, .soft))
        peer.expectsNothing()
    }

    /// T-PC-09
    @Test func `a bandwidth without limit byte is no error`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends(.setPeerBandwidth, [0, 15, 66, 64], on: 0)
        peer.expectsNothing()
        peer.expectsSteps("control setPeerBandwidth 1000000 dynamic")
    }

    /// T-PC-10, membrane PR #81; before connect too.
    @Test func `a ping is answered with its four bytes`() {
        let peer = ScriptedPeer()
        peer.shakesHands()
        peer.sends(.pingRequest(0x0D0F))
        peer.expects("pingResponse 3343")
        peer.sends(.userControl, [0, 6, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2], on: 3)
        peer.expects("pingResponse 4294967295")
    }

    /// T-PC-11, mediamtx #5512
    @Test func `unknown and broken user control is let go`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        for event in [31, 32, 26, 99] as [UInt8] {
            peer.sends(.userControl, [0, event, 0, 0, 0, 1], on: 0)
        }
        peer.sends(.userControl, [0], on: 0)
        peer.expectsNothing()
        peer.expectsSteps(
            "userControl event 31", "userControl event 32", "userControl event 26",
            "userControl event 99", "ignored \(IgnoredMessage.malformed(.userControl))")
        #expect(peer.thrown == nil)
    }

    /// T-PC-12
    @Test func `odd acknowledgements change nothing`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        peer.sends(.acknowledgement(5000))
        peer.sends(.acknowledgement(100))
        peer.sends(.acknowledgement(0xFFFF_FFFF))
        peer.expectsNothing()
        peer.sends("_checkbw", 9)
        peer.expects("_result 9 null null")
    }

    /// CH-18: what a camera aborts is forgotten, the session goes on.
    @Test func `Abort drops the message under way on its chunk stream`() {
        let peer = ScriptedPeer()
        peer.becomesReady()
        let half: [UInt8] = [0x08, 0, 0, 0, 0, 0, 200, 20, 0, 0, 0, 0]
        peer.sends(bytes: half + [UInt8](repeating: 2, count: 128))
        peer.sends(.abort(8))
        peer.sends("_checkbw", 9, chunkStream: 8)
        peer.expects("_result 9 null null")
        peer.expectsSteps("control abort 8")
    }

    /// MED-16
    @Test(arguments: [7, 10, 16, 19, 200] as [UInt8])
    func `types without meaning are counted and let go`(_ type: UInt8) {
        let peer = ScriptedPeer()
        peer.becomesReady()
        let type = MessageType(rawValue: type)
        peer.sends(type, [1, 2, 3], on: 1)
        peer.expectsSteps("ignored \(IgnoredMessage.unknownType(type))")
        #expect(peer.thrown == nil)
    }
}
