import Glibc
import Posix
import Telemetry
import Testing

@testable import RTMPServer

/// Two workers at one listener, seen from the second.
@Suite struct EntranceTests {
    /// Newcomers wait in the kernel from the moment their connect returns.
    private final class Rig {
        let listener: Listener
        let boxes: [Mailbox]
        let lanes = Lanes(events: 64, messages: 1, trace: 1)
        let registry = ProbeRegistry()
        let poller: Poller
        /// No descriptor is to be had for keeping.
        let shortage: Lock<Bool>
        var entrance: Entrance
        var arrivals = Arrivals()
        private var clients: [Int32] = []
        private var adopted: [Int32] = []

        init(isShort: Bool = false) throws {
            shortage = Lock(isShort)
            listener = try Listener(on: .loopback(port: 0))
            boxes = [try Mailbox(worker: 0), try Mailbox(worker: 1)]
            poller = try Poller()
            entrance = Entrance(
                to: 1, listeners: [listener], mailboxes: boxes,
                admission: Admission(
                    workers: 2, configuration: ServerConfiguration(listen: [])),
                registry: registry, lanes: lanes
            ) { [shortage] () throws(PosixError) in
                if shortage.withLock({ $0 }) { throw PosixError("eventfd", code: EMFILE) }
                return try Wakeup()
            }
            try entrance.open(poller)
        }

        func connect(_ count: Int) throws {
            let here = listener.socket.localAddress
            let address = try #require(here)
            for _ in 0..<count { clients.append(try Socket.connected(to: address).release()) }
        }

        /// How many this worker got, and how many the other one.
        func accept(nowNanoseconds now: UInt64 = 7) -> [Int] {
            entrance.accept(at: listener, poller, nowNanoseconds: now, into: &arrivals)
            var own = 0
            while let (accepted, _) = arrivals.next() {
                adopted.append(accepted.descriptor)
                own += 1
            }
            var mail: [WorkerMessage] = []
            boxes[0].exchange(&mail)
            for case .adopt(let accepted) in mail { adopted.append(accepted.descriptor) }
            return [own, mail.count]
        }

        deinit {
            for descriptor in clients + adopted { _ = Socket(adopting: descriptor) }
        }
    }

    @Test func `a newcomer stays where it was accepted, unless another worker has fewer`() throws {
        let rig = try Rig()
        for share in [[1, 0], [0, 1], [1, 0], [0, 1]] {
            try rig.connect(1)
            #expect(rig.accept() == share)
            rig.entrance.rest()
        }
        #expect(rig.registry.process.counts.accepted == 4)
        #expect(rig.registry.takeNewConnections().map(\.acceptedAtNanoseconds) == [7, 7, 7, 7])
    }

    @Test func `more are accepted at a time while more come, up to a bound (SEC-7)`() throws {
        let rig = try Rig()
        try rig.connect(100)
        var counts: [Int] = []
        for _ in 0..<8 { counts.append(rig.accept().reduce(0, +)) }
        #expect(counts == [1, 2, 4, 8, 16, 32, 32, 5])
        try rig.connect(2)
        #expect(rig.accept().reduce(0, +) == 1)
    }

    @Test func `after a turn without newcomers one is accepted again`() throws {
        let rig = try Rig()
        try rig.connect(4)
        #expect(rig.accept().reduce(0, +) == 1)
        rig.entrance.rest()
        #expect(rig.accept().reduce(0, +) == 1)
    }

    @Test func `the poller tells of newcomers, until the entrance is closed`() throws {
        let rig = try Rig()
        var events = [PollEvent](repeating: PollEvent(), count: 4)
        try rig.connect(1)
        #expect(try rig.poller.wait(into: &events) == 1)
        let token = events[0].token
        #expect(rig.entrance.listener(of: token) === rig.listener)
        #expect(rig.entrance.listener(of: 0) == nil)
        #expect(rig.entrance.listener(of: token - 1) == nil)

        rig.entrance.close(rig.poller)
        #expect(try rig.poller.wait(into: &events, timeoutNanoseconds: 0) == 0)
        #expect(rig.entrance.listener(of: token) == nil)
    }

    @Test func `where not even a spare descriptor is left, newcomers wait and the worker sleeps`()
        throws
    {
        let rig = try Rig(isShort: true)
        func hasEvent() throws -> Bool {
            var events = [PollEvent](repeating: PollEvent(), count: 4)
            return try rig.poller.wait(into: &events, timeoutNanoseconds: 0) > 0
        }
        try rig.connect(3)
        var now: UInt64 = 1_000_000_000
        for left in [2, 1] {
            #expect(try hasEvent())
            #expect(rig.accept(nowNanoseconds: now) == [0, 0])
            #expect(rig.registry.process.counts.refused == UInt64(3 - left))
            #expect(try !hasEvent())
            rig.entrance.reopen(rig.poller, nowNanoseconds: now)
            #expect(try !hasEvent())
            let until = rig.entrance.shutUntilNanoseconds
            now = try #require(until)
            rig.entrance.reopen(rig.poller, nowNanoseconds: now)
        }
        rig.shortage.withLock { $0 = false }
        #expect(try hasEvent())
        #expect(rig.accept(nowNanoseconds: now) == [1, 0])
        var notes = 0
        while let event = rig.lanes.events.take() {
            if case .note = event.kind { notes += 1 }
        }
        #expect(notes == 1)

        rig.shortage.withLock { $0 = true }
        rig.entrance.close(rig.poller)
        #expect(rig.entrance.shutUntilNanoseconds == nil)
    }

    @Test func `what is handed over to a worker that has ended is closed`() throws {
        let listener = try Listener(on: .loopback(port: 0))
        let here = listener.socket.localAddress
        let client = try Socket.connected(to: #require(here))
        guard let accepted = try listener.socket.accept() else {
            Issue.record("nobody waits")
            return
        }
        let address = accepted.address
        let box = try Mailbox(worker: 0)
        box.post(
            .adopt(
                AcceptedConnection(
                    descriptor: accepted.take().release(), address: address,
                    probe: ConnectionProbe(
                        id: 1, peer: "", listener: "", acceptedAtNanoseconds: 0),
                    tls: nil)))
        box.close()
        let end = try withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { room in
            try client.receive(into: room)
        }
        #expect(end == .endOfFile)
    }
}
