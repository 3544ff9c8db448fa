/// What reaches the console from the terminal.
package enum Input: Hashable, Sendable {
    case key(Key)
    case resize(width: Int, height: Int)
    /// The terminal is gone: nothing will be drawn any more.
    case hangup
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
}
