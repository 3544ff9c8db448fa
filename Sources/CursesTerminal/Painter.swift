import CNcurses
import Console

/// Brings what changed between two surfaces to ncurses, in the colours of a theme.
struct Painter {
    private struct Style {
        var pair: Int32
        var attributes: UInt8
    }

    private(set) var theme: Theme
    private let type: TerminalType
    /// By role; made when a role is first drawn, because a terminal may have few colour pairs.
    private var styles: [Style?]
    private var shown: Surface?
    private var run: [cncurses_cell] = []

    init(theme: Theme, type: TerminalType) {
        self.theme = theme.quantised(to: type.depth)
        self.type = type
        styles = Array(repeating: nil, count: Role.allCases.count)
    }

    mutating func change(to theme: Theme) {
        self.theme = theme.quantised(to: type.depth)
        forget()
    }

    /// What is on the screen is not known any more.
    mutating func forget() {
        shown = nil
    }

    /// False: the terminal shows exactly this already.
    mutating func paint(_ surface: Surface) -> Bool {
        guard surface != shown else { return false }
        let isSameSize = shown?.width == surface.width && shown?.height == surface.height
        if !isSameSize {
            cncurses_forget_pairs()
            for index in styles.indices { styles[index] = nil }
            cncurses_erase()
            cncurses_repaint()
        }
        for y in 0..<surface.height {
            paintRow(y, of: surface, over: isSameSize ? shown?.cells : nil)
        }
        shown = surface
        return true
    }

    /// Hands over the cells between the first and the last that differ.
    private mutating func paintRow(_ y: Int, of surface: Surface, over old: [Cell]?) {
        let row = y * surface.width..<(y + 1) * surface.width
        var changed = row
        if let old {
            guard let first = row.first(where: { surface.cells[$0] != old[$0] }),
                let last = row.last(where: { surface.cells[$0] != old[$0] })
            else { return }
            changed = first..<last + 1
        }
        // Half a wide character cannot be drawn.
        if surface.cells[changed.lowerBound].width == .continuation {
            changed = changed.lowerBound - 1..<changed.upperBound
        }
        run.removeAll(keepingCapacity: true)
        for index in changed where surface.cells[index].width != .continuation {
            run.append(cell(surface.cells[index]))
        }
        cncurses_put(
            Int32(clamping: changed.lowerBound - row.lowerBound), Int32(clamping: y), run,
            Int32(clamping: run.count))
    }

    private mutating func cell(_ cell: Cell) -> cncurses_cell {
        let style = style(of: cell.role)
        return cncurses_cell(
            base: cell.glyph.base.value,
            first_mark: cell.glyph.firstMark?.value ?? 0,
            second_mark: cell.glyph.secondMark?.value ?? 0,
            pair: style.pair, attributes: style.attributes,
            width: cell.width == .wide ? 2 : 1)
    }

    private mutating func style(of role: Role) -> Style {
        if let style = styles[Int(role.rawValue)] { return style }
        let wanted = theme.style(for: role)
        let foreground = type.number(of: wanted.foreground)
        let background = type.number(of: wanted.background)
        var attributes = UInt8(0)
        let flags: [(Attributes, Int)] = [
            (.bold, CNCURSES_BOLD), (.dim, CNCURSES_DIM), (.underline, CNCURSES_UNDERLINE),
            (.reverse, CNCURSES_REVERSE), (.italic, CNCURSES_ITALIC),
        ]
        for (attribute, flag) in flags where wanted.attributes.contains(attribute) {
            attributes |= UInt8(flag)
        }
        if foreground.needsBold { attributes |= UInt8(CNCURSES_BOLD) }
        let style = Style(
            pair: cncurses_pair(foreground.number, background.number), attributes: attributes)
        styles[Int(role.rawValue)] = style
        return style
    }
}
