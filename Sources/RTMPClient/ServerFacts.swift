package import RTMP
package import Security

/// What a server told of itself on the way to publish or play, and when, in monotonic nanoseconds.
package struct ServerFacts: Sendable {
    package var address: String
    package var dialledAt: UInt64
    package var connectedAt: UInt64
    /// nil: plain.
    package var tls: TLS?
    package var handshakeAt: UInt64?
    package var handshakeKind: HandshakeKind?
    package var answeredAt: UInt64?
    package var answer: ConnectAnswer?
    /// Publish or play was accepted.
    package var startedAt: UInt64?
    package var acknowledgementWindow: UInt32?
    package var peerBandwidth: (size: UInt32, limit: BandwidthLimit)?
    package var chunkSize: UInt32 = 128
    /// Every onStatus, in order, at most `statusesMaximum`.
    package var statuses: [ServerStatus] = []

    private static let statusesMaximum = 64

    package struct TLS: Sendable {
        package let agreed: TLSFacts
        package let certificate: TLSCertificate?
        package let doneAt: UInt64
    }

    mutating func note(_ status: ServerStatus) {
        if statuses.count < Self.statusesMaximum { statuses.append(status) }
    }

    mutating func note(_ control: ControlMessage) {
        switch control {
        case .setChunkSize(let size): chunkSize = size
        case .windowAcknowledgementSize(let size): acknowledgementWindow = size
        case .setPeerBandwidth(let size, let limit): peerBandwidth = (size, limit)
        case .abort, .acknowledgement: break
        }
    }
}

extension ServerFacts.TLS {
    /// nil: the wire is plain.
    init?(_ wire: borrowing Wire, doneAt: UInt64) {
        guard let agreed = wire.facts else { return nil }
        self.init(agreed: agreed, certificate: wire.certificate, doneAt: doneAt)
    }
}
