import Monitor
import Posix
import Telemetry
import Testing

@testable import rtmp_top

/// Threads that rest while nothing happens (console design, §20). A wait that does not end fails by
/// its minute.
@Suite(.timeLimit(.minutes(10))) struct DoorbellTests {
    @Test func `a knock ends a wait, also one that comes first`() throws {
        let doorbell = try Doorbell()
        doorbell.knock()
        doorbell.wait(timeoutMilliseconds: .max)
        doorbell.knock()
        doorbell.rest(timeoutMilliseconds: .max) { false }
    }

    @Test func `who comes while one lies down is heard or seen`() throws {
        let doorbell = try Doorbell()
        doorbell.rest(timeoutMilliseconds: .max) {
            doorbell.ring()
            return false
        }
        doorbell.rest(timeoutMilliseconds: .max) { true }
    }

    @Test func `a connection rings once it can be taken`() throws {
        let doorbell = try Doorbell()
        let registry = ProbeRegistry(whenConnected: doorbell.ring)
        #expect(!registry.hasNewConnections)
        let comer = try Thread.start(name: "comer") {
            registry.add(
                ConnectionProbe(
                    id: 1, peer: "192.0.2.1:1", listener: "0.0.0.0:1935", acceptedAtNanoseconds: 0))
        }
        doorbell.rest(timeoutMilliseconds: .max) { registry.hasNewConnections }
        #expect(registry.takeNewConnections().count == 1)
        #expect(!registry.hasNewConnections)
        comer.join()
    }

    @Test func `whoever waits for a newer snapshot is woken once, at once if it is there`() throws {
        let newest = try NewestSnapshot()
        let bell = try Wakeup()
        func snapshot(_ at: UInt64) -> Snapshot {
            Snapshot(takenAtNanoseconds: at, wallClockMilliseconds: 0, server: ServerFigures())
        }
        newest.set(snapshot(1))
        newest.awaitNewer(than: snapshot(1), bell)
        #expect(!bell.drain())
        newest.set(snapshot(2))
        #expect(bell.drain())
        newest.set(snapshot(3))
        #expect(!bell.drain())
        newest.awaitNewer(than: snapshot(2), bell)
        #expect(bell.drain())
    }
}
