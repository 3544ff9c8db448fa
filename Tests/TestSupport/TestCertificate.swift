import CTestCertificates

/// A certificate and its key, made on the spot: none stands in the repository.
package struct TestCertificate: Sendable {
    /// PEM.
    package let certificate: String
    package let key: String

    /// - Parameters:
    ///   - names: as OpenSSL's configuration takes them: `DNS:localhost,IP:127.0.0.1`.
    ///   - notBefore: seconds from now, as `notAfter`.
    ///   - authority: who signs it; nil: it signs itself.
    package init(
        subject: String = "localhost", names: String? = "DNS:localhost,IP:127.0.0.1,IP:::1",
        notBefore: Int = -3600, notAfter: Int = 3600, isAuthority: Bool = false,
        signedBy authority: TestCertificate? = nil
    ) {
        let room = 16384
        var certificate = [CChar](repeating: 0, count: room)
        var key = [CChar](repeating: 0, count: room)
        let isMade = ctest_certificate(
            subject, names, notBefore, notAfter, isAuthority, authority?.certificate,
            authority?.key, &certificate, &key, room)
        precondition(isMade, "OpenSSL makes a certificate")
        self.certificate = Self.text(certificate)
        self.key = Self.text(key)
    }

    /// The key under a password.
    package func encryptedKey(password: String) -> String {
        var encrypted = [CChar](repeating: 0, count: 16384)
        let isMade = ctest_encrypt_key(key, password, &encrypted, encrypted.count)
        precondition(isMade, "OpenSSL encrypts a key")
        return Self.text(encrypted)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
