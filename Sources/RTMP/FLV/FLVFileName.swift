/// What a recording of a stream is called: no byte of a key reaches the file system but letters, digits,
/// `.`, `_` and `-` (FLV-7).
package enum FLVFileName {
    /// Leaves room for a time and a suffix in the 255 bytes a name may have.
    private static let lengthMaximum = 180

    /// Any other byte reads `_XX`, a dot in front too: no hidden file, no `..`. A long key is cut, and
    /// a checksum keeps it apart from others that begin alike.
    package static func stem(for key: StreamKey) -> String {
        var stem = ""
        for byte in key.description.utf8 {
            if isPlain(byte), !(stem.isEmpty && byte == UInt8(ascii: ".")) {
                stem.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                stem += "_" + hex(UInt64(byte), digits: 2)
            }
        }
        guard stem.utf8.count > lengthMaximum else { return stem }
        return String(stem.prefix(lengthMaximum)) + "-" + hex(checksum(key.description), digits: 16)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
    }

    private static func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// FNV-1a of 64 bits.
    private static func checksum(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
