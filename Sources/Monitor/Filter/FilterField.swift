package import Telemetry

/// Something whose lines can be filtered: what its fields and flags are called and how they are read.
package protocol FilterSubject: Sendable {
    static var filterFields: [FilterField<Self>] { get }
    static var filterFlags: [FilterFlag<Self>] { get }
    /// Every text column: where a bare word is looked for.
    func filterTexts(in snapshot: Snapshot) -> [SafeText]
    /// The sessions a line is about.
    func concerns(_ sessions: ClosedRange<SessionID>) -> Bool
    /// Lines there are, from which completion takes values; not more than a few hundred.
    static func filterSamples(in snapshot: Snapshot) -> [Self]
}

/// A field of the filter language: a row of data.
package struct FilterField<Subject>: Sendable {
    typealias Read<Value> = @Sendable (Subject, Snapshot) -> Value?

    enum Kind: Sendable {
        case text(Read<SafeText>)
        /// A word of a small set; `:` means equality. Several where one includes another.
        case words(@Sendable (Subject, Snapshot) -> [String])
        /// `:` takes a network in CIDR form or a part of the text.
        case address(Read<String>)
        case number(FilterUnit, Read<Double>)
        /// Milliseconds since 1970; compared by its time of day.
        case time(Read<Int64>)
        case bytes(Read<[UInt8]>)
    }

    package let name: String
    let kind: Kind

    init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    static func text(_ name: String, _ read: @escaping Read<SafeText>) -> Self {
        Self(name, .text(read))
    }

    static func words(
        _ name: String, _ read: @escaping @Sendable (Subject, Snapshot) -> [String]
    ) -> Self {
        Self(name, .words(read))
    }

    static func number(
        _ name: String, _ unit: FilterUnit = .count, _ read: @escaping Read<Double>
    ) -> Self {
        Self(name, .number(unit, read))
    }
}

/// A flag of the filter language, without its `~`.
package struct FilterFlag<Subject>: Sendable {
    package let name: String
    let read: @Sendable (Subject, Snapshot) -> Bool

    init(_ name: String, _ read: @escaping @Sendable (Subject, Snapshot) -> Bool) {
        self.name = name
        self.read = read
    }
}

/// What a number of a field counts, and so which units may be written behind it.
enum FilterUnit: Sendable {
    /// Frames, segments, bytes, bits a second: k M G Ki Mi Gi.
    case count
    /// A duration; a bare number is milliseconds, as the column shows it.
    case milliseconds
    case seconds
    case percent
    case partsPerMillion

    /// nil: the unit does not fit.
    func scale(of unit: String) -> Double? {
        switch self {
        case .count:
            switch unit {
            case "": 1
            case "k": 1e3
            case "M": 1e6
            case "G": 1e9
            case "Ki": 1024
            case "Mi": 1_048_576
            case "Gi": 1_073_741_824
            default: nil
            }
        case .milliseconds: unit.isEmpty ? 1 : Self.milliseconds(in: unit)
        case .seconds: unit.isEmpty ? 1 : Self.milliseconds(in: unit).map { $0 / 1000 }
        case .percent: unit.isEmpty || unit == "%" ? 1 : nil
        case .partsPerMillion: unit.isEmpty || unit == "ppm" ? 1 : nil
        }
    }

    var words: String {
        switch self {
        case .count: "a number, with k M G Ki Mi Gi if you like"
        case .milliseconds, .seconds: "a duration: a number with ms s m h"
        case .percent: "a percentage"
        case .partsPerMillion: "a number, with ppm if you like"
        }
    }

    private static func milliseconds(in unit: String) -> Double? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m": 60_000
        case "h": 3_600_000
        default: nil
        }
    }
}
