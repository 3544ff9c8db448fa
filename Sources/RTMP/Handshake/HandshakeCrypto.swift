/// What the handshake cannot make itself: this target has no system module to ask.
package struct HandshakeCrypto: Sendable {
    package var hmacSHA256: @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8]
    package var randomBytes: @Sendable (_ count: Int) -> [UInt8]

    package init(
        hmacSHA256: @escaping @Sendable (_ key: [UInt8], _ message: [UInt8]) -> [UInt8],
        randomBytes: @escaping @Sendable (_ count: Int) -> [UInt8]
    ) {
        self.hmacSHA256 = hmacSHA256
        self.randomBytes = randomBytes
    }
}
