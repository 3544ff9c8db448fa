import Monitor
import Telemetry

/// View 5: the journal, newest at the bottom.
enum EventsView {
    static func draw(_ scene: Scene, _ layout: ScreenLayout, on surface: inout Surface) {
        let area = layout.body.indented
        guard area.height > 0 else { return }
        surface.fill(Rect(x: area.x, y: area.y, width: area.width, height: 1), role: .tableHeader)
        let isShifted = scene.state.eventShift > 0
        let columns = columns(for: area.width - 1)
        for (title, x) in isShifted ? [("TIME", 0), ("DETAIL", 13)] : columns.titles {
            surface.put(
                title, x: area.x + 2 + x, y: area.y, role: .tableHeader, limit: area.maxX)
        }
        let log = scene.state.eventLog
        let rows = area.height - 1
        let first = log.firstVisible(rows: rows)
        for line in 0..<min(rows, max(log.count - first, 0)) {
            guard let number = log.number(at: first + line),
                let entry = scene.snapshot.journal[number]
            else { continue }
            let y = area.y + 1 + line
            let place = area.split(left: 1).1
            if isShifted {
                drawDetail(entry, in: place, y: y, scene: scene, on: &surface)
            } else {
                draw(entry, in: place, y: y, scene: scene, on: &surface)
            }
            LogCursor.draw(number == log.cursor, area, y: y, scene: scene, on: &surface)
        }
        if log.count == 0, rows > 0 {
            let isNarrowed = scene.state.eventFilter.active != nil || scene.state.eventErrorsOnly
            surface.put(
                isNarrowed ? "no event matches" : "no events yet", x: area.x + 2, y: area.y + 1,
                role: .textDim)
        }
    }

    /// Where the columns stand; with little room a sign stands for the level.
    private struct Columns {
        let isNarrow: Bool
        var session: Int { isNarrow ? 15 : 26 }
        var event: Int { session + 6 }
        var detail: Int { event + 16 }

        var titles: [(String, Int)] {
            let level = isNarrow ? [] : [("LEVEL", 13), ("SOURCE", 19)]
            return [("TIME", 0)] + level
                + [("SESS", session), ("EVENT", event), ("DETAIL", detail)]
        }
    }

    private static func columns(for width: Int) -> Columns { Columns(isNarrow: width < 72) }

    /// As far as the longest detail in the narrowest screen.
    static let shiftMaximum = 8

    /// What an event says from further to the right on.
    private static func drawDetail(
        _ entry: JournalEntry, in area: Rect, y: Int, scene: Scene, on surface: inout Surface
    ) {
        let x = area.x + 1
        surface.put(
            scene.time(entry.wallClockMilliseconds), x: x, y: y, role: .textDim, limit: area.maxX)
        let room = max(area.maxX - x - 13, 1)
        let text = entry.detail.description.dropFirst((scene.state.eventShift - 1) * room)
        surface.put(
            [Span(String(text), entry.detail.isEscaped ? .textEscaped : .text)],
            x: x + 13, y: y, limit: area.maxX, cut: scene.glyphs.cut)
    }

    /// One entry; also for the strip of events on the overview.
    static func draw(
        _ entry: JournalEntry, in area: Rect, y: Int, scene: Scene, on surface: inout Surface
    ) {
        let x = area.x + 1
        let cut = scene.glyphs.cut
        surface.put(
            scene.time(entry.wallClockMilliseconds), x: x, y: y, role: .textDim, limit: area.maxX)
        let columns = columns(for: area.width)
        if columns.isNarrow {
            surface.put(
                entry.level.sign(scene.glyphs), x: x + 13, y: y, role: entry.level.role,
                limit: area.maxX)
        } else {
            surface.put(
                entry.level.word, x: x + 13, y: y, role: entry.level.role, limit: area.maxX)
            surface.put(
                entry.source, x: x + 19, y: y, field: min(6, area.maxX - x - 19), cut: cut,
                role: .textDim)
        }
        surface.put(
            entry.session.map { "#\($0)" } ?? Format.unknown, x: x + columns.session, y: y,
            field: min(5, area.maxX - x - columns.session), cut: cut, role: .textStrong)
        surface.put(
            entry.name, x: x + columns.event, y: y,
            field: min(15, area.maxX - x - columns.event), cut: cut,
            role: entry.level <= .warn ? entry.level.role : .text)
        surface.put(
            [Span(entry.detail.description, entry.detail.isEscaped ? .textEscaped : .text)],
            x: x + columns.detail, y: y, limit: area.maxX, cut: cut)
    }
}

/// The cursor of a log.
enum LogCursor {
    static func draw(
        _ isHere: Bool, _ area: Rect, y: Int, isActive: Bool = true, scene: Scene,
        on surface: inout Surface
    ) {
        guard isHere else { return }
        surface.put(String(Character(scene.glyphs.cursor)), x: area.x, y: y)
        guard isActive else { return }
        surface.paint(Rect(x: area.x, y: y, width: area.width, height: 1), role: .rowCursor)
        surface.cursor = .init(x: area.x, y: y)
    }
}

extension Event.Level {
    var word: String {
        switch self {
        case .error: "error"
        case .warn: "warn"
        case .info: "info"
        case .debug: "debug"
        case .trace: "trace"
        }
    }

    /// What stands for it in one cell.
    func sign(_ glyphs: GlyphSet) -> String {
        switch self {
        case .error: String(Character(glyphs.error))
        case .warn: "!"
        case .info, .debug, .trace: ""
        }
    }

    var role: Role {
        switch self {
        case .error: .sevError
        case .warn: .sevWarn
        case .info: .sevOk
        case .debug, .trace: .textDim
        }
    }
}
