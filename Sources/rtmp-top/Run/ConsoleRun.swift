import Console
import CursesTerminal
import Monitor
import Posix
import RTMPServer
import Telemetry

/// The console on its terminal: the main thread waits for keys, new data and the end.
///
/// New data is drawn as often as the console wants, a key at once. While a write to the terminal
/// blocks, this thread blocks and nothing else; afterwards only the newest snapshot is drawn.
struct ConsoleRun {
    /// Where snapshots come from and where wishes go.
    struct Source {
        let newest: () -> Snapshot
        let close: (SessionID, CloseWay) -> Void
        let trace: (Set<SessionID>) -> Void
        let inspect: (Set<SessionID>) -> Void
        /// There is something to serve when the terminal is gone.
        let outlivesTerminal: Bool
    }

    private let terminal: CursesTerminal
    private let source: Source
    private let ending: Ending
    private var state: ConsoleState
    private let end: UInt64?

    init(
        _ terminal: CursesTerminal, _ state: ConsoleState, _ source: Source, _ ending: Ending,
        endNanoseconds: UInt64?
    ) {
        self.terminal = terminal
        self.source = source
        self.ending = ending
        self.state = state
        end = endNanoseconds
    }

    /// Until the end is wanted. A terminal that goes away leaves the server serving.
    mutating func run() -> Ending.Reason {
        var live = source.newest()
        take(.resize(width: terminal.width, height: terminal.height), live)
        var frameDue = Clock.monotonicNanoseconds()
        while ending.reason == nil, !state.isTerminalLost {
            let now = Clock.monotonicNanoseconds()
            if let end, now >= end { return .duration }
            if now >= frameDue {
                live = source.newest()
                perform(state.absorb(live, at: now))
                frameDue = now + UInt64(1_000_000_000 / state.refreshHertz)
                draw(live)
            }
            let wait = min(frameDue, end ?? .max) - min(now, frameDue)
            if let input = terminal.nextInput(
                timeoutMilliseconds: Int32(clamping: wait / 1_000_000 + 1))
            {
                take(input, live)
                draw(live)
            }
        }
        terminal.stop()
        if state.isTerminalLost, !source.outlivesTerminal { return .quit }
        return ending.wait(untilNanoseconds: end) ?? .duration
    }

    private mutating func take(_ input: Input, _ live: Snapshot) {
        perform(state.reduce(input, live, at: Clock.monotonicNanoseconds()))
    }

    private mutating func draw(_ live: Snapshot) {
        guard !state.isTerminalLost, ending.reason == nil else { return }
        terminal.draw(
            ConsoleView.draw(live, state, width: terminal.width, height: terminal.height))
        state.didDraw()
    }

    private func perform(_ intents: [Intent]) {
        for intent in intents {
            switch intent {
            case .close(let session, let way): source.close(session, way)
            case .trace(let sessions): source.trace(sessions)
            case .inspect(let sessions): source.inspect(sessions)
            case .redraw: terminal.redraw()
            case .quit: ending.request(.quit)
            }
        }
    }
}
