/// Finds what a poorer terminal can show for a colour: the nearest by CIEDE2000 (DESIGN §16).
package enum Quantiser {
    package typealias RGB = (red: UInt8, green: UInt8, blue: UInt8)

    /// xterm's default 16. A user may have chosen others; nobody can know.
    static let sixteen: [RGB] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205),
        (0, 205, 205), (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
        (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]

    /// The colour an index of xterm's 256 stands for.
    package static func rgb(ofIndex index: UInt8) -> RGB {
        switch index {
        case 0..<16:
            return sixteen[Int(index)]
        case 16..<232:
            let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
            let cube = Int(index) - 16
            return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
        default:
            let grey = 8 + 10 * (index - 232)
            return (grey, grey, grey)
        }
    }

    /// Red, green and blue of a colour; nil for the terminal's own.
    package static func rgb(of colour: Colour) -> RGB? {
        switch colour {
        case .standard: nil
        case .palette(let index): sixteen[Int(index % 16)]
        case .indexed(let index): rgb(ofIndex: index)
        case .rgb(let red, let green, let blue): (red, green, blue)
        }
    }

    package static func quantise(_ colour: Colour, to depth: ColourDepth) -> Colour {
        guard let wanted = rgb(of: colour) else { return .standard }
        switch (depth, colour) {
        case (.mono, _): return .standard
        case (.direct, _), (.sixteen, .palette), (.indexed, .palette), (.indexed, .indexed):
            return colour
        case (.indexed, _):
            return .indexed(UInt8(nearest(to: wanted, in: 16..<256)))
        case (.sixteen, _):
            return .palette(UInt8(nearest(to: wanted, in: 0..<16)))
        }
    }

    private static let labs: [ColourSpace.Lab] = (0..<256).map {
        let colour = rgb(ofIndex: UInt8($0))
        return ColourSpace(red: colour.red, green: colour.green, blue: colour.blue).lab
    }

    private static func nearest(to colour: RGB, in candidates: Range<Int>) -> Int {
        let lab = ColourSpace(red: colour.red, green: colour.green, blue: colour.blue).lab
        var best = candidates.lowerBound
        var least = Double.infinity
        for index in candidates {
            let difference = lab.difference(to: labs[index])
            if difference < least {
                least = difference
                best = index
            }
        }
        return best
    }
}
