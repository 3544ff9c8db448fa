import RTMP
import Telemetry

/// The deadlines of one connection (RTMP.md §0): what is overdue, and when to look again.
struct ConnectionClock {
    enum Stage {
        case handshaking
        case awaitingConnect
        case connected
    }

    enum Overdue {
        case nothing
        case ping
        case end(CloseReason)
    }

    var stage = Stage.handshaking
    var acceptedAtNanoseconds: UInt64 = 0
    /// Since when it is in its stage, or without a role.
    var phaseStartedAtNanoseconds: UInt64 = 0
    /// The ping that waits for any sign of life.
    private(set) var pingedAtNanoseconds: UInt64?
    private var lastPingNanoseconds: UInt64 = 0
    private var bytesOutAtPing: UInt64 = 0

    /// - Parameter bytesOut: with the ping itself.
    mutating func notePing(nowNanoseconds: UInt64, bytesOut: UInt64) {
        pingedAtNanoseconds = nowNanoseconds
        lastPingNanoseconds = nowNanoseconds
        bytesOutAtPing = bytesOut
    }

    /// - Parameters:
    ///   - lastReceived: when any byte last came from the peer.
    ///   - bytesOut: bytes the socket has taken so far: a player that reads is alive, whether it
    ///     answers pings or not (PC-9).
    mutating func overdue(
        nowNanoseconds now: UInt64, lastReceivedNanoseconds lastReceived: UInt64, bytesOut: UInt64,
        publishes: Bool, plays: Bool, configuration: ServerConfiguration
    ) -> Overdue {
        func isOver(_ since: UInt64, _ timeout: UInt64) -> Bool { now >= since &+ timeout }

        switch stage {
        case .handshaking:
            return isOver(acceptedAtNanoseconds, configuration.handshakeTimeoutNanoseconds)
                ? .end(.handshakeTimeout) : .nothing
        case .awaitingConnect:
            return isOver(phaseStartedAtNanoseconds, configuration.connectTimeoutNanoseconds)
                ? .end(.connectTimeout) : .nothing
        case .connected:
            break
        }
        if publishes, isOver(lastReceived, configuration.idleTimeoutNanoseconds) {
            let seconds = configuration.idleTimeoutNanoseconds / ServerConfiguration.second
            return .end(.publisherSilent(seconds: seconds))
        }
        if !publishes, !plays,
            isOver(phaseStartedAtNanoseconds, configuration.actionTimeoutNanoseconds)
        {
            return .end(.actionTimeout)
        }
        if let pinged = pingedAtNanoseconds {
            if lastReceived > pinged || bytesOut > bytesOutAtPing {
                pingedAtNanoseconds = nil
            } else if isOver(pinged, configuration.pingTimeoutNanoseconds) {
                let seconds = configuration.pingTimeoutNanoseconds / ServerConfiguration.second
                return .end(.pingTimeout(seconds: seconds))
            } else {
                return .nothing
            }
        }
        return isOver(max(lastReceived, lastPingNanoseconds), configuration.pingIntervalNanoseconds)
            ? .ping : .nothing
    }

    /// The next moment anything can be due, if nothing comes until then: whoever looks then and finds
    /// that something came asks again.
    func nextLook(
        nowNanoseconds now: UInt64, lastReceivedNanoseconds lastReceived: UInt64, publishes: Bool,
        plays: Bool, configuration: ServerConfiguration
    ) -> UInt64 {
        switch stage {
        case .handshaking:
            return acceptedAtNanoseconds + configuration.handshakeTimeoutNanoseconds
        case .awaitingConnect:
            return phaseStartedAtNanoseconds + configuration.connectTimeoutNanoseconds
        case .connected:
            break
        }
        var next =
            if let pinged = pingedAtNanoseconds {
                // By then it may have answered, and be due for another.
                min(
                    pinged + configuration.pingTimeoutNanoseconds,
                    now + configuration.pingIntervalNanoseconds)
            } else {
                max(lastReceived, lastPingNanoseconds) + configuration.pingIntervalNanoseconds
            }
        if publishes { next = min(next, lastReceived + configuration.idleTimeoutNanoseconds) }
        if !publishes, !plays {
            next = min(next, phaseStartedAtNanoseconds + configuration.actionTimeoutNanoseconds)
        }
        return next
    }
}
