import Console
import Monitor
import Telemetry
import Testing

/// Inspector and help as somebody uses them: from panel to panel, one over the screen, pages, sections.
@Suite struct PanelStoryTests {
    private func desk(width: Int = 120, height: Int = 40) -> Desk {
        var desk = Desk(width: width, height: height)
        desk.type(":inspect 3")
        desk.press(.enter)
        desk.receive()
        return desk
    }

    private static let titles: [(InspectorState.Panel, String)] = [
        (.identity, "#3 PUB live/cam1"), (.tcp, "TCP"), (.handshake, "Handshake"),
        (.control, "Control state"), (.windows, "Acknowledgement windows"), (.media, "Media"),
        (.chunkStreams, "Chunk streams"), (.rates, "Rates, 60 s"),
        (.commands, "Commands and control"),
    ]

    @Test(arguments: titles, [(120, 40), (200, 60), (80, 24)])
    func `every panel fills the screen, and Esc puts it back`(
        panel: (InspectorState.Panel, title: String), size: (Int, Int)
    ) {
        var desk = desk(width: size.0, height: size.1)
        let before = desk.screen
        desk.type("z")
        for _ in InspectorState.Panel.allCases where !desk.screen.contains("─ \(panel.title)") {
            desk.press(.tab)
        }
        let boxes = desk.lines(with: "─ ").filter { $0.hasPrefix("─") }
        #expect(boxes.count == 1)
        #expect(boxes.first?.contains(panel.title) == true)
        // Nothing at the sides is in the way of a selection.
        #expect(desk.lines(with: "│ ").allSatisfy { !$0.hasPrefix("│") && !$0.hasSuffix("│") })
        desk.press(.escape)
        #expect(desk.lines(with: "┌─").count > 1 || size.0 == 80)
        #expect(desk.state.page == .inspector(3))
        desk.press(.escape)
        #expect(desk.state.page == .view(.connections))
        #expect(before != desk.screen)
    }

    @Test func `Enter zooms the panel in focus, and of the commands shows the tree`() {
        var desk = desk()
        desk.press(.enter)
        #expect(desk.screen.contains("Esc closes"))
        desk.press(.escape)
        desk.press(.tab)
        desk.press(.enter)
        #expect(desk.state.inspectors.first?.isZoomed == true)
        #expect(desk.screen.contains("pageUrl"))
        desk.press(.tab)
        #expect(desk.screen.contains("─ TCP "))
        desk.press(.enter)
        #expect(desk.state.inspectors.first?.isZoomed == false)
    }

    @Test func `the media panel says what A-V counts from`() {
        var desk = desk()
        desk.type("z")
        for _ in InspectorState.Panel.allCases where !desk.screen.contains("─ Media") {
            desk.press(.tab)
        }
        #expect(desk.screen.contains("A-V at start +21 ms"))
    }

    @Test func `pages say whose they are and which`() {
        var desk = desk(width: 80, height: 24)
        for page in 1...4 {
            let title = desk.screen.prefix { $0 != "\n" }
            #expect(title.contains("PUB live/cam1") && title.contains("page \(page)/4"))
            desk.press(.tab)
        }
        #expect(desk.screen.contains("page 1/4"))
        desk.press(.down)
        desk.press(.enter)
        #expect(desk.screen.contains("─ Handshake"))
    }

    @Test func `help is searched by its words`() {
        var desk = Desk()
        desk.type("?/kick pla")
        #expect(desk.lines(with: "kick all players").count == 1)
        #expect(desk.screen.contains("row down") == false)
        desk.press(.enter)
        #expect(desk.screen.contains(/filter: kick pla   \d of \d+ match/))
        desk.type("\\")
        #expect(desk.screen.contains("row down"))
        desk.type("??")
        #expect(desk.screen.contains("row down"))
    }

    @Test func `help goes from section to section, and nothing of it is cut`() {
        for (width, height) in [(80, 24), (120, 40), (200, 60)] {
            var desk = Desk(width: width, height: height)
            desk.type("?")
            var seen: Set<String> = []
            for _ in 0..<12 {
                #expect(!desk.screen.contains("…"))
                seen.insert(desk.screen)
                desk.press(.tab)
            }
            #expect(seen.count > 1)
            desk.press(.end)
            #expect(desk.screen.contains("filtered"))
            desk.press(.up)
            desk.press(.end)
            #expect(desk.screen.contains("filtered"))
        }
    }
}
