import COpenSSL

/// Bytes that nobody can foresee.
package enum RandomBytes {
    package static func make(count: Int) -> [UInt8] {
        precondition(count >= 0, "a count of bytes is not negative")
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, made in
            guard let start = bytes.baseAddress, count > 0 else { return }
            // OpenSSL draws on getrandom(2), which waits at boot and then never fails.
            precondition(copenssl_random(start, count) == 1, "the system provides random bytes")
            made = count
        }
    }
}
