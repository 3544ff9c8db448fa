import CNcurses
import Console

/// What terminfo says about a terminal.
struct TerminalType {
    /// The name terminfo knows it by.
    let name: String
    let depth: ColourDepth
    let colours: Int
    let hasAlternateScreen: Bool
    /// What brings it back from everything we may have switched on (DESIGN §21).
    let reset: [UInt8]
}

extension TerminalType {
    /// Looks up what TERM says; an unknown relative of xterm is treated as one.
    init(term: String?, descriptor: Int32) throws(TerminalError) {
        guard let term, !term.isEmpty else { throw .termMissing }
        var capabilities = cncurses_capabilities()
        if cncurses_capabilities(term, descriptor, &capabilities) {
            name = term
        } else if Self.looksLikeXterm(term),
            cncurses_capabilities(Self.standIn, descriptor, &capabilities)
        {
            name = Self.standIn
        } else {
            throw .termUnknown(term)
        }
        guard capabilities.can_draw else { throw .termTooPoor(term) }
        hasAlternateScreen = capabilities.has_alternate_screen
        colours = Int(capabilities.colours)
        depth = Self.depth(colours: colours, isDirect: capabilities.has_direct_colours)
        reset = withUnsafeBytes(of: capabilities.reset) {
            Array($0.prefix(capabilities.reset_count))
        }
    }

    private static let standIn = "xterm-256color"

    static func looksLikeXterm(_ term: String) -> Bool {
        let relatives = [
            "xterm", "screen", "tmux", "rxvt", "alacritty", "kitty", "foot", "wezterm", "ghostty",
            "konsole", "gnome", "vte", "iterm", "contour", "mintty",
        ]
        return relatives.contains { term.hasPrefix($0) } || term.hasSuffix("256color")
            || term.hasSuffix("-direct")
    }

    static func depth(colours: Int, isDirect: Bool) -> ColourDepth {
        switch colours {
        case ..<8: .mono
        case ..<256: .sixteen
        default: isDirect ? .direct : .indexed
        }
    }

    /// ncurses' number of a colour, -1 being the terminal's own, and whether it takes bold to show.
    func number(of colour: Colour) -> (number: Int32, needsBold: Bool) {
        switch colour {
        case .standard:
            return (-1, false)
        case .palette(let index) where colours < 16:
            // The bright half of eight colours is their bold.
            return (Int32(index & 7), index >= 8)
        case .palette(let index) where depth == .direct && index >= 8:
            return (Self.direct(Quantiser.rgb(ofIndex: index)), false)
        case .palette(let index):
            return (Int32(index), false)
        case .indexed(let index):
            return depth == .direct
                ? (Self.direct(Quantiser.rgb(ofIndex: index)), false) : (Int32(index), false)
        case .rgb(let red, let green, let blue):
            return (Self.direct((red, green, blue)), false)
        }
    }

    /// Of direct colours the lowest eight are the terminal's own, so black is nearly black.
    private static func direct(_ colour: Quantiser.RGB) -> Int32 {
        let bits = Int32(colour.red) << 16 | Int32(colour.green) << 8 | Int32(colour.blue)
        return max(bits, 8)
    }
}
