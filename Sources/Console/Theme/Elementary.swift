/// The few elementary functions colour arithmetic needs: this floor imports no mathematics library.
///
/// Series after range reduction, good to about 1e-12; nothing here is on a path that is drawn often.
enum Elementary {
    /// Natural logarithm of a positive number, by `2 artanh((m - 1) / (m + 1))`.
    static func logarithm(_ x: Double) -> Double {
        let significand = x.significand
        let z = (significand - 1) / (significand + 1)
        let square = z * z
        var term = z
        var sum = 0.0
        for n in stride(from: 1.0, through: 61, by: 2) {
            sum += term / n
            term *= square
        }
        return 2 * sum + Double(x.exponent) * 0.693_147_180_559_945_3
    }

    static func exponential(_ x: Double) -> Double {
        let halvings = 8.0
        let small = x / 256
        var term = 1.0
        var sum = 1.0
        for n in 1...14 {
            term *= small / Double(n)
            sum += term
        }
        for _ in 0..<Int(halvings) { sum *= sum }
        return sum
    }

    static func power(_ base: Double, _ exponent: Double) -> Double {
        base <= 0 ? 0 : exponential(exponent * logarithm(base))
    }

    static func sine(_ x: Double) -> Double {
        let turn = 2 * Double.pi
        let reduced = x - (x / turn).rounded() * turn
        var term = reduced
        var sum = reduced
        for n in stride(from: 2.0, through: 34, by: 2) {
            term *= -reduced * reduced / (n * (n + 1))
            sum += term
        }
        return sum
    }

    static func cosine(_ x: Double) -> Double {
        sine(x + .pi / 2)
    }

    static func arcTangent(_ y: Double, _ x: Double) -> Double {
        let magnitude = (x * x + y * y).squareRoot()
        guard magnitude > 0 else { return 0 }
        // Half the angle three times over, then the series converges at once.
        var t = y / (magnitude + abs(x))
        for _ in 0..<2 { t /= 1 + (1 + t * t).squareRoot() }
        var term = t
        var sum = 0.0
        for n in stride(from: 1.0, through: 41, by: 2) {
            sum += term / n
            term *= -t * t
        }
        let angle = 8 * sum
        return x >= 0 ? angle : (y >= 0 ? .pi : -.pi) - angle
    }
}
