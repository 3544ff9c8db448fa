import COpenSSL

/// What two peers agreed on.
package struct TLSFacts: Hashable, Sendable {
    /// `TLSv1.3`.
    package let version: String
    /// `TLS_AES_128_GCM_SHA256`.
    package let cipher: String
}

/// What a certificate says: foreign text, to be made safe before it is shown.
package struct TLSCertificate: Hashable, Sendable {
    /// RFC 2253: `CN=localhost`.
    package let subject: String
    package let issuer: String
    /// Names and addresses it is good for.
    package let names: [String]
    /// Seconds since 1970.
    package let notBefore: Int64
    package let notAfter: Int64
    /// Of a peer's: why it would not be taken by who verifies. nil: it would.
    package let doubt: String?

    init(_ raw: copenssl_certificate, doubt: String? = nil) {
        func text(_ field: some Any) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        subject = text(raw.subject)
        issuer = text(raw.issuer)
        names = text(raw.names).split(separator: " ").map(String.init)
        notBefore = raw.not_before
        notAfter = raw.not_after
        self.doubt = doubt
    }
}
