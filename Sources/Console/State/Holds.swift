import Monitor
package import Telemetry

/// A name that was kicked and may not come back yet.
package struct Hold: Hashable, Sendable {
    /// As `admin.hold` said it: `live/cam1`, or `live/cam1 for 192.0.2.44`.
    package let name: SafeText
    package let untilNanoseconds: UInt64
}

/// `:holds`: who is held, and letting them in again (DESIGN §12).
extension ConsoleState {
    /// Holds begin and end with events; those whose time is over are dropped.
    mutating func followHold(_ entry: JournalEntry, at now: UInt64) {
        switch entry.event.kind {
        case .hold(let name, let seconds):
            holds.removeAll { $0.name == name }
            let end = entry.event.atNanoseconds &+ UInt64(clamping: seconds) &* 1_000_000_000
            holds.append(Hold(name: name, untilNanoseconds: end))
        case .lift(let name):
            holds.removeAll { $0.name == name }
            say("\(name) may come again", .sevOk, at: now)
        default: break
        }
    }

    mutating func dropHolds(endedBefore now: UInt64) {
        holds.removeAll { $0.untilNanoseconds <= now }
        if case .holds(let index) = dialog, index >= holds.count {
            dialog = .holds(max(holds.count - 1, 0))
        }
    }

    mutating func openHolds() {
        dialog = .holds(0)
        isDialogDrawn = false
    }

    mutating func answerHolds(_ index: Int, _ action: Action?, at now: UInt64) -> [Intent] {
        switch action {
        case .up: dialog = .holds(max(index - 1, 0))
        case .down: dialog = .holds(min(index + 1, max(holds.count - 1, 0)))
        case .no: dialog = nil
        case .open:
            guard holds.indices.contains(index) else {
                dialog = nil
                return []
            }
            return lift(holds[index].name, at: now)
        default: break
        }
        return []
    }

    mutating func lift(_ name: SafeText, at now: UInt64) -> [Intent] {
        guard !isReadOnly else {
            say("read-only: holds cannot be lifted from here", .sevWarn, at: now)
            return []
        }
        return [.lift(name)]
    }
}
