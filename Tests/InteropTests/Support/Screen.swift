import Foundation
import Posix

/// A program on a terminal of its own, in tmux.
final class Screen {
    private let socket = "rtmp-top-\(UUID().uuidString.prefix(8))"
    /// tmux' server in the foreground: as a daemon it would outlive the test.
    private let server: RunningProgram

    /// A shell, so that the test can look at the terminal before and after the program.
    init(width: Int, height: Int) async throws {
        server = try RunningProgram(.tmux, ["-L", socket, "-f", "/dev/null", "-D"])
        try await eventually("tmux") {
            let probe = try RunningProgram(.tmux, ["-L", socket, "show-options", "-g"])
            return try await probe.exit() == 0
        }
        try await tmux(
            "new-session", "-d", "-x", "\(width)", "-y", "\(height)",
            "env PS1='ready$ ' LC_ALL=C.UTF-8 sh")
        try await waitFor("ready$")
    }

    /// Types a line into the shell.
    func run(_ line: String) async throws {
        try await tmux("send-keys", "-l", line)
        try await press("Enter")
    }

    /// Keys by tmux' names: `Enter`, `Escape`, `K`.
    func press(_ keys: String...) async throws {
        for key in keys { try await tmux("send-keys", key) }
    }

    func resize(width: Int, height: Int) async throws {
        try await tmux("resize-window", "-x", "\(width)", "-y", "\(height)")
    }

    var text: String {
        get async throws { try await tmux("capture-pane", "-p") }
    }

    /// What programs switch on a terminal, and what they have to leave as it was.
    struct State: Equatable {
        /// Alternate screen, cursor shown, reports of the mouse, application keys.
        let flags: String
        let modes: TerminalModes
    }

    var state: State {
        get async throws {
            let flags = try await tmux(
                "display-message", "-p",
                "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{mouse_button_flag} "
                    + "#{mouse_standard_flag} #{mouse_sgr_flag} #{keypad_cursor_flag} "
                    + "#{keypad_flag} #{wrap_flag} #{insert_flag} #{origin_flag}")
            let path = try await tmux("display-message", "-p", "#{pane_tty}")
            let terminal = try File.openTerminal(path.trimmingCharacters(in: .newlines))
            return State(flags: flags, modes: try TerminalModes(of: terminal.descriptor))
        }
    }

    var isAlternate: Bool {
        get async throws {
            try await tmux("display-message", "-p", "#{alternate_on}").hasPrefix("1")
        }
    }

    /// The screen once it shows all these words.
    @discardableResult
    func waitFor(_ words: String...) async throws -> String {
        try await waitFor("\(words)") { text in words.allSatisfy(text.contains) }
    }

    /// The screen once that holds of it.
    @discardableResult
    func waitFor(
        _ what: String = "what is awaited", _ holds: (String) -> Bool
    ) async throws -> String {
        let end = ContinuousClock.now + .seconds(20)
        var seen = ""
        while ContinuousClock.now < end {
            seen = try await text
            if holds(seen) { return seen }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Impatience(description: "\(what) is not on the screen:\n\(seen)")
    }

    @discardableResult
    private func tmux(_ arguments: String...) async throws -> String {
        let program = try RunningProgram(.tmux, ["-L", socket] + arguments)
        guard try await program.exit() == 0 else {
            throw Impatience(description: "tmux \(arguments): \(program.errorText)")
        }
        return program.outputText
    }
}
