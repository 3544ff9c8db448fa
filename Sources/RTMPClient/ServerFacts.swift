package import RTMP

/// What a server told of itself on the way to publish or play, and when, in monotonic nanoseconds.
package struct ServerFacts: Sendable {
    package var address: String
    package var dialledAt: UInt64
    package var connectedAt: UInt64
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
