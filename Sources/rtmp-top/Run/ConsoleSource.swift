import Console
import Monitor
import Posix
import RTMPServer
import Recording
import Telemetry

extension ConsoleRun {
    /// Where snapshots come from, where wishes go, and whose time it is.
    struct Source {
        let newest: () -> Snapshot
        /// What concerns the server; the terminal's and the program's own is done elsewhere.
        let perform: (Intent) -> Void
        var tell: (Event.Kind) -> Void = { _ in }
        /// Has a bell signalled when there is a newer one than this; nil: newer ones come with time.
        var awaitNewer: ((Snapshot, Wakeup) -> Void)?
        /// There is something to serve when the terminal is gone.
        let outlivesTerminal: Bool
        var reloadCertificate: @Sendable () -> Void = {}
        var now: () -> UInt64 = Clock.monotonicNanoseconds
        /// Waits until then; a demonstration only says that it is then.
        var rest: (UInt64, Ending) -> Void = { _ = $1.wait(untilNanoseconds: $0) }

        /// A server of our own.
        static func live(_ service: Service, _ newest: NewestSnapshot) -> Source {
            let first = newest.waitForFirst()
            return Source(
                newest: { newest.get() ?? first },
                perform: { intent in
                    switch intent {
                    case .close(let session, .close): service.control.close(session)
                    case .close(let session, .kick(let seconds)):
                        service.control.kick(session, holdSeconds: seconds)
                    case .close(let session, .reset): service.control.reset(session)
                    case .trace(let sessions):
                        service.control.trace(sessions)
                        let names = sessions.sorted().map { "#\($0)" }.joined(separator: " ")
                        service.tell(.trace(SafeText(sessions.isEmpty ? "off" : names)))
                    case .inspect(let sessions): service.sampler.inspect(sessions)
                    case .note(let session, let text):
                        service.sampler.write(note: text, of: session)
                        service.tell(.sessionNote(session, text ?? ""))
                    case .lift(let name): service.control.lift(name)
                    case .record(let stream, isOn: true):
                        let recordings = service.recordings
                        service.control.attach(to: stream) { recordings.begin($0) }
                    case .record(let stream, isOn: false):
                        service.recordings.stop(streamNamed: stream)
                    case .reconnect(let session?, let tcURL):
                        service.control.askToReconnect(session, tcURL: tcURL)
                    case .reconnect(nil, let tcURL):
                        service.control.askAllToReconnect(tcURL: tcURL)
                    case .redraw, .quit, .write, .writeBytes, .writeScreen, .copy, .detach, .theme,
                        .save:
                        break
                    }
                }, tell: { service.tell($0) }, awaitNewer: newest.awaitNewer,
                outlivesTerminal: true,
                reloadCertificate: { [control = service.control] in control.reloadCertificate() })
        }
    }
}

/// The newest look at the server, from the sampler's thread to whoever shows it.
final class NewestSnapshot: Sendable {
    private struct Shelf {
        var snapshot: Snapshot?
        /// Signalled with the next one, once.
        var bell: Wakeup?
    }

    private let shelf = Lock(Shelf())
    private let looked: Wakeup

    init() throws(PosixError) {
        looked = try Wakeup()
    }

    func set(_ new: Snapshot) {
        // The old one is taken apart outside the lock, so that nobody waits for that.
        let old = shelf.withLock { shelf in
            defer { shelf = Shelf(snapshot: new) }
            return shelf
        }
        old.bell?.signal()
        if old.snapshot == nil { looked.signal() }
    }

    func get() -> Snapshot? { shelf.withLock { $0.snapshot } }

    /// Signals when there is another than this one.
    func awaitNewer(than known: Snapshot, _ bell: Wakeup) {
        let isThere = shelf.withLock { shelf in
            guard shelf.snapshot?.takenAtNanoseconds == known.takenAtNanoseconds else {
                return true
            }
            shelf.bell = bell
            return false
        }
        if isThere { bell.signal() }
    }

    /// The sampler looks at once when it starts, so this is a moment.
    func waitForFirst() -> Snapshot {
        while true {
            if let first = get() { return first }
            looked.wait()
        }
    }
}
