package import Monitor
package import Telemetry

/// The kill dialog (DESIGN §12): opens on Cancel, pinned to a session that is never another.
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

    package let target: SessionRow
    package internal(set) var way: Way
    package internal(set) var focus = Field.cancel
    package internal(set) var hold = LineEditor("60")
    package internal(set) var alsoPlayers = false
    package internal(set) var number = LineEditor()
    /// It ended before anybody said yes.
    package internal(set) var hasEnded = false

    /// Above this many players the number has to be typed.
    package static let typedAbove = 10
    package static let holdMaximum = 86_400

    init(_ target: SessionRow) {
        self.target = target
        way = target.isPublisher ? .kick : .close
    }

    /// Who loses what when this session goes.
    package struct Radius: Sendable {
        /// The stream that ends; nil: none does.
        package var stream: SafeText?
        package var players: [SessionID]
    }

    package func radius(_ live: Snapshot) -> Radius {
        for row in live.streams where row.publisher == target.id {
            return Radius(stream: row.key, players: row.players)
        }
        return Radius(stream: nil, players: [])
    }

    /// The number to type before this may happen; nil: none.
    package func requiredNumber(_ live: Snapshot) -> Int? {
        let count = radius(live).players.count
        return count > Self.typedAbove ? count : nil
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

    /// What to ask of the server.
    func intents(_ live: Snapshot) -> [Intent] {
        let how: CloseWay =
            switch way {
            case .close: .close
            case .kick: .kick(holdSeconds: holdSeconds)
            case .reset: .reset
            }
        let players = alsoPlayers ? radius(live).players : []
        return [.close(target.id, how)] + players.map { .close($0, how) }
    }
}
