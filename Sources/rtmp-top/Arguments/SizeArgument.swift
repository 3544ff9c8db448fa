/// A number of bytes on the command line: `4096`, `64KiB`, `8MiB`, `1M` (decimal).
struct SizeArgument: Hashable, Sendable, CustomStringConvertible {
    let bytes: Int

    private static let units: [(suffix: String, bytes: Int)] = [
        ("", 1), ("B", 1), ("K", 1000), ("kB", 1000), ("M", 1_000_000), ("MB", 1_000_000),
        ("G", 1_000_000_000), ("GB", 1_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ]

    private init(bytes: Int) {
        self.bytes = bytes
    }

    static func mebibytes(_ count: Int) -> SizeArgument {
        SizeArgument(bytes: count << 20)
    }

    static func parse(_ text: String) throws -> SizeArgument {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffix = text.dropFirst(digits.count).lowercased()
        guard let number = Int(digits),
            let unit = units.first(where: { $0.suffix.lowercased() == suffix })
        else { throw WrongValue("give a size like 65536, 64KiB, 8MiB or 1M") }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow, bytes <= 1 << 40 else { throw WrongValue("1024GiB is the largest size") }
        return SizeArgument(bytes: bytes)
    }

    /// A parser that refuses what lies outside.
    static func parse(
        within bounds: ClosedRange<Int>
    ) -> @Sendable (String) throws -> SizeArgument {
        { text in
            let size = try parse(text)
            guard bounds.contains(size.bytes) else {
                let least = SizeArgument(bytes: bounds.lowerBound)
                let most = SizeArgument(bytes: bounds.upperBound)
                throw WrongValue("give a size from \(least) to \(most)")
            }
            return size
        }
    }

    var description: String {
        let unit = Self.units.suffix(3).last { bytes > 0 && bytes.isMultiple(of: $0.bytes) }
        return unit.map { "\(bytes / $0.bytes)\($0.suffix)" } ?? "\(bytes)"
    }
}
