/// What reaches the console from the terminal.
package enum Input: Hashable, Sendable {
    case key(Key)
    /// Pasted at once: text, whatever keys its characters are.
    case paste(String)
    case mouse(Mouse)
    case resize(width: Int, height: Int)
    /// The terminal is gone: nothing will be drawn any more.
    case hangup
}

/// What the mouse did, and on which cell.
package struct Mouse: Hashable, Sendable {
    package enum Act: Hashable, Sendable {
        case press
        case release
        case pressRight
        case wheelUp
        case wheelDown
        /// Moved with the button down.
        case drag
    }

    package var act: Act
    package var x: Int
    package var y: Int

    package init(_ act: Act, x: Int, y: Int) {
        self.act = act
        self.x = x
        self.y = y
    }
}

/// A key, as the terminal layer names it.
///
/// Tab, Enter, Backspace and Escape arrive under their names and not as `^I`, `^M`, `^H`, `^[`.
package enum Key: Hashable, Sendable {
    case character(Unicode.Scalar)
    /// Control with a lower-case letter: `^C` is `.control("c")`.
    case control(Unicode.Scalar)
    /// F1 … F12.
    case function(Int)
    case enter
    case escape
    case tab
    case backTab
    case backspace
    case delete
    case insert
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown

    /// As help and hints write it.
    package var name: String {
        switch self {
        case .character(" "): "Space"
        case .character(let scalar): String(Character(scalar))
        case .control(let letter): "^" + String(Character(letter)).uppercased()
        case .function(let number): "F\(number)"
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "S-Tab"
        case .backspace: "Backspace"
        case .delete: "Delete"
        case .insert: "Insert"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        }
    }

    /// As help and hints write it, in any case; `C-d` is `^D` too. nil: there is no such key.
    package init?(name: String) {
        let word = name.lowercased()
        if let key = Self.named.first(where: { $0.name.lowercased() == word }) {
            self = key
        } else if word == "escape" {
            self = .escape
        } else if word == "pageup" || word == "pagedown" {
            self = word == "pageup" ? .pageUp : .pageDown
        } else if word.hasPrefix("f"), let number = Int(word.dropFirst()),
            (1...12).contains(number)
        {
            self = .function(number)
        } else if word.hasPrefix("^") || word.hasPrefix("c-"),
            let letter = word.dropFirst(word.hasPrefix("^") ? 1 : 2).unicodeScalars.first,
            word.unicodeScalars.count == (word.hasPrefix("^") ? 2 : 3),
            (97...122).contains(letter.value)
        {
            self = .control(letter)
        } else if let only = name.unicodeScalars.first, name.unicodeScalars.count == 1,
            only.value >= 0x20, only.value != 0x7F
        {
            self = .character(only)
        } else {
            return nil
        }
    }

    private static let named: [Key] = [
        .character(" "), .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down,
        .left, .right, .home, .end, .pageUp, .pageDown,
    ]
}
