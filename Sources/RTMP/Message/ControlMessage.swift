/// Protocol control messages, types 1, 2, 3, 5 and 6 (RTMP 1.0, 5.4).
package enum ControlMessage: Hashable, Sendable {
    case setChunkSize(UInt32)
    case abort(ChunkStreamID)
    /// Bytes received, modulo 2³².
    case acknowledgement(UInt32)
    case windowAcknowledgementSize(UInt32)
    case setPeerBandwidth(UInt32, BandwidthLimit)
}

/// The limit type of Set Peer Bandwidth (RTMP 1.0, 5.4.5).
package enum BandwidthLimit: UInt8, Hashable, Sendable {
    case hard = 0
    case soft = 1
    case dynamic = 2
}
