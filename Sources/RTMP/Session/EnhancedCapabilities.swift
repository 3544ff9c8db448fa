/// What an Enhanced RTMP peer can do besides codecs: `capsEx` of connect and of its answer (MED-8).
package struct EnhancedCapabilities: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Follows a request to connect anew (MED-13).
    package static let reconnect = EnhancedCapabilities(rawValue: 1)
    package static let multitrack = EnhancedCapabilities(rawValue: 2)
    package static let modEx = EnhancedCapabilities(rawValue: 4)
    package static let timestampNanoOffset = EnhancedCapabilities(rawValue: 8)

    /// We send reconnect requests; the rest passes through.
    static let ours: EnhancedCapabilities = [
        .reconnect, .multitrack, .modEx, .timestampNanoOffset,
    ]
}
