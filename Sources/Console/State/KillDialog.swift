package import Monitor
package import Telemetry

/// The kill dialog (DESIGN §12): opens on Cancel, pinned to sessions that are never others.
package struct KillDialog: Sendable {
    package enum Way: Int, CaseIterable, Hashable, Sendable {
        case close
        case kick
        case reset
    }

    package enum Field: Hashable, Sendable {
        case way(Way)
        case hold
        case players
        case number
        case cancel
        case confirm
    }

    /// What was asked to be killed.
    package enum Subject: Hashable, Sendable {
        case session
        case marked
        case players(of: SafeText)
    }

    package let subject: Subject
    /// Those it was opened for, by id; never empty.
    package let asked: [SessionRow]
    package internal(set) var way: Way
    package internal(set) var focus = Field.cancel
    package internal(set) var hold: LineEditor
    package internal(set) var alsoPlayers = false
    package internal(set) var number = LineEditor()
    /// Those that ended before anybody said yes.
    package internal(set) var ended: Set<SessionID> = []

    /// Above this many the number has to be typed.
    package static let typedAbove = 10
    package static let holdMaximum = 86_400

    init(_ subject: Subject = .session, _ asked: [SessionRow], holdSeconds: Int) {
        precondition(!asked.isEmpty, "a kill dialog is about somebody")
        self.subject = subject
        self.asked = asked
        hold = LineEditor("\(holdSeconds)")
        way =
            switch subject {
            case .players: .kick
            case .session, .marked: asked.allSatisfy(\.isPublisher) ? .kick : .close
            }
    }

    package var target: SessionRow { asked[0] }
    package var targets: [SessionRow] { asked.filter { !ended.contains($0.id) } }
    /// Nobody is left to be killed.
    package var hasEnded: Bool { ended.count == asked.count }

    /// Who loses what when these sessions go.
    package struct Radius: Sendable {
        package var streams: [SafeText] = []
        /// Players that lose their stream and are not killed themselves.
        package var players: [SessionID] = []
    }

    package func radius(_ live: Snapshot) -> Radius {
        let gone = Set(targets.map(\.id))
        var radius = Radius()
        for row in live.streams {
            guard let publisher = row.publisher, gone.contains(publisher) else { continue }
            radius.streams.append(row.key)
            radius.players += row.players.filter { !gone.contains($0) }
        }
        return radius
    }

    /// The number to type before this may happen; nil: none.
    package func requiredNumber(_ live: Snapshot) -> Int? {
        let count = targets.count
        if count > Self.typedAbove { return count }
        let players = radius(live).players.count
        return players > Self.typedAbove ? players : nil
    }

    package func isNumberRight(_ live: Snapshot) -> Bool {
        requiredNumber(live).map { Int(number.text) == $0 } ?? true
    }

    package var holdSeconds: Int { min(Int(hold.text) ?? 60, Self.holdMaximum) }

    func fields(_ live: Snapshot) -> [Field] {
        if hasEnded { return [.cancel] }
        var fields: [Field] = Way.allCases.map { .way($0) }
        if way == .kick { fields.insert(.hold, at: 2) }
        if !radius(live).players.isEmpty { fields.append(.players) }
        if requiredNumber(live) != nil { fields.append(.number) }
        return fields + [.cancel, .confirm]
    }

    mutating func move(by step: Int, _ live: Snapshot) {
        let fields = fields(live)
        let index = fields.firstIndex(of: focus) ?? fields.count - 1
        focus = fields[(index + step + fields.count) % fields.count]
    }

    /// Space or Enter on what is in focus; true: that was the kill button.
    mutating func press() -> Bool {
        switch focus {
        case .way(let chosen):
            way = chosen
            return false
        case .players:
            alsoPlayers.toggle()
            return false
        case .hold, .number, .cancel: return false
        case .confirm: return true
        }
    }

    /// Digits go where a number is asked for.
    mutating func type(_ scalar: Unicode.Scalar, _ live: Snapshot) {
        guard scalar.properties.numericType == .decimal, scalar.isASCII else { return }
        if focus == .hold, hold.text.unicodeScalars.count < 5 {
            hold.insert(scalar)
        } else if focus != .hold, requiredNumber(live) != nil,
            number.text.unicodeScalars.count < 9
        {
            number.insert(scalar)
            focus = .number
        }
    }

    mutating func erase() {
        if focus == .hold {
            _ = hold.apply(.backspace)
        } else if focus == .number {
            _ = number.apply(.backspace)
        }
    }

    /// What to ask of the server; those that have ended are left alone.
    func intents(_ live: Snapshot) -> [Intent] {
        let how: CloseWay =
            switch way {
            case .close: .close
            case .kick: .kick(holdSeconds: holdSeconds)
            case .reset: .reset
            }
        let players = alsoPlayers ? radius(live).players : []
        return (targets.map(\.id) + players).map { .close($0, how) }
    }

    /// `#3`, or how many.
    package var name: String {
        asked.count == 1 ? "#\(target.id)" : "\(targets.count) sessions"
    }
}
