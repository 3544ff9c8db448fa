/// `%XX` for a byte that may not stand for itself (RFC 3986, 2.1).
enum PercentEncoding {
    /// A sign without two hexadecimal digits behind it stays as it is; `+` stays always.
    static func decode(
        _ text: some Sequence<UInt8>, escape: UInt8 = UInt8(ascii: "%")
    ) -> String {
        let bytes = Array(text)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == escape, index + 2 < bytes.count,
                let high = hexDigit(bytes[index + 1]), let low = hexDigit(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
