/// Takes the values of secrets out of queries and URLs before anybody sees them (SEC-13).
///
/// A name counts as secret when it contains one of the words: `streamKey`, `auth_key` and `txSecret`
/// are in use, and masking one value too many harms nobody.
enum SecretMask {
    private static let words = ["token", "key", "auth", "sign", "pass", "secret"].map {
        Array($0.utf8)
    }
    private static let stars = Array("***".utf8)

    /// Masks values in `name=value` pairs, parted by `&`, `;`, `?` or `#`.
    static func query(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var start = 0
        while start <= bytes.count {
            let end = bytes[start...].firstIndex(where: isSeparator) ?? bytes.count
            result += pair(bytes[start..<end])
            if end < bytes.count { result.append(bytes[end]) }
            start = end + 1
        }
        return result
    }

    /// Masks the user information of the authority, and the query.
    static func url(_ bytes: [UInt8]) -> [UInt8] {
        let queryStart = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        let location = userInformation(Array(bytes[..<queryStart]))
        guard queryStart < bytes.count else { return location }
        return location + [bytes[queryStart]] + query(Array(bytes[(queryStart + 1)...]))
    }

    private static func pair(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals + 1 < bytes.endIndex,
            isSecret(bytes[..<equals])
        else { return bytes }
        return bytes[...equals] + stars
    }

    private static func userInformation(_ bytes: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[(colon + 1)...].starts(with: [slash, slash])
        else { return bytes }
        let authority = colon + 3
        let end = bytes[authority...].firstIndex(of: slash) ?? bytes.count
        guard let at = bytes[authority..<end].lastIndex(of: UInt8(ascii: "@")) else {
            return bytes
        }
        return bytes[..<authority] + stars + bytes[at...]
    }

    static func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
        let lower = name.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        return words.contains { word in
            lower.indices.contains { lower[$0...].starts(with: word) }
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "#"): true
        default: false
        }
    }
}
