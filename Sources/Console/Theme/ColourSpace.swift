/// A colour as numbers one can reckon with: what is near, what can be read on what.
///
/// CIELAB under D65, CIEDE2000 after Sharma, Wu and Dalal (2005), contrast after WCAG 2.1, colour
/// blindness after Viénot, Brettel and Mollon (1999) and for tritanopia Brettel (1997).
package struct ColourSpace: Hashable, Sendable {
    package var red: Double
    package var green: Double
    package var blue: Double

    /// Linear light, 0 … 1.
    package init(linearRed: Double, green: Double, blue: Double) {
        red = linearRed
        self.green = green
        self.blue = blue
    }

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        func linear(_ byte: UInt8) -> Double {
            let value = Double(byte) / 255
            return value <= 0.04045 ? value / 12.92 : Elementary.power((value + 0.055) / 1.055, 2.4)
        }
        self.init(linearRed: linear(red), green: linear(green), blue: linear(blue))
    }

    package var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

    /// From 1 to 21 (WCAG 2.1, 1.4.3).
    package func contrast(to other: ColourSpace) -> Double {
        let lighter = max(luminance, other.luminance)
        let darker = min(luminance, other.luminance)
        return (lighter + 0.05) / (darker + 0.05)
    }

    package enum Deficiency: CaseIterable, Sendable {
        case protanopia
        case deuteranopia
        case tritanopia
    }

    /// How somebody with this deficiency sees it.
    package func seen(with deficiency: Deficiency) -> ColourSpace {
        let rows: [[Double]] =
            switch deficiency {
            case .protanopia:
                [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]
            case .deuteranopia:
                [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]
            case .tritanopia where 0.03960 * red - 0.02831 * green - 0.01129 * blue >= 0:
                [
                    [1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431],
                    [0.07589, 0.80500, 0.11911],
                ]
            case .tritanopia:
                [
                    [0.93678, 0.18979, -0.12657], [0.06154, 0.81526, 0.12320],
                    [-0.37562, 1.12767, 0.24796],
                ]
            }
        func mixed(_ row: [Double]) -> Double {
            min(max(row[0] * red + row[1] * green + row[2] * blue, 0), 1)
        }
        return ColourSpace(linearRed: mixed(rows[0]), green: mixed(rows[1]), blue: mixed(rows[2]))
    }

    package struct Lab: Hashable, Sendable {
        package var lightness: Double
        package var a: Double
        package var b: Double

        package init(lightness: Double, a: Double, b: Double) {
            self.lightness = lightness
            self.a = a
            self.b = b
        }
    }

    package var lab: Lab {
        func f(_ t: Double) -> Double {
            t > 216.0 / 24389 ? Elementary.power(t, 1.0 / 3) : (24389.0 / 27 * t + 16) / 116
        }
        let x = f((0.412_456_4 * red + 0.357_576_1 * green + 0.180_437_5 * blue) / 0.95047)
        let y = f(0.212_672_9 * red + 0.715_152_2 * green + 0.072_175_0 * blue)
        let z = f((0.019_333_9 * red + 0.119_192_0 * green + 0.950_304_1 * blue) / 1.08883)
        return Lab(lightness: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z))
    }

    package func difference(to other: ColourSpace) -> Double {
        lab.difference(to: other.lab)
    }
}

extension ColourSpace.Lab {
    /// CIEDE2000; the names are those of the paper.
    package func difference(to other: ColourSpace.Lab) -> Double {
        func seventh(_ c: Double) -> Double {
            let p = c * c * c * c * c * c * c
            return (p / (p + 6_103_515_625)).squareRoot()
        }
        func hue(_ b: Double, _ a: Double) -> Double {
            let degrees = Elementary.arcTangent(b, a) * 180 / .pi
            return degrees < 0 ? degrees + 360 : degrees
        }
        func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }

        let meanC =
            ((a * a + b * b).squareRoot()
                + (other.a * other.a + other.b * other.b)
                .squareRoot()) / 2
        let g = 0.5 * (1 - seventh(meanC))
        let a1 = a * (1 + g)
        let a2 = other.a * (1 + g)
        let c1 = (a1 * a1 + b * b).squareRoot()
        let c2 = (a2 * a2 + other.b * other.b).squareRoot()
        let h1 = hue(b, a1)
        let h2 = hue(other.b, a2)

        let isGrey = c1 * c2 == 0
        var deltaHue = isGrey ? 0 : h2 - h1
        if deltaHue > 180 { deltaHue -= 360 }
        if deltaHue < -180 { deltaHue += 360 }
        let deltaL = other.lightness - lightness
        let deltaC = c2 - c1
        let deltaH = 2 * (c1 * c2).squareRoot() * Elementary.sine(radians(deltaHue) / 2)

        let meanL = (lightness + other.lightness) / 2
        let meanC1 = (c1 + c2) / 2
        var meanHue = isGrey ? h1 + h2 : (h1 + h2) / 2
        if !isGrey, abs(h1 - h2) > 180 { meanHue += h1 + h2 < 360 ? 180 : -180 }
        let t =
            1 - 0.17 * Elementary.cosine(radians(meanHue - 30))
            + 0.24 * Elementary.cosine(radians(2 * meanHue))
            + 0.32 * Elementary.cosine(radians(3 * meanHue + 6))
            - 0.20 * Elementary.cosine(radians(4 * meanHue - 63))
        let bend = (meanHue - 275) / 25
        let rotation =
            -Elementary.sine(radians(60 * Elementary.exponential(-bend * bend)))
            * 2 * seventh(meanC1)
        let middle = (meanL - 50) * (meanL - 50)
        let l = deltaL / (1 + 0.015 * middle / (20 + middle).squareRoot())
        let c = deltaC / (1 + 0.045 * meanC1)
        let h = deltaH / (1 + 0.015 * meanC1 * t)
        return (l * l + c * c + h * h + rotation * c * h).squareRoot()
    }
}
