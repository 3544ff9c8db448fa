import Posix
import Telemetry
import Testing

@testable import RTMPServer

@Suite struct ArrivalsTests {
    private func accepted(_ id: SessionID) -> AcceptedConnection {
        AcceptedConnection(
            descriptor: -1, address: SocketAddress.loopback(port: 1),
            probe: ConnectionProbe(
                id: id, peer: "127.0.0.1:1", listener: "127.0.0.1:2", acceptedAtNanoseconds: 0),
            tls: nil)
    }

    /// Who comes, with the reason to end at once or `stays`.
    private func all(of arrivals: inout Arrivals) -> [SessionID: String] {
        var all: [SessionID: String] = [:]
        while let (accepted, end) = arrivals.next() {
            all[accepted.probe.id] = end?.code ?? "stays"
        }
        return all
    }

    @Test func `an end is kept for a session whose connection comes after it`() {
        var arrivals = Arrivals()
        arrivals.append(accepted(5))
        // Another worker accepted 4, and a third one needs its place already (SEC-7).
        arrivals.end(4, .crowdedOut)
        #expect(all(of: &arrivals) == [5: "stays"])
        arrivals.append(accepted(6))
        arrivals.append(accepted(4))
        #expect(all(of: &arrivals) == [6: "stays", 4: CloseReason.crowdedOut.code])
        // Once.
        arrivals.append(accepted(4))
        #expect(all(of: &arrivals) == [4: "stays"])
    }

    @Test func `ends of sessions that never come are forgotten, the oldest first`() {
        var arrivals = Arrivals()
        let ids = 1...SessionID(Arrivals.endsMaximum + 1)
        for id in ids.reversed() { arrivals.end(id, .closedByAdmin) }
        for id in ids { arrivals.append(accepted(id)) }
        let ended = all(of: &arrivals).filter { $0.value != "stays" }.keys
        #expect(ended.min() == 2)
        #expect(ended.count == Arrivals.endsMaximum)
    }
}
