import COpenSSL

/// What all channels of a kind share: our certificate and key as a server, whom we trust as a client.
///
/// Channels keep it as long as they live, so that a new one for those to come disturbs nobody.
package final class TLSContext: Sendable {
    /// Safe to share: OpenSSL counts its references by atomics, and it is not changed once it is made.
    nonisolated(unsafe) let handle: OpaquePointer

    private init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        copenssl_context_free(handle)
    }

    /// A server's. TLS 1.2 and up, no tickets (URL-4), the cheapest good cipher first.
    ///
    /// - Parameters:
    ///   - certificate: PEM, the own one first, then those that lead to a root.
    ///   - key: PEM, without a password.
    package static func server(
        certificate: [UInt8], key: [UInt8]
    ) throws(TLSSetupError) -> TLSContext {
        try make {
            copenssl_server_context(certificate, certificate.count, key, key.count, $0, $1)
        }
    }

    /// A client's.
    ///
    /// - Parameters:
    ///   - authorities: PEM of those trusted. nil: the system's.
    ///   - verifies: whether a server has to prove who it is. What speaks against it is known anyway.
    package static func client(
        trusting authorities: [UInt8]? = nil, verifies: Bool = true
    ) throws(TLSSetupError) -> TLSContext {
        try make {
            guard let authorities else {
                return copenssl_client_context(nil, 0, verifies, $0, $1)
            }
            return copenssl_client_context(authorities, authorities.count, verifies, $0, $1)
        }
    }

    /// nil: a client's.
    package var ownCertificate: TLSCertificate? {
        var raw = copenssl_certificate()
        return copenssl_own_certificate(handle, &raw) ? TLSCertificate(raw) : nil
    }

    private static func make(
        _ make: (
            UnsafeMutablePointer<copenssl_setup>, UnsafeMutablePointer<UnsafePointer<CChar>?>
        ) -> OpaquePointer?
    ) throws(TLSSetupError) -> TLSContext {
        var outcome = copenssl_setup.failed
        var why: UnsafePointer<CChar>?
        if let handle = make(&outcome, &why) { return TLSContext(handle) }
        let reason = why.map { String(cString: $0) } ?? ""
        switch outcome {
        case .noCertificate: throw .noCertificate
        case .badCertificate: throw .badCertificate(reason: reason)
        case .noKey: throw .noKey
        case .encryptedKey: throw .encryptedKey
        case .badKey: throw .badKey(reason: reason)
        case .keyMismatch: throw .keyMismatch
        case .done, .failed: throw .failed(reason: reason)
        }
    }
}

/// Why there is no context for what was given.
package enum TLSSetupError: Error, Hashable, Sendable, CustomStringConvertible {
    case noCertificate
    case badCertificate(reason: String)
    case noKey
    case encryptedKey
    case badKey(reason: String)
    case keyMismatch
    case failed(reason: String)

    package var description: String {
        switch self {
        case .noCertificate: "no certificate in it (PEM)"
        case .badCertificate(let reason): "a certificate that cannot be used: \(reason)"
        case .noKey: "no private key in it (PEM)"
        case .encryptedKey: "the key is protected by a password"
        case .badKey(let reason): "a key that cannot be used: \(reason)"
        case .keyMismatch: "the key is not the certificate's"
        case .failed(let reason): "OpenSSL failed: \(reason)"
        }
    }
}
