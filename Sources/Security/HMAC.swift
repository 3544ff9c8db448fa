import COpenSSL

/// Keyed digests (RFC 2104).
package enum HMAC {
    /// 32 bytes.
    package static func sha256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            let isDone = copenssl_hmac_sha256(
                key, key.count, message, message.count, digest.baseAddress)
            // OpenSSL fails here only if it has no SHA-256 or no memory: nothing a peer can cause.
            precondition(isDone == 1, "OpenSSL provides HMAC-SHA256")
            count = 32
        }
    }
}

/// Whether the bytes are the same, in a time that does not tell where they differ.
///
/// Only the lengths show, which are no secret where this is used.
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && copenssl_compare(left, right, left.count) == 0
}
