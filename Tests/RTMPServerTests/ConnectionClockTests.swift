import Posix
import Testing

@testable import RTMPServer

/// RTMP.md §0: one deadline each, on a clock of the test's own.
@Suite struct ConnectionClockTests {
    private let configuration = ServerConfiguration(listen: [])
    private let second = ServerConfiguration.second

    private func overdue(
        _ clock: inout ConnectionClock, at seconds: UInt64, received: UInt64 = 0,
        bytesOut: UInt64 = 0, publishes: Bool = false, plays: Bool = false
    ) -> String {
        let verdict = clock.overdue(
            nowNanoseconds: seconds * second, lastReceivedNanoseconds: received * second,
            bytesOut: bytesOut, publishes: publishes, plays: plays,
            configuration: configuration)
        switch verdict {
        case .nothing: return "nothing"
        case .ping: return "ping"
        case .end(let reason): return reason.code
        }
    }

    @Test func `a handshake has one deadline, however many bytes arrive (HS-7)`() {
        var clock = ConnectionClock()
        #expect(overdue(&clock, at: 9, received: 9) == "nothing")
        #expect(overdue(&clock, at: 10, received: 10) == "handshake-timeout")
    }

    @Test func `a peer that never connects is ended, and one that never publishes or plays`() {
        var clock = ConnectionClock()
        clock.stage = .awaitingConnect
        clock.phaseStartedAtNanoseconds = 5 * second
        #expect(overdue(&clock, at: 14) == "nothing")
        #expect(overdue(&clock, at: 15) == "connect-timeout")
        clock.stage = .connected
        clock.phaseStartedAtNanoseconds = 15 * second
        #expect(overdue(&clock, at: 44, received: 44) == "nothing")
        #expect(overdue(&clock, at: 45, received: 45) == "action-timeout")
    }

    @Test func `a publisher from which nothing comes is ended`() {
        var clock = ConnectionClock()
        clock.stage = .connected
        #expect(overdue(&clock, at: 29, received: 15, publishes: true) == "nothing")
        #expect(overdue(&clock, at: 45, received: 15, publishes: true) == "publisher-silent")
    }

    @Test func `an idle player is pinged, and ended if no byte comes (T-PC-13)`() {
        var clock = ConnectionClock()
        clock.stage = .connected
        #expect(overdue(&clock, at: 19, plays: true) == "nothing")
        #expect(overdue(&clock, at: 20, plays: true) == "ping")
        clock.notePing(nowNanoseconds: 20 * second, bytesOut: 500)
        #expect(overdue(&clock, at: 49, bytesOut: 500, plays: true) == "nothing")
        #expect(overdue(&clock, at: 50, bytesOut: 500, plays: true) == "ping-timeout")
    }

    @Test func `a player that reads but never answers pings stays (PC-9)`() {
        var clock = ConnectionClock()
        clock.stage = .connected
        clock.notePing(nowNanoseconds: 20 * second, bytesOut: 500)
        #expect(overdue(&clock, at: 50, bytesOut: 501, plays: true) == "ping")
        clock.notePing(nowNanoseconds: 50 * second, bytesOut: 600)
        #expect(overdue(&clock, at: 51, bytesOut: 601, plays: true) == "nothing")
    }

    private func nextLook(
        _ clock: ConnectionClock, at seconds: UInt64, received: UInt64 = 0,
        publishes: Bool = false, plays: Bool = false
    ) -> UInt64 {
        clock.nextLook(
            nowNanoseconds: seconds * second, lastReceivedNanoseconds: received * second,
            publishes: publishes, plays: plays, configuration: configuration) / second
    }

    @Test func `nobody is looked at before anything can be due`() {
        var clock = ConnectionClock()
        clock.acceptedAtNanoseconds = second
        #expect(nextLook(clock, at: 1) == 11)
        clock.stage = .awaitingConnect
        clock.phaseStartedAtNanoseconds = 3 * second
        #expect(nextLook(clock, at: 3) == 13)
        clock.stage = .connected
        clock.phaseStartedAtNanoseconds = 4 * second
        #expect(nextLook(clock, at: 30, received: 30) == 34)
        #expect(nextLook(clock, at: 30, received: 30, plays: true) == 50)
        #expect(nextLook(clock, at: 30, received: 2, publishes: true) == 22)
        clock.notePing(nowNanoseconds: 30 * second, bytesOut: 18)
        #expect(nextLook(clock, at: 30, received: 30, publishes: true) == 50)
        #expect(nextLook(clock, at: 45, received: 30, plays: true) == 60)
    }

    @Test(arguments: [true, false])
    func `an idle player costs a look or two a ping, and none is late (T-PC-13)`(answers: Bool) {
        var clock = ConnectionClock()
        clock.stage = .connected
        var received: UInt64 = 0
        var pings: [UInt64] = []
        var looks = 0
        var now: UInt64 = 0
        let hour = 3600 * second
        while now < hour {
            now = clock.nextLook(
                nowNanoseconds: now, lastReceivedNanoseconds: received, publishes: false,
                plays: true, configuration: configuration)
            looks += 1
            switch clock.overdue(
                nowNanoseconds: now, lastReceivedNanoseconds: received, bytesOut: 18,
                publishes: false, plays: true, configuration: configuration)
            {
            case .nothing: break
            case .ping:
                pings.append(now)
                clock.notePing(nowNanoseconds: now, bytesOut: 18)
                if answers { received = now + second / 100 }
            case .end(let reason):
                #expect(reason.code == "ping-timeout" && now == 50 * second)
                now = hour
            }
        }
        let gaps = zip(pings.dropFirst(), pings).map { $0 - $1 }
        #expect(gaps.allSatisfy { $0 == 20 * second + second / 100 })
        #expect(pings.count == (answers ? 179 : 1))
        #expect(looks <= 2 * pings.count + 1)
    }
}
