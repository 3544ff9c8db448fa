import RTMP
import Testing

@Suite struct AcknowledgementWindowTests {
    /// T-PC-04
    @Test func `an acknowledgement is due each half window`() {
        var window = AcknowledgementWindow(assumed: 2_500_000)
        window.announce(10_000)
        window.receive(4999)
        #expect(window.due() == nil)
        window.receive(1)
        #expect(window.due() == 5000)
        #expect(window.due() == nil)
        window.receive(6000)
        #expect(window.due() == 11_000)
        window.receive(4999)
        #expect(window.due() == nil)
    }

    /// T-PC-05, PC-4
    @Test func `the count wraps at 32 bits`() {
        var window = AcknowledgementWindow(assumed: 0x200)
        window.receive(0xFFFF_FF00)
        #expect(window.due() == 0xFFFF_FF00)
        window.receive(0x200)
        #expect(window.due() == 0x100)
        #expect(window.acknowledged == 0x1_0000_0100)
    }

    /// T-PC-05, srs #730
    @Test func `for Flash the sum restarts from the increment`() {
        var window = AcknowledgementWindow(assumed: 0x200)
        window.restartsSum = true
        window.receive(0xEFFF_FF00)
        #expect(window.due() == 0xEFFF_FF00)
        window.receive(0x100)
        #expect(window.due() == 0xF000_0000)
        window.receive(0x180)
        #expect(window.due() == 0x180)
        window.receive(0x200)
        #expect(window.due() == 0x380)
    }

    /// T-PC-07
    @Test func `window 0 is ignored, and window 1 asks for one acknowledgement a read`() {
        var window = AcknowledgementWindow(assumed: 1000)
        window.announce(0)
        #expect(window.size == 1000)
        window.announce(1)
        #expect(window.due() == nil)
        window.receive(70_000)
        #expect(window.due() == 70_000)
        #expect(window.due() == nil)
    }

    /// T-PC-12, PC-5: cumulative, beyond 32 bits, lower, absurd.
    @Test func `what a peer acknowledges only ever moves on`() {
        var peer = PeerAcknowledgement()
        let sent: UInt64 = 0x1_0001_0000
        peer.receive(1_250_000, sent: sent)
        #expect(peer.total == 1_250_000)
        peer.receive(5000, sent: sent)
        #expect(peer.total == 1_250_000)
        peer.receive(0x7FFF_FFFF, sent: sent)
        peer.receive(0xFFFF_0000, sent: sent)
        peer.receive(0x0000_FFFF, sent: sent)
        #expect(peer.total == 0x1_0000_FFFF)
        peer.receive(0xFFFF_FFFF, sent: sent)
        #expect(peer.total == 0x1_0000_FFFF)
    }

    /// PC-5: such a count is no count of our bytes.
    @Test func `more acknowledged than was sent changes nothing (T-PC-12)`() {
        var peer = PeerAcknowledgement()
        peer.receive(3073, sent: 3073)
        peer.receive(0x7000_0000, sent: 10_000)
        #expect(peer.total == 3073)
        peer.receive(10_000, sent: 10_000)
        #expect(peer.total == 10_000)
        peer.receive(10_001, sent: 10_000)
        #expect(peer.total == 10_000)
    }
}
