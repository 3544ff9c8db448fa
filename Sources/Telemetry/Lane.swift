import Synchronization

/// A bounded queue from one thread to one other thread that never waits.
///
/// The theory: `head` counts what was ever taken, `tail` what was ever put; a slot is `count mod
/// capacity`. The writer alone stores `tail`, after the slot is filled (release); the reader alone
/// stores `head`, after the slot is emptied (release). Each reads the other's counter with acquire,
/// so a slot is never touched by both. A full lane drops the newest element and counts it: the
/// engine never waits for an observer (architecture, sentence 7).
package final class Lane<Element: Sendable>: @unchecked Sendable {
    // Sendable because slots between head and tail belong to the reader and all others to the
    // writer, handed over by the release and acquire above.
    private let slots: UnsafeMutablePointer<Element>
    private let capacity: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)
    private let lostCount = Atomic<UInt64>(0)

    package init(capacity: Int) {
        precondition(capacity > 0, "a lane holds at least one element")
        self.capacity = capacity
        slots = .allocate(capacity: capacity)
    }

    /// Writer only. False: the lane was full, the element was counted as lost.
    @discardableResult
    package func put(_ element: Element) -> Bool {
        let position = tail.load(ordering: .relaxed)
        guard position &- head.load(ordering: .acquiring) < capacity else {
            lostCount.store(lostCount.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
            return false
        }
        (slots + position % capacity).initialize(to: element)
        tail.store(position &+ 1, ordering: .releasing)
        return true
    }

    /// Reader only.
    package func take() -> Element? {
        let position = head.load(ordering: .relaxed)
        guard position != tail.load(ordering: .acquiring) else { return nil }
        let element = (slots + position % capacity).move()
        head.store(position &+ 1, ordering: .releasing)
        return element
    }

    /// Elements that did not fit, ever.
    package var lost: UInt64 { lostCount.load(ordering: .relaxed) }

    deinit {
        while take() != nil {}
        slots.deallocate()
    }
}

/// What one engine thread tells: each thread has its own, the sampler reads all.
package final class Lanes: Sendable {
    package let events: Lane<Event>
    package let messages: Lane<CapturedMessage>
    package let trace: Lane<TraceRecord>

    package init(events: Int = 8192, messages: Int = 4096, trace: Int = 32768) {
        self.events = Lane(capacity: events)
        self.messages = Lane(capacity: messages)
        self.trace = Lane(capacity: trace)
    }
}
