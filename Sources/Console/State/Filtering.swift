package import Monitor
import Telemetry

/// Filters and the line they are typed in.
extension ConsoleState {
    /// The filter of the view shown.
    package var filterLine: FilterLine? {
        switch page {
        case .view(.overview): overviewSessions.filter.line
        case .view(.connections): connections.filter.line
        case .view(.streams): streams.filter.line
        case .view(.trace): traceFilter.line
        case .view(.events): eventFilter.line
        case .view(.history): ended.filter.line
        case .help: helpFilter
        case .view(.graphs), .inspector: nil
        }
    }

    private mutating func setFilter(_ line: FilterLine) throws(FilterError) {
        let offset = options.utcOffsetSeconds
        switch page {
        case .view(.overview):
            try overviewSessions.filter.set(line, utcOffsetSeconds: offset)
            overviewSessions.rows.isStale = true
        case .view(.connections):
            try connections.filter.set(line, utcOffsetSeconds: offset)
            connections.rows.isStale = true
        case .view(.streams):
            try streams.filter.set(line, utcOffsetSeconds: offset)
            streams.streams.isStale = true
        case .view(.trace):
            try traceFilter.set(line, utcOffsetSeconds: offset)
            traceLog.forgetMatches()
        case .view(.events):
            try eventFilter.set(line, utcOffsetSeconds: offset)
            eventLog.forgetMatches()
        case .view(.history):
            try ended.filter.set(line, utcOffsetSeconds: offset)
            ended.rows.isStale = true
        case .help:
            helpFilter = line
            helpTop = 0
        case .view(.graphs), .inspector: break
        }
    }

    /// `--filter`: applies to the view shown.
    package mutating func applyFilter(_ text: String) throws(FilterError) {
        try setFilter(FilterLine(text: text))
    }

    mutating func openPrompt(isFind: Bool = false) {
        guard let line = isFind ? findLine : filterLine else { return }
        prompt = FilterPrompt(
            line: LineEditor(line.text, history: filterHistory), original: line, isFind: isFind)
        isDialogDrawn = false
    }

    /// Text goes where text is typed, and nowhere else: what was copied is no sequence of keys.
    mutating func paste(_ text: String, _ live: Snapshot, at now: UInt64) {
        guard dialog == nil else { return }
        for scalar in text.unicodeScalars {
            let key = Key.character(scalar == "\n" || scalar == "\t" ? " " : scalar)
            if let command {
                _ = edit(command, key, nil, live, at: now)
            } else if let prompt {
                edit(prompt, key, nil, live)
            }
        }
    }

    mutating func edit(
        _ prompt: FilterPrompt, _ key: Key, _ action: Action?, _ live: Snapshot
    ) {
        var prompt = prompt
        switch action {
        case .open: return keep(prompt)
        case .no:
            if !prompt.isFind { restore(prompt.original) }
            self.prompt = nil
            return
        case .complete, .completeBack:
            if prompt.completion == nil {
                prompt.completion = filterCompletion(of: prompt.line.textBeforeCursor, live)
            }
            prompt.completion?.step(&prompt.line, forward: action == .complete)
        case .some(let action):
            guard prompt.line.apply(action) else { return }
            prompt.completion = nil
        case nil:
            guard case .character(let scalar) = key else { return }
            prompt.line.insert(scalar)
            prompt.completion = nil
        }
        prompt.fault = nil
        self.prompt = prompt
        guard !prompt.isFind else { return }
        do {
            try setFilter(FilterLine(text: prompt.line.text))
        } catch {
            // Half typed: what parsed last stays in force; Enter says what is wrong.
        }
    }

    private mutating func keep(_ prompt: FilterPrompt) {
        let text = prompt.line.text
        do {
            if prompt.isFind {
                try setFind(FilterLine(text: text))
                wantsFind = true
            } else {
                try setFilter(FilterLine(text: text))
            }
            if !FilterLine(text: text).isBlank {
                filterHistory.removeAll { $0 == text }
                filterHistory.append(text)
                if filterHistory.count > 50 { filterHistory.removeFirst() }
            }
            self.prompt = nil
        } catch {
            var faulty = prompt
            faulty.fault = error
            faulty.line.moveCursor(to: error.position)
            self.prompt = faulty
        }
    }

    /// Puts back a filter that was in force, and so is known to parse.
    private mutating func restore(_ line: FilterLine) {
        do {
            try setFilter(line)
        } catch {
            preconditionFailure("a filter that was in force parses")
        }
    }

    mutating func toggleFilter(at now: UInt64) {
        guard var line = filterLine else { return }
        guard !line.isBlank else {
            say("there is no filter here: / asks for one", at: now)
            return
        }
        line.isOn.toggle()
        restore(line)
    }

    mutating func toggleErrorsOnly() {
        if page == .view(.events) {
            eventErrorsOnly.toggle()
            eventLog.forgetMatches()
        } else {
            connections.errorsOnly.toggle()
            connections.rows.isStale = true
        }
    }
}
