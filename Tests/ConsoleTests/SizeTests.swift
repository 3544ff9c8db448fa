import Console
import Monitor
import Telemetry
import Testing

/// Every size draws within its cells, whatever is shown and whatever peers wrote (DESIGN §15, §17).
@Suite struct SizeTests {
    private static let hostile = [
        "\u{1b}]0;owned\u{7}\u{1b}[2J", "漢字漢字漢字漢字漢字漢字漢字漢字", "\u{202e}drawkcab\u{200b}",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}", "\u{0}\r\n\t\u{9b}31m", "👩‍👩‍👧‍👦🇩🇪\u{fe0f}",
        String(repeating: "long/", count: 300),
    ]

    /// The demo with hostile text in every field a peer can write.
    private static let snapshot: Snapshot = {
        var snapshot = Demo().snapshot(at: 0)
        for index in snapshot.sessions.indices {
            let text = SafeText(hostile[index % hostile.count])
            snapshot.sessions[index].client = text
            snapshot.sessions[index].facts.app = text
            snapshot.sessions[index].facts.flashVersion = text
            snapshot.sessions[index].facts.tcURL = text
            snapshot.sessions[index].facts.query = text
        }
        for (index, text) in hostile.enumerated() {
            snapshot.streams.append(
                StreamRow(key: SafeText(text), state: .live, publisher: 3, players: [9, 999]))
            snapshot.journal.append(
                JournalEntry(
                    wallClockMilliseconds: 0,
                    event: Event(atNanoseconds: 0, kind: .unknownCommand(3, name: SafeText(text))),
                    level: index % 2 == 0 ? .error : .info, source: "rtmp", session: 3,
                    name: "rtmp.unknown", detail: SafeText(text)))
        }
        return snapshot
    }()

    private static let widths = [
        1, 2, 3, 5, 9, 17, 31, 48, 59, 60, 61, 79, 80, 97, 119, 120, 199, 250,
    ]
    private static let heights = [1, 2, 4, 9, 19, 20, 24, 40, 80]

    private static let openers: [(name: String, keys: [Key])] = [
        ("nothing", []), ("filter", [.character("/"), .character("漢")]),
        ("sort", [.character("s")]), ("kill", [.character("K")]), ("quit", [.character("q")]),
        ("inspector", [.enter]), ("tree", [.enter, .tab, .tab, .tab, .enter]),
        ("pages", [.enter, .tab, .tab]), ("paused", [.character("p")]),
        ("bottom", [.end, .pageDown]), ("columns", [.character("c")]),
        ("themes", [.character("T")]), ("copy", [.character("y")]), ("write", [.character("w")]),
        ("command", [.character(":"), .character("k"), .tab]),
        ("holds", ":holds".unicodeScalars.map { .character($0) } + [.enter]),
        ("zoom", [.enter, .tab, .enter]), ("commands", [.enter, .character("z")]),
        ("right", [.right, .right]), ("find", [.character("f"), .character("漢")]),
    ]

    @Test(arguments: ViewKind.allCases.map(\.name) + ["help", "#3"], openers)
    func `every size draws, with every dialog`(
        view: String, opener: (name: String, keys: [Key])
    ) throws {
        for width in Self.widths {
            for height in Self.heights {
                var state = try SnapshotText.state(
                    Self.snapshot, view: view, width: width, height: height)
                for key in opener.keys {
                    _ = state.reduce(.key(key), Self.snapshot, at: 0)
                    state.didDraw()
                }
                let surface = ConsoleView.draw(
                    Self.snapshot, state, width: width, height: height)
                try check(surface, "\(view) \(opener.name) \(width)x\(height)")
            }
        }
    }

    @Test func `a screen drawn in another size than the keys knew is whole as well`() throws {
        for (width, height) in [(1, 1), (60, 20), (80, 24), (250, 80)] {
            for view in ViewKind.allCases {
                let state = try SnapshotText.state(
                    Self.snapshot, view: view.name, width: 120, height: 40)
                try check(
                    ConsoleView.draw(Self.snapshot, state, width: width, height: height),
                    "\(view.name) \(width)x\(height)")
            }
        }
    }

    private func check(_ surface: Surface, _ place: String) throws {
        #expect(surface.cells.count == surface.width * surface.height)
        for y in 0..<surface.height {
            for x in 0..<surface.width {
                let cell = surface[x, y]
                let scalar = cell.glyph.base
                let isControl =
                    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
                    || scalar.properties.generalCategory == .format
                guard !isControl else {
                    Issue.record("\(place): U+\(String(scalar.value, radix: 16)) at \(x),\(y)")
                    return
                }
                let follower = x + 1 < surface.width ? surface[x + 1, y].width : .single
                guard (cell.width == .wide) == (follower == .continuation) else {
                    Issue.record("\(place): half a character at \(x),\(y)")
                    return
                }
            }
        }
        if let cursor = surface.cursor {
            #expect(
                (0..<surface.width).contains(cursor.x) && (0..<surface.height).contains(cursor.y),
                "\(place): cursor at \(cursor)")
        }
    }

    @Test(arguments: ViewKind.allCases)
    func `frames stay closed whatever stands in them`(view: ViewKind) throws {
        let text = try SnapshotText.render(
            Self.snapshot, view: view.name, width: 120, height: 40)
        for line in text.split(separator: "\n") where line.hasPrefix("│") {
            #expect(line.hasSuffix("│"), "\(line)")
        }
    }

    @Test func `what does not fit is named`() throws {
        let text = try SnapshotText.render(
            Self.snapshot, view: "connections", width: 80, height: 24)
        #expect(text.contains("+4 cols"))
    }

    @Test func `a view or session that is not there is refused by name`() {
        #expect(throws: SnapshotText.Failure.unknownView("charts")) {
            try SnapshotText.render(Self.snapshot, view: "charts", width: 80, height: 24)
        }
        #expect(throws: SnapshotText.Failure.unknownSession(77)) {
            try SnapshotText.render(Self.snapshot, view: "#77", width: 80, height: 24)
        }
    }
}
