import Console
import Posix

/// Asks a terminal what terminfo cannot know: its background, and whether it takes whole frames.
enum TerminalQuery {
    struct Answers: Equatable {
        var ground: Theme.Ground?
        var hasSynchronizedOutput = false
        /// The terminal has answered the last question, which all can.
        var isComplete = false
    }

    /// Background colour (OSC 11), mode 2026 (DECRQM), and what kind it is (DA1): the last is there
    /// to know that no answer to the others will come any more.
    private static let questions = "\u{1b}]11;?\u{1b}\\\u{1b}[?2026$p\u{1b}[c"

    /// Waits 100 ms for the answers at most.
    static func ask(_ file: borrowing File) -> Answers {
        var received: [UInt8] = []
        do {
            let modes = try TerminalModes(of: file.descriptor)
            try modes.asTyped.apply(to: file.descriptor)
            // Failing to restore is failing to restore later too, and is reported then.
            defer { try? modes.apply(to: file.descriptor) }
            try file.writeAll(questions)
            try receive(file, into: &received)
        } catch {
            // A terminal that cannot be asked has told nothing.
        }
        return answers(in: received)
    }

    private static func receive(
        _ file: borrowing File, into received: inout [UInt8]
    ) throws(PosixError) {
        let poller = try Poller()
        try poller.add(file.descriptor, token: 0, .readable)
        var events = [PollEvent()]
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
        defer { buffer.deallocate() }
        let deadline = Clock.monotonicNanoseconds() + 100_000_000
        while received.count < 4096, !answers(in: received).isComplete {
            let now = Clock.monotonicNanoseconds()
            guard now < deadline,
                try poller.wait(into: &events, timeoutNanoseconds: Int64(deadline - now)) > 0,
                case .bytes(let count) = try file.read(into: buffer)
            else { return }
            received.append(contentsOf: buffer[..<count])
        }
    }

    /// Finds the answers among whatever else was typed meanwhile.
    static func answers(in bytes: [UInt8]) -> Answers {
        var answers = Answers()
        let text = String(decoding: bytes, as: UTF8.self)
        for part in text.split(separator: "\u{1b}") {
            if part.hasPrefix("]11;rgb:") {
                let value = part.dropFirst(8).prefix { $0 != "\u{7}" }
                answers.ground = ground(rgb: String(value))
            } else if part == "[?2026;1$y" || part == "[?2026;2$y" {
                answers.hasSynchronizedOutput = true
            } else if part.hasPrefix("[?"), part.hasSuffix("c") {
                answers.isComplete = true
            }
        }
        return answers
    }

    /// `RRRR/GGGG/BBBB`, one to four hexadecimal digits each.
    private static func ground(rgb: String) -> Theme.Ground? {
        let parts = rgb.split(separator: "/")
        guard parts.count == 3 else { return nil }
        var brightness = 0.0
        for (part, weight) in zip(parts, [0.2126, 0.7152, 0.0722]) {
            guard (1...4).contains(part.utf8.count), let value = UInt16(part, radix: 16)
            else { return nil }
            let full = (1 << (4 * part.utf8.count)) - 1
            brightness += weight * Double(value) / Double(full)
        }
        return brightness > 0.5 ? .light : .dark
    }

    /// rxvt's way: `15;0`, the last number being the background's of the 16.
    static func ground(colourFGBG: String?) -> Theme.Ground? {
        guard let last = colourFGBG?.split(separator: ";").last, let index = Int(last),
            (0..<16).contains(index)
        else { return nil }
        return index == 7 || index > 8 ? .light : .dark
    }
}
