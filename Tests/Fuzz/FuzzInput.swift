/// The fuzzer's bytes read as choices. Used up, it chooses zero.
struct FuzzInput {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func number() -> UInt32 {
        (0..<4).reduce(0) { value, _ in value << 8 | UInt32(byte()) }
    }

    mutating func isTrue(oneIn count: UInt8) -> Bool { byte() % count == 1 }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int(byte()) % values.count]
    }

    /// A length of at most 255, then that many bytes, or what is left.
    mutating func bytes() -> [UInt8] {
        let taken = rest.prefix(Int(byte()))
        rest = rest.dropFirst(taken.count)
        return Array(taken)
    }

    /// A value that the code compares with, or any.
    mutating func edge(_ values: [UInt32]) -> UInt32 {
        let choice = Int(byte())
        return choice < 128 ? values[choice % values.count] : number()
    }
}
