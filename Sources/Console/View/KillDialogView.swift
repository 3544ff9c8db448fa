import Monitor
import Telemetry

/// The kill dialog: who, who is hit, how, and a way out that has the focus (DESIGN §12).
enum KillDialogView {
    static func draw(_ kill: KillDialog, _ scene: Scene, on surface: inout Surface) {
        let live = scene.live
        let radius = kill.radius(live)
        let target = kill.target
        let inner = DialogView.box(
            "Kill session #\(target.id)", width: 74, lines: 16, scene: scene,
            on: &surface)
        var y = inner.y
        func line(_ text: String, _ role: Role = .dialog) {
            surface.put(
                [Span(text, role)], x: inner.x + 1, y: y, limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
            y += 1
        }
        guard inner.height > 2 else { return }
        line(
            "#\(target.id)  \(target.roleWord) \(target.streamWord)   "
                + "\(target.client?.description ?? "?")   \(target.peer)   "
                + "up \(Format.duration(age(target, live)))")
        y += 1
        guard !kill.hasEnded else {
            line("#\(target.id) has ended by itself: there is nothing left to do.", .dialog)
            y = inner.maxY - 2
            DialogView.button("Close", x: inner.x + 4, y: y, hasFocus: true, on: &surface)
            return
        }
        for words in consequences(target, radius) { line(words) }
        y += 1
        for way in KillDialog.Way.allCases {
            drawWay(way, kill, inner, y: y, scene: scene, on: &surface)
            y += 1
        }
        if !radius.players.isEmpty {
            field(
                "[\(kill.alsoPlayers ? "x" : " ")] also \(kill.way.word) its "
                    + Format.count(radius.players.count, "player"),
                hasFocus: kill.focus == .players, inner, y: y, scene: scene, on: &surface)
        }
        y += 2
        if let number = kill.requiredNumber(live) {
            let text = "type \(number) to \(kill.way.word) \(number) players: [ "
            field(
                text + kill.number.text + " ]", hasFocus: kill.focus == .number, inner, y: y,
                scene: scene, on: &surface)
        } else {
            surface.put(
                [Span(remark(kill), .dialog)], x: inner.x + 1, y: y, limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
        }
        let buttons = inner.maxY - 3
        let end = DialogView.button(
            "Cancel", x: inner.x + 4, y: buttons, hasFocus: kill.focus == .cancel, on: &surface)
        DialogView.button(
            "\(title(kill.way)) #\(target.id)", x: end + 4, y: buttons,
            hasFocus: kill.focus == .confirm, isDanger: true, on: &surface)
        surface.put(
            "y = yes   n, Esc = no", x: inner.maxX - 23, y: buttons, role: .dialog)
        surface.put(
            [
                Span(
                    "pinned to #\(target.id): if it ends meanwhile, this dialog says so and no-ops",
                    .dialog)
            ], x: inner.x + 1, y: inner.maxY - 1, limit: inner.maxX - 1, cut: scene.glyphs.cut)
    }

    private static func title(_ way: KillDialog.Way) -> String {
        switch way {
        case .close: "Close"
        case .kick: "Kick"
        case .reset: "Reset"
        }
    }

    private static func age(_ target: SessionRow, _ live: Snapshot) -> UInt64 {
        live.index(of: target.id).map { live.sessions[$0].upNanoseconds } ?? target.upNanoseconds
    }

    private static func consequences(
        _ target: SessionRow, _ radius: KillDialog.Radius
    ) -> [String] {
        guard let stream = radius.stream else {
            let goesOn = target.isPlayer ? "\(target.streamWord) goes on; " : ""
            return ["What happens:  \(goesOn)nobody else is affected.", ""]
        }
        guard !radius.players.isEmpty else {
            return ["What happens:  \(stream) ends; it has no players.", ""]
        }
        let shown = radius.players.prefix(6).map { "#\($0)" }.joined(separator: " ")
        let more = radius.players.count > 6 ? " ..." : ""
        let verb = radius.players.count == 1 ? "loses" : "lose"
        return [
            "What happens:  \(stream) ends;  \(Format.count(radius.players.count, "player")) "
                + "(\(shown)\(more)) \(verb) the stream.",
            "               Sockets of the players stay open (they may wait).",
        ]
    }

    private static func drawWay(
        _ way: KillDialog.Way, _ kill: KillDialog, _ inner: Rect, y: Int, scene: Scene,
        on surface: inout Surface
    ) {
        let mark = kill.way == way ? String(Character(scene.glyphs.chosen)) : " "
        let name = way.word + String(repeating: " ", count: 7 - way.word.utf8.count)
        let end = field(
            "(\(mark)) \(name)", hasFocus: kill.focus == .way(way), inner, y: y, scene: scene,
            on: &surface)
        let x = surface.put(
            [Span(words(way, kill.target), .dialog)], x: end + 2, y: y, limit: inner.maxX - 1,
            cut: scene.glyphs.cut)
        guard way == .kick, kill.target.facts.stream != nil else { return }
        let hasFocus = kill.focus == .hold
        let after = surface.put(
            [Span("[ \(kill.hold.text) ]", hasFocus ? .dialogFocus : .dialogButton)], x: x, y: y,
            limit: inner.maxX - 3, cut: scene.glyphs.cut)
        surface.put(" s", x: after, y: y, role: .dialog, limit: inner.maxX)
        if hasFocus { surface.cursor = .init(x: min(x + 2, surface.width - 1), y: y) }
    }

    private static func words(_ way: KillDialog.Way, _ target: SessionRow) -> String {
        switch way {
        case .close:
            if target.isPublisher {
                return "onStatus NetStream.Unpublish.Success, flush <= 1 s, FIN"
            }
            return target.isPlayer
                ? "onStatus NetStream.Play.Stop, flush <= 1 s, FIN" : "flush <= 1 s, FIN"
        case .kick:
            if target.facts.stream == nil {
                return "as close: there is no stream name to refuse yet"
            }
            return target.isPublisher
                ? "as close, and refuse this stream name for "
                : "as close, and refuse this address the stream for "
        case .reset: return "RST at once, nothing flushed"
        }
    }

    private static func remark(_ kill: KillDialog) -> String {
        switch kill.way {
        case .close where kill.target.isPublisher:
            "Encoders reconnect by themselves within seconds: close alone rarely lasts."
        case .kick where kill.target.isPublisher:
            "Encoders reconnect by themselves within seconds: kick keeps them out."
        case .reset: "There is no undo, and the peer is not told why; close tells it."
        case .close, .kick: "There is no undo."
        }
    }

    @discardableResult
    private static func field(
        _ text: String, hasFocus: Bool, _ inner: Rect, y: Int, scene: Scene,
        on surface: inout Surface
    ) -> Int {
        if hasFocus { surface.cursor = .init(x: inner.x + 1, y: y) }
        return surface.put(
            [Span(text, hasFocus ? .dialogFocus : .dialog)], x: inner.x + 1, y: y,
            limit: inner.maxX - 1, cut: scene.glyphs.cut)
    }
}
