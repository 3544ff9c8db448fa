import Foundation
import RTMPServer
import TestSupport

/// Gone with the test.
final class TemporaryFolder {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)  // a leftover harms nobody
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
    }

    /// Puts it where a server finds it, in place of the one that is there.
    @discardableResult
    func certificate(_ certificate: TestCertificate) throws -> CertificateFiles {
        try write(certificate.key, to: "key.pem")
        try write(certificate.certificate, to: "certificate.pem")
        return CertificateFiles(certificate: path("certificate.pem"), key: path("key.pem"))
    }
}
