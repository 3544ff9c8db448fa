import Security
import TestSupport
import Testing

/// What may stand in the files of a certificate and its key.
@Suite struct TLSContextTests {
    private static let good = TestCertificate()
    private static let cutPEM = String(good.certificate.dropLast(200))
    /// Its first line of base 64 is another one's last.
    private static let damagedKey: String = {
        var lines = good.key.split(separator: "\n")
        lines.swapAt(1, lines.count - 2)
        return lines.joined(separator: "\n") + "\n"
    }()

    struct Trial: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let certificate: String
        let key: String
        /// nil: its reason is OpenSSL's to say.
        let expected: String
    }

    static let trials = [
        Trial(
            testDescription: "nothing", certificate: "", key: "",
            expected: "no certificate in it (PEM)"),
        Trial(
            testDescription: "a key for a certificate", certificate: good.key, key: good.key,
            expected: "no certificate in it (PEM)"),
        Trial(
            testDescription: "a certificate cut off", certificate: cutPEM, key: good.key,
            expected: "a certificate that cannot be used: "),
        Trial(
            testDescription: "a chain cut off", certificate: good.certificate + cutPEM,
            key: good.key, expected: "a certificate that cannot be used: "),
        Trial(
            testDescription: "no key", certificate: good.certificate, key: good.certificate,
            expected: "no private key in it (PEM)"),
        Trial(
            testDescription: "a damaged key", certificate: good.certificate,
            key: damagedKey, expected: "a key that cannot be used: "),
        Trial(
            testDescription: "a key under a password", certificate: good.certificate,
            key: good.encryptedKey(password: "secret"),
            expected: "the key is protected by a password"),
        Trial(
            testDescription: "another's key", certificate: good.certificate,
            key: TestCertificate().key, expected: "the key is not the certificate's"),
    ]

    @Test(arguments: trials)
    func `files that do not fit are told apart`(trial: Trial) throws {
        let error = #expect(throws: TLSSetupError.self) {
            try TLSContext.server(
                certificate: Array(trial.certificate.utf8), key: Array(trial.key.utf8))
        }
        let sentence = error?.description ?? ""
        #expect(sentence.hasPrefix(trial.expected), "\(sentence)")
    }

    @Test func `one file may hold both, in any order`() throws {
        let (certificate, key) = (Self.good.certificate, Self.good.key)
        for both in [certificate + key, key + certificate] {
            _ = try TLSContext.server(certificate: Array(both.utf8), key: Array(both.utf8))
        }
    }

    @Test func `a client is told when there is nobody to trust in the file`() throws {
        #expect(throws: TLSSetupError.noCertificate) { try TLSContext.client(trusting: []) }
        #expect(throws: TLSSetupError.noCertificate) {
            try TLSContext.client(trusting: Array(Self.good.key.utf8))
        }
        _ = try TLSContext.client()
    }
}
