import RTMP
import Relay
import Testing

@testable import Recording

@Suite struct RecordingQueueTests {
    private final class Rig {
        var log = StreamLog()
        var queue = RecordingQueue()
        var messages: [MediaMessage] = []

        func put(_ message: MediaMessage, limit: Int) -> Bool {
            log.append(message)
            return queue.put(message, in: log, limit: limit)
        }

        func take(isLast: Bool = false) -> (items: [Item], skipped: UInt64) {
            let skipped = queue.exchange(&messages, isLast: isLast)
            defer { messages = [] }
            return (messages.map(Item.init), skipped)
        }
    }

    @Test func `what comes is kept in order`() {
        let rig = Rig()
        #expect(rig.put(.videoHeader(at: 0), limit: 100))
        #expect(rig.put(.keyframe(at: 0), limit: 100))
        #expect(rig.put(.audio(at: 1), limit: 100))
        let (items, skipped) = rig.take()
        #expect(items == [Item("video header 31", 0), Item("keyframe", 0), Item("audio", 1)])
        #expect(skipped == 0)
    }

    @Test func `beyond its bound all is left out up to a keyframe with room behind it`() {
        let rig = Rig()
        _ = rig.put(.videoHeader(at: 0), limit: 200)
        _ = rig.put(.keyframe(at: 0, size: 150), limit: 200)
        #expect(!rig.put(.inter(at: 40, size: 100), limit: 200))
        #expect(!rig.put(.audio(at: 50), limit: 200))
        // A keyframe too, while less than half of the room is free.
        #expect(!rig.put(.keyframe(at: 80), limit: 200))
        #expect(rig.take().items.count == 2)
        // Taken is not written.
        #expect(!rig.put(.keyframe(at: 120), limit: 200))
        rig.queue.settle()
        #expect(!rig.put(.inter(at: 160), limit: 200))
        #expect(rig.put(.keyframe(at: 200), limit: 200))
        #expect(rig.put(.inter(at: 240), limit: 200))
        let (items, skipped) = rig.take()
        #expect(items == [Item("keyframe", 200), Item("inter", 240)])
        #expect(skipped == 5)
    }

    @Test func `a header that came in a gap is not lost`() {
        let rig = Rig()
        _ = rig.put(.audioHeader(at: 0), limit: 100)
        _ = rig.put(.videoHeader(at: 0), limit: 100)
        _ = rig.put(.keyframe(at: 0, size: 90), limit: 120)
        _ = rig.put(.inter(at: 40, size: 90), limit: 120)
        _ = rig.put(.videoHeader(0x28, at: 80), limit: 120)
        _ = rig.take()
        rig.queue.settle()
        #expect(rig.put(.keyframe(at: 120), limit: 120))
        #expect(rig.take().items == [Item("video header 40", 80), Item("keyframe", 120)])
    }

    @Test func `sound alone goes on as soon as there is room`() {
        let rig = Rig()
        _ = rig.put(.audio(at: 0, size: 90), limit: 100)
        #expect(!rig.put(.audio(at: 20, size: 90), limit: 100))
        _ = rig.take()
        rig.queue.settle()
        #expect(rig.put(.audio(at: 40, size: 20), limit: 100))
        #expect(rig.take().skipped == 1)
    }

    @Test func `one message is kept however long it is, and gaps at the end are told`() {
        let rig = Rig()
        #expect(rig.put(.keyframe(at: 0, size: 1000), limit: 100))
        #expect(!rig.put(.inter(at: 40), limit: 100))
        #expect(rig.take(isLast: true).skipped == 1)
    }
}
