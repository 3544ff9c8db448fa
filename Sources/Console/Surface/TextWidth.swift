import Telemetry

/// Cells that text takes, by the table of the program and not by the C library's (DESIGN §15).
enum TextWidth {
    static func cells(_ scalar: Unicode.Scalar) -> Int {
        scalar.value < 0x300 ? 1 : CellWidth.of(scalar)
    }

    static func cells(_ text: String) -> Int {
        var sum = 0
        for scalar in text.unicodeScalars { sum += cells(scalar) }
        return sum
    }
}
