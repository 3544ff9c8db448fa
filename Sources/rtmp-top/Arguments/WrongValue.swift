/// Why the value of an option is not accepted, in words that follow "… is invalid for '--option': ".
struct WrongValue: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A whole number between two bounds.
func whole(_ bounds: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
    { text in
        guard let number = Int(text), bounds.contains(number) else {
            throw WrongValue(
                "give a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }
}

/// `true` or `false`, also said as 1, on, yes and 0, off, no.
func truth(_ text: String) throws -> Bool {
    switch text.lowercased() {
    case "true", "1", "on", "yes": return true
    case "false", "0", "off", "no": return false
    default: throw WrongValue("give true or false")
    }
}
