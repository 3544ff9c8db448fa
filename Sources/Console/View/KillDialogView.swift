import Monitor
import Telemetry

/// The kill dialog: who, who is hit, how, and a way out that has the focus (DESIGN §12).
enum KillDialogView {
    static func draw(_ kill: KillDialog, _ scene: Scene, on surface: inout Surface) {
        let live = scene.live
        let radius = kill.radius(live)
        let fields = kill.fields(live)
        func number(of field: KillDialog.Field) -> Int { fields.firstIndex(of: field) ?? -1 }
        let target = kill.target
        let inner = DialogView.box(
            title(kill), note: scene.state.frozen == nil ? "" : "live, not as paused", width: 74,
            lines: 16, scene: scene,
            on: &surface)
        var y = inner.y
        func line(_ text: String, _ role: Role = .dialog) {
            surface.put(
                [Span(text, role)], x: inner.x + 1, y: y, limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
            y += 1
        }
        guard inner.height > 2 else { return }
        // Whom it hits is never cut: there are fewer words where there is less room.
        let isNarrow = inner.width < 72
        line(who(kill, live, isNarrow: isNarrow))
        y += 1
        guard !kill.hasEnded else {
            line(
                kill.asked.count == 1
                    ? "#\(target.id) has ended by itself: there is nothing left to do."
                    : "All of them have ended: there is nothing left to do.", .dialog)
            y = inner.maxY - 2
            DialogView.button(
                "Close", number: number(of: .cancel), x: inner.x + 4, y: y, hasFocus: true,
                on: &surface)
            return
        }
        for words in consequences(kill, radius, isNarrow: isNarrow) { line(words) }
        y += 1
        for way in KillDialog.Way.allCases {
            let end = drawWay(way, kill, inner, y: y, scene: scene, on: &surface)
            let row = Rect(x: inner.x, y: y, width: inner.width, height: 1)
            surface.takeClicks(row, for: number(of: .way(way)))
            if let end, kill.way == way {
                let (_, hold) = row.split(left: end - row.x)
                surface.takeClicks(hold, for: number(of: .hold))
            }
            y += 1
        }
        if !radius.players.isEmpty {
            field(
                "[\(kill.alsoPlayers ? "x" : " ")] also \(kill.way.word) its "
                    + Format.count(radius.players.count, "player"),
                hasFocus: kill.focus == .players, inner, y: y, scene: scene, on: &surface)
            surface.takeClicks(
                Rect(x: inner.x, y: y, width: inner.width, height: 1), for: number(of: .players))
        }
        y += 2
        if let number = kill.requiredNumber(live) {
            let what =
                kill.targets.count > KillDialog.typedAbove
                ? (isOfPlayers(kill) ? "players" : "sessions") : "players"
            let text = "type \(number) to \(kill.way.word) \(number) \(what): [ "
            field(
                text + kill.number.text + " ]", hasFocus: kill.focus == .number, inner, y: y,
                scene: scene, on: &surface)
        } else {
            surface.put(
                [Span(remark(kill, isNarrow: isNarrow), .dialog)], x: inner.x + 1, y: y,
                limit: inner.maxX - 1,
                cut: scene.glyphs.cut)
        }
        let buttons = inner.maxY - 3
        let end = DialogView.button(
            "Cancel", number: number(of: .cancel), x: inner.x + 4, y: buttons,
            hasFocus: kill.focus == .cancel, on: &surface)
        DialogView.button(
            "\(title(kill.way)) \(kill.name)", number: number(of: .confirm), x: end + 4, y: buttons,
            hasFocus: kill.focus == .confirm, isDanger: true, on: &surface)
        surface.put(
            "y = yes   n, Esc = no", x: inner.maxX - 23, y: buttons, role: .dialog)
        surface.put(
            [Span(pin(kill, isNarrow: isNarrow), .dialog)], x: inner.x + 1, y: inner.maxY - 1,
            limit: inner.maxX - 1, cut: scene.glyphs.cut)
    }

    private static func pin(_ kill: KillDialog, isNarrow: Bool) -> String {
        guard kill.asked.count > 1 else {
            return "pinned to #\(kill.target.id): if it ends meanwhile, nothing is done"
        }
        let rest = "those that end meanwhile are left alone"
        return isNarrow ? rest : "pinned to these sessions: " + rest
    }

    private static func title(_ way: KillDialog.Way) -> String {
        switch way {
        case .close: "Close"
        case .kick: "Kick"
        case .reset: "Reset"
        }
    }

    private static func title(_ kill: KillDialog) -> String {
        switch kill.subject {
        case .session: "Kill session #\(kill.target.id)"
        case .marked: "Kill \(Format.count(kill.asked.count, "marked session"))"
        case .players(let stream): "Kill all players of \(stream)"
        }
    }

    private static func isOfPlayers(_ kill: KillDialog) -> Bool {
        if case .players = kill.subject { true } else { false }
    }

    /// The one that is meant, or the first of many.
    private static func who(
        _ kill: KillDialog, _ live: Snapshot, isNarrow: Bool
    ) -> String {
        guard kill.asked.count > 1 else {
            let target = kill.target
            return "#\(target.id)  \(target.roleWord) \(target.streamWord)   "
                + "\(target.client?.description ?? "?")   "
                + (isNarrow ? "" : "\(target.peer)   ")
                + "up \(Format.duration(age(target, live)))"
        }
        let targets = kill.targets
        let names = targets.prefix(10).map { "#\($0.id) \($0.roleWord)" }.joined(separator: "  ")
        let more = targets.count > 10 ? "  and \(targets.count - 10) more" : ""
        return "\(targets.count): \(names)\(more)"
    }

    private static func age(_ target: SessionRow, _ live: Snapshot) -> UInt64 {
        live.index(of: target.id).map { live.sessions[$0].upNanoseconds } ?? target.upNanoseconds
    }

    private static func consequences(
        _ kill: KillDialog, _ radius: KillDialog.Radius, isNarrow: Bool
    ) -> [String] {
        let head = isNarrow ? "" : "What happens:  "
        let target = kill.target
        guard let stream = radius.streams.first else {
            let goesOn: String
            switch kill.subject {
            case .players(let stream): goesOn = "\(stream) goes on; "
            case .session, .marked:
                goesOn =
                    kill.asked.count == 1 && target.isPlayer
                    ? "\(target.streamWord) goes on; " : ""
            }
            return ["\(head)\(goesOn)nobody else is affected.", ""]
        }
        let names = radius.streams.count == 1 ? "\(stream)" : "\(radius.streams.count) streams"
        let verb = radius.streams.count == 1 ? "ends" : "end"
        guard !radius.players.isEmpty else {
            let none = kill.asked.count == 1 ? "it has no players" : "no other player loses one"
            return ["\(head)\(names) \(verb); \(none).", ""]
        }
        let shown = radius.players.prefix(6).map { "#\($0)" }.joined(separator: " ")
        let more = radius.players.count > 6 ? " ..." : ""
        let loses = radius.players.count == 1 ? "loses" : "lose"
        return [
            "\(head)\(names) \(verb);  \(Format.count(radius.players.count, "player")) "
                + "(\(shown)\(more)) \(loses) \(isNarrow ? "it" : "the stream").",
            String(repeating: " ", count: head.utf8.count)
                + "Sockets of the players stay open (they may wait).",
        ]
    }

    /// Where the time of a hold begins, if it has one.
    private static func drawWay(
        _ way: KillDialog.Way, _ kill: KillDialog, _ inner: Rect, y: Int, scene: Scene,
        on surface: inout Surface
    ) -> Int? {
        let mark = kill.way == way ? String(Character(scene.glyphs.chosen)) : " "
        let name = way.word + String(repeating: " ", count: 7 - way.word.utf8.count)
        let end = field(
            "(\(mark)) \(name)", hasFocus: kill.focus == .way(way), inner, y: y, scene: scene,
            on: &surface)
        let x = surface.put(
            [Span(words(way, kill, isNarrow: inner.width < 72), .dialog)], x: end + 2, y: y,
            limit: inner.maxX - 1,
            cut: scene.glyphs.cut)
        guard way == .kick, kill.asked.contains(where: { $0.facts.stream != nil }) else {
            return nil
        }
        let hasFocus = kill.focus == .hold
        let after = surface.put(
            [Span("[ \(kill.hold.text) ]", hasFocus ? .dialogFocus : .dialogButton)], x: x, y: y,
            limit: inner.maxX - 3, cut: scene.glyphs.cut)
        surface.put(" s", x: after, y: y, role: .dialog, limit: inner.maxX)
        if hasFocus { surface.cursor = .init(x: min(x + 2, surface.width - 1), y: y) }
        return x
    }

    private static func words(
        _ way: KillDialog.Way, _ kill: KillDialog, isNarrow: Bool
    ) -> String {
        let arePublishers = kill.asked.allSatisfy(\.isPublisher)
        let arePlayers = kill.asked.allSatisfy(\.isPlayer)
        switch way {
        case .close:
            if isNarrow { return "goodbye in RTMP, flush <= 1 s, FIN" }
            if arePublishers { return "onStatus NetStream.Unpublish.Success, flush <= 1 s, FIN" }
            return arePlayers
                ? "onStatus NetStream.Play.Stop, flush <= 1 s, FIN"
                : kill.asked.count == 1 ? "flush <= 1 s, FIN" : "goodbye in RTMP, flush <= 1 s, FIN"
        case .kick:
            if kill.asked.allSatisfy({ $0.facts.stream == nil }) {
                return "as close: there is no stream name to refuse yet"
            }
            if isNarrow { return "as close, then refused for " }
            if arePublishers { return "as close, and refuse this stream name for " }
            return arePlayers
                ? "as close, and refuse this address the stream for "
                : "as close, and refuse name or address for "
        case .reset: return "RST at once, nothing flushed"
        }
    }

    private static func remark(_ kill: KillDialog, isNarrow: Bool) -> String {
        switch kill.way {
        case .close where kill.target.isPublisher && isNarrow:
            "Encoders reconnect by themselves: close rarely lasts."
        case .kick where kill.target.isPublisher && isNarrow:
            "Encoders reconnect by themselves: kick keeps them out."
        case .reset where isNarrow: "There is no undo, and the peer is not told why."
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
