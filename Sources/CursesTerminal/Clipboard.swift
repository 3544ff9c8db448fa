/// OSC 52: text for the clipboard of the terminal, also over ssh and, with `set-clipboard on`, in tmux.
enum Clipboard {
    /// xterm takes no more than 100,000 bytes of sequence.
    static let bytesMaximum = 74_000

    static func sequence(_ text: String) -> String {
        "\u{1b}]52;c;" + base64(Array(text.utf8)) + "\u{7}"
    }

    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// RFC 4648, 4.
    static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let group = bytes[index..<min(index + 3, bytes.count)]
            var bits = 0
            for byte in group { bits = bits << 8 | Int(byte) }
            bits <<= 8 * (3 - group.count)
            for place in 0...group.count { text.append(digits[bits >> (18 - 6 * place) & 63]) }
            for _ in group.count..<3 { text.append(UInt8(ascii: "=")) }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
