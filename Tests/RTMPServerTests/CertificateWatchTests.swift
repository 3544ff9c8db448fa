import Posix
import Testing

@testable import RTMPServer

/// When the files of a certificate are worth a try.
@Suite struct CertificateWatchTests {
    private func reading(_ certificate: UInt8, _ key: UInt8) -> CertificateReading {
        CertificateReading(
            certificate: .init(path: "c", bytes: [certificate], fault: nil),
            key: .init(path: "k", bytes: [key], fault: nil))
    }

    private struct Look {
        let reading: CertificateReading
        var isWanted = false
        let isTried: Bool
    }

    private func check(_ looks: [Look]) {
        var watch = CertificateWatch(tried: reading(1, 1))
        let tried = looks.map { watch.look(at: $0.reading, isWanted: $0.isWanted) }
        #expect(tried == looks.map(\.isTried))
    }

    @Test func `files that do not change are not tried`() {
        check([
            Look(reading: reading(1, 1), isTried: false),
            Look(reading: reading(1, 1), isTried: false),
        ])
    }

    @Test func `a change is tried once it stands still, and once only`() {
        check([
            Look(reading: reading(2, 1), isTried: false),
            Look(reading: reading(2, 2), isTried: false),
            Look(reading: reading(2, 2), isTried: true),
            Look(reading: reading(2, 2), isTried: false),
        ])
    }

    @Test func `who asks is answered, changed or not`() {
        check([
            Look(reading: reading(1, 1), isWanted: true, isTried: true),
            Look(reading: reading(2, 1), isWanted: true, isTried: true),
            Look(reading: reading(2, 1), isTried: false),
        ])
    }

    @Test func `a file that goes away is a change too`() {
        let gone = CertificateReading(
            certificate: .init(path: "c", bytes: [], fault: PosixError("open", code: 2)),
            key: .init(path: "k", bytes: [1], fault: nil))
        check([
            Look(reading: gone, isTried: false),
            Look(reading: gone, isTried: true),
            Look(reading: gone, isTried: false),
            Look(reading: reading(1, 1), isTried: false),
            Look(reading: reading(1, 1), isTried: true),
        ])
    }
}
