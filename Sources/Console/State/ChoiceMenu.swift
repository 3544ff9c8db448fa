import Monitor
import Telemetry

/// The menus of `y` and `w`: a letter an item (DESIGN §14).
package struct ChoiceMenu: Sendable {
    package struct Item: Sendable {
        package var letter: Character
        package var name: String
        /// What is copied, or the form that is written.
        package var text: String

        var preview: String { String(text.prefix { $0 != "\n" }) }
    }

    enum Purpose: Sendable {
        case copy(toFile: Bool)
        /// Under names that begin so.
        case write(name: String)
    }

    let title: String
    let purpose: Purpose
    package let items: [Item]
    package internal(set) var index = 0

    init(_ title: String, _ purpose: Purpose, _ items: [(Character, String, String)]) {
        self.title = title
        self.purpose = purpose
        self.items = items.map { Item(letter: $0.0, name: $0.1, text: $0.2) }
    }
}

extension ConsoleState {
    /// `y` and `Y`: what the row under the cursor has to copy, as it stands now.
    mutating func openCopyMenu(toFile: Bool, _ live: Snapshot, at now: UInt64) {
        let items = copyItems(live)
        guard !items.isEmpty else { return say("nothing under the cursor to copy", at: now) }
        dialog = .choice(
            ChoiceMenu(
                toFile ? "Copy into clip.txt" : "Copy to the clipboard", .copy(toFile: toFile),
                items))
        isDialogDrawn = false
    }

    private func copyItems(_ live: Snapshot) -> [(Character, String, String)] {
        let scene = Scene(live, self)
        var items: [(Character, String, String)] = []
        func add(_ letter: Character, _ name: String, _ text: SafeText?) {
            if let text, !text.description.isEmpty { items.append((letter, name, "\(text)")) }
        }
        if let id = cursorSession, let row = scene.session(id) {
            items.append(("i", "id", "#\(id)"))
            add("s", "stream", row.facts.stream)
            items.append(("p", "peer", row.peer))
            add("u", "tcUrl", row.facts.tcURL)
            add("n", "note", row.note)
        } else if case .view(.streams) = page, case .stream(let key) = streams.cursor {
            items.append(("s", "stream", key))
        } else if case .view(.overview) = page, let key = overviewStreams.streams.cursor {
            items.append(("s", "stream", key))
        } else if case .view(.events) = page {
            add("d", "detail", scene.snapshot.journal[eventLog.cursor]?.detail)
        }
        if let tree = treeText(scene) { items.append(("t", "tree", tree)) }
        let surface = ConsoleView.draw(live, self, width: width, height: height)
        if let y = surface.cursor?.y, let line = surface.lines[safe: y]?.trimmed, !line.isEmpty {
            items.append(("l", "line", line))
        }
        if let export = ViewExport(live, self, onlyCursor: true), !export.isEmpty {
            items.append(("j", "JSON", export.text(.jsonl)))
        }
        items.append(("a", "screen", surface.text()))
        let texts = masked(items.map(\.2), scene.snapshot)
        return zip(items, texts).map { ($0.0, $0.1, $1) }
    }

    /// What stands in the pane of a message that was taken apart.
    private func treeText(_ scene: Scene) -> String? {
        let lines: [(depth: Int, text: String)]
        switch page {
        case .view(.trace):
            guard let decode = traceView.decode else { return nil }
            lines = decode.fields.map { ($0.depth, "\($0.name)  \($0.value)") }
        case .inspector(let id):
            guard let index = inspectorIndex,
                let detail = scene.snapshot.inspected[id] ?? inspectors[index].keptDetail,
                let entry = detail.commands[safe: inspectors[index].entry]
            else { return nil }
            lines = entry.tree.map { ($0.depth, $0.text.description) }
        default: return nil
        }
        guard !lines.isEmpty else { return nil }
        return lines.map { String(repeating: "  ", count: $0.depth) + $0.text + "\n" }.joined()
    }

    /// `w`: the forms this view can be written in; the command that writes it says where.
    mutating func openWriteMenu(_ live: Snapshot) {
        var forms: [ViewForm] = [.txt, .ansi]
        if ViewExport(live, self) != nil { forms += [.csv, .json, .jsonl, .md] }
        if page == .view(.trace), traceLog.count > 0 { forms += [.hex, .pcapng] }
        let items = forms.map { ($0.letter, $0.rawValue, $0.words) }
        let what =
            switch page {
            case .view(let view): view.name
            case .inspector(let id): "\(id)"
            case .help: "help"
            }
        let time = WallClock(milliseconds: live.wallClockMilliseconds).iso8601
        let stamp = time.prefix(19).filter { $0.isNumber || $0 == "T" }
        dialog = .choice(ChoiceMenu("Write", .write(name: "rtmp-top-\(what)-\(stamp)"), items))
        isDialogDrawn = false
    }

    mutating func answer(_ menu: ChoiceMenu, _ key: Key, _ action: Action?) -> [Intent] {
        if case .character(let scalar) = key,
            let index = menu.items.firstIndex(where: { $0.letter == Character(scalar) })
        {
            return choose(menu, index)
        }
        var menu = menu
        switch action {
        case .up: menu.index = (menu.index + menu.items.count - 1) % menu.items.count
        case .down: menu.index = (menu.index + 1) % menu.items.count
        case .open: return choose(menu, menu.index)
        case .no:
            dialog = nil
            return []
        default: return []
        }
        dialog = .choice(menu)
        return []
    }

    mutating func choose(_ menu: ChoiceMenu, _ index: Int) -> [Intent] {
        dialog = nil
        let item = menu.items[index]
        switch menu.purpose {
        case .copy(let toFile): return [.copy(item.text, name: item.name, toFile: toFile)]
        case .write(let name):
            openCommand("write \(item.name) \(name).\(item.name)")
            return []
        }
    }
}

extension Surface {
    /// Row after row as plain text.
    var lines: [String] {
        text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}

extension Array {
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
