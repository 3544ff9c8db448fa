import Console
import Foundation
import Monitor
import Telemetry
import Testing

/// Every view of the seeded demo, compared cell for cell. `RTMP_TOP_RECORD_SCREENS=1` records anew.
@Suite struct GoldenScreenTests {
    static let views = [
        "overview", "connections", "streams", "trace", "events", "graphs", "history", "#3", "help",
    ]
    static let sizes = [(60, 20), (80, 24), (120, 40), (200, 60)]
    static let isRecording = ProcessInfo.processInfo.environment["RTMP_TOP_RECORD_SCREENS"] == "1"

    @Test(arguments: views, sizes)
    func `a view of the demo looks as recorded`(view: String, size: (Int, Int)) throws {
        for (name, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
            var options = ConsoleState.Options()
            options.glyphs = glyphs
            let text = try SnapshotText.render(
                Demo().snapshot(at: 0), view: view, options: options, width: size.0, height: size.1)
            let word = view.hasPrefix("#") ? "inspector" : view
            try compare(text, with: "\(word)-\(size.0)x\(size.1)-\(name).txt")
            if glyphs == .ascii { #expect(text.allSatisfy { $0.isASCII }) }
        }
    }

    private static let scenes: [(name: String, view: ViewKind, keys: [Key])] = [
        ("trace-keyframe", .trace, [.home, .down, .down, .down, .enter, .down, .down]),
        (
            "trace-connect", .trace,
            [.home] + Array(repeating: .down, count: 9) + [.character("x"), .enter, .pageDown]
        ),
        ("kill", .connections, [.down, .down, .down, .character("K")]),
        ("columns", .connections, [.character("c")]),
        ("write", .trace, [.character("w")]),
        ("inspector-zoom", .connections, [.down, .down, .down, .enter, .tab, .enter]),
        ("command", .connections, ":kill 3 ".unicodeScalars.map { .character($0) } + [.tab]),
    ]

    @Test(arguments: scenes.indices, sizes)
    func `a scene of the demo looks as recorded`(scene: Int, size: (Int, Int)) throws {
        let (name, view, keys) = Self.scenes[scene]
        var desk = Desk(view: view, width: size.0, height: size.1)
        for key in keys { desk.press(key) }
        try compare(desk.screen, with: "\(name)-\(size.0)x\(size.1)-unicode.txt")
    }

    private func compare(_ text: String, with file: String) throws {
        let path = "Tests/Golden/screens/\(file)"
        if Self.isRecording {
            let url = RepositoryFile.root.appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(try RepositoryFile.text(path) == text, "\(file)")
    }
}
