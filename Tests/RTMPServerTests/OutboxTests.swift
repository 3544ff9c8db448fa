import Testing

@testable import RTMPServer

@Suite struct OutboxTests {
    @Test func `bytes come out in the order they went in, across partial writes`() {
        var outbox = Outbox()
        outbox.append(Array(0..<100))
        outbox.advance(by: 30)
        outbox.append(Array(100..<200))
        let unsent = Array(outbox.unsent)
        #expect(unsent == Array(30..<200))
        outbox.advance(by: 170)
        let isEmpty = outbox.isEmpty
        #expect(isEmpty)
    }

    @Test func `an empty outbox has nothing to send and keeps nothing`() {
        var outbox = Outbox()
        let before = outbox.unsent.count
        outbox.append([1, 2, 3])
        outbox.advance(by: 3)
        let start = outbox.unsent.baseAddress
        #expect(before == 0)
        #expect(start == nil)
    }

    @Test func `more than the limit of unread answers is seen (SEC-8)`() {
        var outbox = Outbox()
        outbox.append(Array(repeating: 7, count: Outbox.limitBytes))
        let isOverAtLimit = outbox.isOverLimit
        outbox.append([7])
        let isOverBeyond = outbox.isOverLimit
        #expect(!isOverAtLimit)
        #expect(isOverBeyond)
    }
}
