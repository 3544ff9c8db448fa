import Posix
import Telemetry
import Testing

@testable import RTMPServer

/// SEC-7: who comes in and who makes room, on a clock of the test's own.
@Suite struct AdmissionTests {
    private let second = ServerConfiguration.second

    private func admission(
        connections: Int = 10_000, slowHandshakes: Int = 256, perAddress: Int = 0, workers: Int = 1
    ) -> Admission {
        var configuration = ServerConfiguration(listen: [])
        configuration.maximumConnections = connections
        configuration.maximumSlowHandshakes = slowHandshakes
        configuration.maximumConnectionsPerAddress = perAddress
        return Admission(workers: workers, configuration: configuration)
    }

    /// What became of a newcomer, in a word: `in`, `in, 3 out`, or why not.
    private func enter(_ admission: Admission, from site: UInt64 = 1, at seconds: UInt64) -> String
    {
        switch admission.enter(site: site, through: 0, nowNanoseconds: seconds * second) {
        case .refused(let why): why
        case .admitted(_, _, nil): "in"
        case .admitted(_, _, let loser?): "in, \(loser.session) out"
        }
    }

    @Test func `four thousand clients at once from one address all come in`() {
        let admission = admission()
        for _ in 0..<4000 { #expect(enter(admission, at: 1) == "in") }
    }

    @Test func `a session has a number from the moment it is let in`() {
        let admission = admission()
        #expect(!admission.hasNumbered(1))
        #expect(enter(admission, at: 1) == "in")
        #expect(admission.hasNumbered(1))
        #expect(!admission.hasNumbered(2))
    }

    @Test func `beyond the bound the oldest handshake gives way, once it is slow`() {
        let admission = admission(slowHandshakes: 3)
        for time in 1...3 as ClosedRange<UInt64> { #expect(enter(admission, at: time) == "in") }
        #expect(enter(admission, from: 2, at: 2) == "in")
        #expect(enter(admission, from: 2, at: 3) == "in, 1 out")
        // The next one is not slow yet.
        #expect(enter(admission, from: 3, at: 3) == "in")
        #expect(enter(admission, from: 3, at: 4) == "in, 2 out")
    }

    @Test func `a handshake that is done is no longer in the way`() {
        let admission = admission(slowHandshakes: 2)
        #expect(enter(admission, at: 1) == "in")
        #expect(enter(admission, at: 1) == "in")
        admission.greeted(1, worker: 0, site: 1, nowNanoseconds: 2 * second)
        #expect(enter(admission, at: 9) == "in")
        #expect(enter(admission, at: 9) == "in, 2 out")
    }

    @Test func `who floods from one address takes the place of his own`() {
        let admission = admission(slowHandshakes: 4)
        #expect(enter(admission, from: 7, at: 1) == "in")
        for _ in 0..<3 { #expect(enter(admission, from: 1, at: 1) == "in") }
        // Session 1 is older than all of the flood, and stays.
        #expect(enter(admission, from: 1, at: 4) == "in, 2 out")
        #expect(enter(admission, from: 1, at: 4) == "in, 3 out")
        #expect(enter(admission, from: 8, at: 4) == "in, 1 out")
    }

    @Test func `when all is full, newcomers make room and others never do`() {
        let admission = admission(connections: 3)
        for _ in 0..<3 { #expect(enter(admission, at: 1) == "in") }
        admission.greeted(1, worker: 0, site: 1, nowNanoseconds: second)
        admission.settled(1)
        admission.greeted(2, worker: 0, site: 1, nowNanoseconds: second)
        // A handshake, however young.
        #expect(enter(admission, at: 2) == "in, 3 out")
        admission.leave(3, worker: 0, site: 1)
        #expect(enter(admission, at: 2) == "in, 4 out")
        admission.leave(4, worker: 0, site: 1)
        admission.greeted(5, worker: 0, site: 1, nowNanoseconds: 2 * second)
        admission.settled(5)
        // Connected, and neither publisher nor player for two seconds.
        #expect(enter(admission, at: 2) == "connections")
        #expect(enter(admission, at: 3) == "in, 2 out")
        admission.leave(2, worker: 0, site: 1)
        admission.greeted(6, worker: 0, site: 1, nowNanoseconds: 3 * second)
        admission.settled(6)
        #expect(enter(admission, at: 99) == "connections")
        admission.leave(1, worker: 0, site: 1)
        #expect(enter(admission, at: 99) == "in")
    }

    @Test func `a worker that does not close them lets no more in`() {
        let admission = admission(connections: 1000)
        for _ in 0..<1000 { _ = enter(admission, at: 1) }
        let answers = (0..<1000).map { _ in enter(admission, at: 5) }
        #expect(answers.count { $0.hasPrefix("in") } == Admission.leavingMaximum)
        #expect(answers.last == "connections")
    }

    @Test func `addresses are counted one by one (T-SEC-09)`() {
        let admission = admission(perAddress: 2)
        #expect(enter(admission, at: 1) == "in")
        #expect(enter(admission, at: 1) == "in")
        #expect(enter(admission, at: 1) == "per-address")
        #expect(enter(admission, from: 2, at: 1) == "in")
        admission.leave(1, worker: 0, site: 1)
        #expect(enter(admission, at: 1) == "in")
    }

    @Test func `a waiting line keeps no more places than wait, twice and some`() {
        var line = WaitingLine()
        line.append(.init(session: 0, worker: 0, site: 0, sinceNanoseconds: 0))
        for session in 1...100_000 as ClosedRange<SessionID> {
            line.append(.init(session: session, worker: 0, site: 0, sinceNanoseconds: session))
            if session > 10 { line.remove(session - 10) }
        }
        #expect(line.count == 11)
        #expect(line.places.count < 200)
        #expect(line.first()?.session == 0)
        line.remove(0)
        #expect(line.first()?.session == 99_991)
    }
}
