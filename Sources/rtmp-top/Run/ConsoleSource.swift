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
                }, tell: { service.tell($0) }, outlivesTerminal: true,
                reloadCertificate: { [control = service.control] in control.reloadCertificate() })
        }
    }
}

/// The newest look at the server, from the sampler's thread to whoever shows it.
final class NewestSnapshot: Sendable {
    private let snapshot = Lock<Snapshot?>(nil)
    private let looked: Wakeup

    init() throws(PosixError) {
        looked = try Wakeup()
    }

    func set(_ new: Snapshot) {
        // The old one is taken apart outside the lock, so that nobody waits for that.
        let old = snapshot.withLock { snapshot in
            defer { snapshot = new }
            return snapshot
        }
        if old == nil { looked.signal() }
    }

    func get() -> Snapshot? { snapshot.withLock { $0 } }

    /// The sampler looks at once when it starts, so this is a moment.
    func waitForFirst() -> Snapshot {
        while true {
            if let first = get() { return first }
            looked.wait()
        }
    }
}
