/// A reading position over bits, most significant first, that checks every read.
///
/// Past the end everything is `nil`, so a broken configuration record says as much as it holds.
struct BitCursor {
    private let bytes: [UInt8]
    /// Bits read so far.
    private(set) var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The bytes of a NAL unit without the emulation prevention bytes: `00 00 03` stands for `00 00`.
    init(unescaping unit: UnsafeRawBufferPointer) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(unit.count)
        var zeros = 0
        for byte in unit {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        self.init(bytes)
    }

    var remaining: Int { bytes.count * 8 - offset }

    /// Up to 32 bits as a number.
    mutating func read(_ width: Int) -> Int? {
        guard width >= 0, width <= 32, width <= remaining else { return nil }
        var value = 0
        for _ in 0..<width {
            let bit = bytes[offset >> 3] >> UInt8(7 - offset & 7) & 1
            value = value << 1 | Int(bit)
            offset += 1
        }
        return value
    }

    mutating func readFlag() -> Bool? {
        read(1).map { $0 == 1 }
    }

    mutating func skip(_ width: Int) -> Void? {
        guard width >= 0, width <= remaining else { return nil }
        offset += width
        return ()
    }

    /// An unsigned Exp-Golomb number, `ue(v)` (H.264, 9.1); AV1 calls it `uvlc`.
    mutating func readExpGolomb() -> Int? {
        var zeros = 0
        while true {
            guard let bit = read(1) else { return nil }
            if bit == 1 { break }
            zeros += 1
            guard zeros <= 32 else { return nil }
        }
        return read(zeros).map { (1 << zeros) - 1 + $0 }
    }

    /// A signed Exp-Golomb number, `se(v)`.
    mutating func readSignedExpGolomb() -> Int? {
        readExpGolomb().map { $0 & 1 == 1 ? ($0 + 1) / 2 : -($0 / 2) }
    }
}
