import Monitor
import Telemetry

/// The prompt of `:` (DESIGN §4, §9).
package struct CommandPrompt: Sendable {
    package internal(set) var line: LineEditor
    /// What is wrong with it and where; set by Enter.
    package internal(set) var fault: CommandFault?
    var completion: Completion?

    /// What Tab has found, for the end of the line.
    package var offers: [String] { completion?.candidates ?? [] }
}

package struct CommandFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// In Unicode scalars from the start of the command.
    package let position: Int
    package let description: String

    init(at position: Int, _ description: String) {
        self.position = position
        self.description = description
    }
}

extension ConsoleState {
    mutating func openCommand(_ text: String = "") {
        command = CommandPrompt(line: LineEditor(text, history: commandHistory))
    }

    mutating func edit(
        _ prompt: CommandPrompt, _ key: Key, _ action: Action?, _ live: Snapshot, at now: UInt64
    ) -> [Intent] {
        var prompt = prompt
        switch action {
        case .open: return enter(prompt, live, at: now)
        case .no:
            command = nil
            return []
        case .complete, .completeBack:
            if prompt.completion == nil {
                prompt.completion = completion(of: prompt.line.textBeforeCursor, live)
            }
            prompt.completion?.step(&prompt.line, forward: action == .complete)
            prompt.fault = nil
            command = prompt
            return []
        case .backspace where prompt.line.text.isEmpty:
            command = nil
            return []
        case .some(let action):
            guard prompt.line.apply(action) else { return [] }
        case nil:
            guard case .character(let scalar) = key else { return [] }
            prompt.line.insert(scalar)
        }
        prompt.fault = nil
        prompt.completion = nil
        command = prompt
        return []
    }

    private mutating func enter(
        _ prompt: CommandPrompt, _ live: Snapshot, at now: UInt64
    ) -> [Intent] {
        let text = prompt.line.text
        command = nil
        guard !text.trimmed.isEmpty else { return [] }
        do {
            let intents = try run(text, live, at: now)
            commandHistory.removeAll { $0 == text }
            commandHistory.append(text)
            if commandHistory.count > 50 { commandHistory.removeFirst() }
            return intents
        } catch {
            var faulty = prompt
            faulty.fault = error
            faulty.completion = nil
            faulty.line.moveCursor(to: error.position)
            command = faulty
            return []
        }
    }

    /// `^R`
    mutating func repeatCommand(_ live: Snapshot, at now: UInt64) -> [Intent] {
        guard let last = commandHistory.last else {
            say("no command was given yet", at: now)
            return []
        }
        do {
            return try run(last, live, at: now)
        } catch {
            say("\(last): \(error)", .sevWarn, at: now)
            return []
        }
    }

    // MARK: Completion

    private func completion(of text: String, _ live: Snapshot) -> Completion? {
        let words = CommandWords(text)
        guard let last = words.last, words.count > 1 else {
            return Self.completion(of: words.last?.text ?? "", among: CommandTable.names)
        }
        guard let row = CommandTable.row(named: words[0].text),
            let argument = row.arguments.prefix(words.count - 1).last
        else { return nil }
        switch argument {
        case .filter:
            // The rest of the line is one expression.
            return filterCompletion(of: words.rest(from: row.name == "trace" ? 2 : 1), live)
        case .session:
            let ids = live.sessions.filter(\.isOpen).map { "\($0.id)" }
            return Self.completion(
                of: last.text, among: row.name == "reconnect" ? ids + ["all"] : ids)
        case .stream:
            return Self.completion(of: last.text, among: live.streams.map(\.key.description))
        case .column:
            return Self.completion(
                of: last.text, among: sortedTable?.sortNames ?? [])
        case .format:
            return Self.completion(of: last.text, among: ViewForm.allCases.map(\.rawValue))
        case .command: return Self.completion(of: last.text, among: CommandTable.names)
        case .action:
            let actions = KeyMap.standardRows.map(\.action.name)
            return Self.completion(
                of: last.text,
                among: Set(actions).filter { KeyMap.action(named: $0) != nil }.sorted() + ["none"])
        case .setting: return Self.completion(of: last.text, among: SettingTable.names)
        case .theme: return Self.completion(of: last.text, among: options.themeNames)
        case .hold: return Self.completion(of: last.text, among: holds.map(\.name.description))
        case .words(let words): return Self.completion(of: last.text, among: words)
        case .text: return nil
        }
    }

    private static func completion(of typed: String, among words: [String]) -> Completion? {
        Completion(
            words.filter { $0.hasPrefix(typed) && $0 != typed },
            replacing: typed.unicodeScalars.count)
    }

    /// What may follow in a filter of this view.
    func filterCompletion(of text: String, _ live: Snapshot) -> Completion? {
        if page == .help { return nil }
        let drawn = frozen ?? live
        let found: FilterCompletion =
            switch page {
            case .view(.trace): .of(text, TraceEntry.self, in: drawn)
            case .view(.events): .of(text, JournalEntry.self, in: drawn)
            case .view(.streams): .of(text, StreamRow.self, in: drawn)
            default: .of(text, SessionRow.self, in: drawn)
            }
        return Completion(found.candidates, replacing: found.replacing)
    }
}

/// The words of a command and where they stand; a last blank begins an empty one.
struct CommandWords {
    struct Word {
        let text: String
        let position: Int
    }

    private let words: [Word]
    private let scalars: [Unicode.Scalar]

    init(_ line: String) {
        scalars = Array(line.unicodeScalars)
        var words: [Word] = []
        var start = 0
        for index in 0...scalars.count where index == scalars.count || scalars[index] == " " {
            if index > start || index == scalars.count && !words.isEmpty {
                words.append(Word(text: Self.text(scalars[start..<index]), position: start))
            }
            start = index + 1
        }
        self.words = words
    }

    var count: Int { words.count }
    var last: Word? { words.last }
    subscript(index: Int) -> Word { words[index] }

    /// The word, or where it would have to stand.
    func word(_ index: Int) -> Word {
        words.indices.contains(index) ? words[index] : Word(text: "", position: scalars.count)
    }

    /// All that stands from a word on.
    func rest(from index: Int) -> String {
        words.indices.contains(index) ? Self.text(scalars[words[index].position...]) : ""
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
