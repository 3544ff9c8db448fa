/// The characters the console draws with beside letters and digits (DESIGN §16).
package struct GlyphSet: Hashable, Sendable {
    package var horizontal: Unicode.Scalar
    package var vertical: Unicode.Scalar
    package var topLeft: Unicode.Scalar
    package var topRight: Unicode.Scalar
    package var bottomLeft: Unicode.Scalar
    package var bottomRight: Unicode.Scalar
    package var teeRight: Unicode.Scalar
    package var branch: String
    package var lastBranch: String
    package var unfolded: Unicode.Scalar
    package var folded: Unicode.Scalar
    /// From the lowest bar to a full cell.
    package var bars: [Unicode.Scalar]
    package var gaugeFull: Unicode.Scalar
    package var gaugeEmpty: Unicode.Scalar
    package var ascending: Unicode.Scalar
    package var descending: Unicode.Scalar
    package var error: Unicode.Scalar
    package var cursor: Unicode.Scalar
    package var live: String
    package var paused: String
    package var cut: Unicode.Scalar
    package var chosen: Unicode.Scalar

    package static let unicode = GlyphSet(
        horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└",
        bottomRight: "┘", teeRight: "├", branch: "├─",
        lastBranch: "└─", unfolded: "▾", folded: "▸",
        bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], gaugeFull: "█", gaugeEmpty: "░",
        ascending: "▲", descending: "▼", error: "✗", cursor: "▸", live: "●",
        paused: "‖", cut: "…", chosen: "•")

    package static let ascii = GlyphSet(
        horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+",
        bottomRight: "+", teeRight: "+", branch: "|-",
        lastBranch: "`-", unfolded: "v", folded: ">", bars: ["_", ".", "-", "=", "#"],
        gaugeFull: "#", gaugeEmpty: ".", ascending: "^", descending: "v", error: "x",
        cursor: ">", live: "*", paused: "||", cut: "~", chosen: "*")
}
