import Telemetry
import Testing

@Suite struct ProbeTests {
    @Test func `a counter adds, sets and reads`() {
        let counter = Counter(128)
        counter.add(UInt64(2))
        counter.add(3)
        #expect(counter.read() == 133)
        counter.set(.max)
        counter.add(1)
        #expect(counter.read() == 0)
    }

    @Test func `a new probe was last heard of when it was accepted`() {
        let probe = ConnectionProbe(
            id: 12, peer: "192.0.2.1:5000", listener: ":1935", acceptedAtNanoseconds: 77)
        #expect(probe.lastReceivedAtNanoseconds.read() == 77)
        #expect(probe.chunkSizeIn.read() == 128)
        #expect(probe.facts.take() == nil)
    }

    @Test func `only the newest posted value is taken, and once`() {
        let latest = Latest<[Int]>()
        #expect(latest.take() == nil)
        latest.post([1])
        latest.post([2])
        #expect(latest.take() == [2])
        #expect(latest.take() == nil)
    }

    @Test func `values that nobody took are released`() {
        final class Token: Sendable {}
        weak var token: Token?
        do {
            let latest = Latest<Token>()
            latest.post(Token())
            let second = Token()
            token = second
            latest.post(second)
        }
        #expect(token == nil)
    }

    @Test func `a poster and a taker at the same time see rising values`() async {
        final class Desk: Sendable {
            let latest = Latest<Int>()
        }
        let desk = Desk()
        let last = 20_000
        async let posted: Void = Task.detached {
            for number in 1...last { desk.latest.post(number) }
        }.value
        async let seen: [Int] = Task.detached {
            var seen: [Int] = []
            while seen.last != last {
                if let number = desk.latest.take() {
                    seen.append(number)
                } else {
                    await Task.yield()
                }
            }
            return seen
        }.value
        let (_, numbers) = await (posted, seen)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `the registry gives each probe once, oldest first`() {
        let registry = ProbeRegistry()
        for id in 1...3 { registry.add(probe(SessionID(id))) }
        registry.add(StreamProbe(key: "live/cam1", createdAtNanoseconds: 0))
        registry.add(Lanes(events: 1, messages: 1, trace: 1))
        #expect(registry.takeNewConnections().map(\.id) == [1, 2, 3])
        #expect(registry.takeNewConnections().isEmpty)
        #expect(registry.takeNewStreams().map(\.key) == ["live/cam1"])
        #expect(registry.takeNewLanes().count == 1)
        registry.add(probe(4))
        #expect(registry.takeNewConnections().map(\.id) == [4])
    }

    @Test func `probes pushed from many sides all arrive`() async {
        let registry = ProbeRegistry()
        await withTaskGroup(of: Void.self) { group in
            for side in 0..<4 {
                group.addTask {
                    for number in 0..<500 { registry.add(probe(SessionID(side * 500 + number))) }
                }
            }
        }
        #expect(Set(registry.takeNewConnections().map(\.id)) == Set(0..<2000))
    }

    @Test func `the kept bytes of a trace record come back as bytes`() {
        var head: TraceRecord.Head = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &head) { $0.copyBytes(from: [0x17, 0x01, 0x00]) }
        let record = TraceRecord(
            session: 3, direction: .inward, atNanoseconds: 1, offset: 3073, chunkStreamID: 4,
            form: 1, headerBytes: 8, payloadBytes: 3, messageLength: 3, messageType: 9,
            messageStreamID: 1, timestamp: 40, timestampDelta: 40, messageNumber: 7,
            chunkIndex: 1, chunkCount: 1, head: head, headCount: 3)
        #expect(record.kept == [0x17, 0x01, 0x00])
    }
}

private func probe(_ id: SessionID) -> ConnectionProbe {
    ConnectionProbe(id: id, peer: "192.0.2.1:5000", listener: ":1935", acceptedAtNanoseconds: 0)
}
