/// A screen in cells, `WIDTHxHEIGHT`: `120x40`.
struct ScreenSizeArgument: Hashable, Sendable, CustomStringConvertible {
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    static func parse(_ text: String) throws -> ScreenSizeArgument {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]),
            (1...1000).contains(width), (1...1000).contains(height)
        else { throw WrongValue("give WIDTHxHEIGHT in cells, like 120x40, at most 1000x1000") }
        return ScreenSizeArgument(width: width, height: height)
    }

    var description: String { "\(width)x\(height)" }
}
