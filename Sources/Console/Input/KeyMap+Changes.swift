/// Presets and what the user changed.
extension KeyMap {
    package enum Preset: String, CaseIterable, Sendable {
        case vim
        /// Arrows move, `k` kills, as htop has it.
        case htop
    }

    /// A key and the action it is to have; nil: none.
    package struct Change: Hashable, Sendable {
        package let key: Key
        package let action: Action?

        package init(_ key: Key, _ action: Action?) {
            self.key = key
            self.action = action
        }

        /// As `[keys]` of the configuration and `:map` write it; a `String` says what is wrong.
        package static func parse(key: String, action: String) -> Result<Change, ChangeFault> {
            guard let parsed = Key(name: key) else {
                return .failure(ChangeFault("there is no key \"\(key)\""))
            }
            guard parsed != .escape, parsed != .control("c"), parsed != .enter else {
                return .failure(ChangeFault("\(parsed.name) keeps its meaning"))
            }
            guard action != "none" else { return .success(Change(parsed, nil)) }
            guard let named = KeyMap.action(named: action) else {
                return .failure(ChangeFault("there is no action \"\(action)\""))
            }
            return .success(Change(parsed, named))
        }
    }

    package struct ChangeFault: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    package init(preset: Preset = .vim, changes: [Change] = []) {
        var rows = KeyMap.standardRows
        for change in Self.changes(of: preset) + changes { rows = Self.applying(change, to: rows) }
        self.init(rows: rows)
    }

    package static func action(named name: String) -> Action? {
        standardRows.first { $0.action.name == name && !$0.scopes.isDisjoint(with: .views) }?.action
    }

    private static func changes(of preset: Preset) -> [Change] {
        switch preset {
        case .vim: []
        case .htop:
            [
                Change(.character("j"), nil), Change(.character("h"), nil),
                Change(.character("l"), nil), Change(.character("k"), .kill),
            ]
        }
    }

    /// The key means this action wherever there is the action, and what it was before nowhere there.
    /// Prompts and dialogs keep theirs.
    private static func applying(_ change: Change, to rows: [Row]) -> [Row] {
        let places = rows.filter { $0.action == change.action && isOfViews($0) }
            .reduce(into: KeyScope()) { $0.formUnion($1.scopes) }
        let taken = change.action == nil ? KeyScope.views : places.intersection(.views)
        var changed: [Row] = []
        for var row in rows {
            if row.action == change.action, isOfViews(row) {
                if !row.keys.contains(change.key) { row.keys.append(change.key) }
                changed.append(row)
                continue
            }
            guard row.keys.contains(change.key), !row.scopes.isDisjoint(with: taken) else {
                changed.append(row)
                continue
            }
            var left = row
            left.scopes.subtract(taken)
            if !left.scopes.isEmpty { changed.append(left) }
            row.scopes.formIntersection(taken)
            row.keys.removeAll { $0 == change.key }
            if !row.keys.isEmpty { changed.append(row) }
        }
        return changed
    }

    private static func isOfViews(_ row: Row) -> Bool { !row.scopes.isDisjoint(with: .views) }
}
