import Posix
import Security
import Synchronization
import Telemetry

/// Where a server's certificate and its key stand, as PEM; one file may hold both.
package struct CertificateFiles: Hashable, Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// The certificate for connections to come, read anew when its files change and when somebody asks.
///
/// Those that are there keep the one they began with. A certificate that cannot be used leaves the old
/// one in its place. `run` is the life of a thread of its own: no worker waits for a disk.
final class Certificates: Sendable {
    /// A chain of a dozen certificates has some 30 KB.
    private static let fileBytesMaximum = 1 << 20
    private static let lookMilliseconds: Int32 = 1000

    private let files: CertificateFiles
    private let context: Lock<TLSContext>
    private let first: CertificateReading
    private let lanes = Lanes(events: 64, messages: 1, trace: 1)
    private let wakeup: Wakeup
    private let isStopping = Atomic(false)
    private let isWanted = Atomic(false)

    init(_ files: CertificateFiles, registry: ProbeRegistry) throws(ServerError) {
        self.files = files
        first = Self.read(files)
        do throws(CertificateReading.Fault) {
            context = Lock(try first.context())
        } catch {
            throw .certificate(error.description)
        }
        do throws(PosixError) {
            wakeup = try Wakeup()
        } catch {
            throw .cannotStart(error)
        }
        registry.add(lanes)
    }

    /// For a new connection.
    var current: TLSContext { context.withLock { $0 } }

    /// Can be called from any thread.
    func reload() {
        isWanted.store(true, ordering: .releasing)
        wakeup.signal()
    }

    /// Can be called from any thread.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeup.signal()
    }

    /// The thread's whole life.
    func run() {
        var watch = CertificateWatch(tried: first)
        while !isStopping.load(ordering: .acquiring) {
            wakeup.wait(timeoutMilliseconds: Self.lookMilliseconds)
            guard !isStopping.load(ordering: .acquiring) else { return }
            let isWanted = isWanted.exchange(false, ordering: .acquiringAndReleasing)
            let reading = Self.read(files)
            guard watch.look(at: reading, isWanted: isWanted) else { continue }
            take(reading)
        }
    }

    private func take(_ reading: CertificateReading) {
        do throws(CertificateReading.Fault) {
            let new = try reading.context()
            context.withLock { $0 = new }
            tell(isTaken: true, Self.words(new))
        } catch {
            tell(isTaken: false, SafeText(error.description))
        }
    }

    private func tell(isTaken: Bool, _ detail: SafeText) {
        let kind = Event.Kind.certificate(
            file: SafeText(files.certificate), isTaken: isTaken, detail: detail)
        lanes.events.put(Event(atNanoseconds: Clock.monotonicNanoseconds(), kind: kind))
    }

    /// `CN=live.example.org, good until 2027-02-01T12:00:00Z`.
    private static func words(_ context: TLSContext) -> SafeText {
        guard let certificate = context.ownCertificate else { return "" }
        let end = Clock.iso8601(wallClockMilliseconds: certificate.notAfter &* 1000)
        return "\(certificate.subject), good until \(end)"
    }

    private static func read(_ files: CertificateFiles) -> CertificateReading {
        func read(_ path: String) -> CertificateReading.File {
            do throws(PosixError) {
                return .init(
                    path: path, bytes: try File.readAll(path, limit: fileBytesMaximum), fault: nil)
            } catch {
                return .init(path: path, bytes: [], fault: error)
            }
        }
        return CertificateReading(certificate: read(files.certificate), key: read(files.key))
    }
}

/// What two files held at one moment.
struct CertificateReading: Hashable {
    struct File: Hashable {
        let path: String
        let bytes: [UInt8]
        let fault: PosixError?
    }

    /// A sentence that names the file.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    let certificate: File
    let key: File

    func context() throws(Fault) -> TLSContext {
        for file in [certificate, key] {
            if let fault = file.fault {
                throw Fault(description: "cannot read \(file.path): \(fault.reason)")
            }
        }
        do throws(TLSSetupError) {
            return try .server(certificate: certificate.bytes, key: key.bytes)
        } catch {
            switch error {
            case .noCertificate, .badCertificate:
                throw Fault(description: "\(certificate.path): \(error)")
            case .noKey, .encryptedKey, .badKey, .keyMismatch, .failed:
                throw Fault(description: "\(key.path): \(error)")
            }
        }
    }
}

/// Decides when files are worth a try: once they have changed and then stood still for a look, so that
/// the moment between a new certificate and its key is no fault.
struct CertificateWatch {
    private var tried: CertificateReading
    private var seen: CertificateReading

    init(tried: CertificateReading) {
        self.tried = tried
        seen = tried
    }

    mutating func look(at reading: CertificateReading, isWanted: Bool) -> Bool {
        let isStill = reading == seen
        seen = reading
        guard isWanted || isStill && reading != tried else { return false }
        tried = reading
        return true
    }
}
