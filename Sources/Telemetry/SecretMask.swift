/// Takes the values of secrets out of queries and URLs before anybody sees them (SEC-13).
///
/// A name counts as secret when it contains one of the words: `streamKey`, `auth_key` and `txSecret`
/// are in use, and masking one value too many harms nobody.
enum SecretMask {
    private static let words = [
        "token", "key", "auth", "sig", "pass", "pwd", "secret", "credential", "hash", "hmac", "md5",
        "jwt",
    ].map { Array($0.utf8) }
    /// Holds a word, and is none: the frequency of keyframes stands in metadata.
    private static let harmless = Array("keyframe".utf8)
    private static let stars = Array("***".utf8)
    private static let ampersand = UInt8(ascii: "&")
    private static let equals = UInt8(ascii: "=")

    /// Masks values in `name=value` pairs, parted by `&`.
    ///
    /// What follows a secret up to the `&` is hidden too, even if it looks like another pair: only `&`
    /// parts them for sure, and `;`, `?` and `#` may belong to the secret.
    static func query(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var start = 0
        while start <= bytes.count {
            let end = bytes[start...].firstIndex(of: ampersand) ?? bytes.count
            result += masked(bytes[start..<end])
            if end < bytes.count { result.append(ampersand) }
            start = end + 1
        }
        return result
    }

    /// Whether `url`, whole, has neither user information nor a query.
    static func isHarmless(url: some Sequence<UInt8>) -> Bool {
        !url.contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "?") }
    }

    /// Masks the user information of the authority, and the query.
    ///
    /// - Parameter isCut: there was more of it: an `@` may have been cut off.
    static func url(_ bytes: [UInt8], isCut: Bool = false) -> [UInt8] {
        let queryStart = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        let location = userInformation(Array(bytes[..<queryStart]), isCut: isCut)
        guard queryStart < bytes.count else { return location }
        return location + [bytes[queryStart]] + query(Array(bytes[(queryStart + 1)...]))
    }

    /// Everything between two `&`.
    private static func masked(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var start = bytes.startIndex
        while start <= bytes.endIndex {
            let end = bytes[start...].firstIndex(where: isSeparator) ?? bytes.endIndex
            let pair = bytes[start..<end]
            // Values hold pairs of their own: `hdnea=exp=1~hmac=…`.
            if let first = pair.firstIndex(of: equals), let last = pair.lastIndex(of: equals),
                isSecret(pair[..<last]), first + 1 < bytes.endIndex
            {
                return bytes[...first] + stars
            }
            start = end + 1
        }
        return bytes
    }

    private static func userInformation(_ bytes: [UInt8], isCut: Bool) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[(colon + 1)...].starts(with: [slash, slash])
        else { return bytes }
        let authority = colon + 3
        let end = bytes[authority...].firstIndex(of: slash) ?? bytes.count
        guard let at = bytes[authority..<end].lastIndex(of: UInt8(ascii: "@")) else {
            return isCut && end == bytes.count ? bytes[..<authority] + stars : bytes
        }
        return bytes[..<authority] + stars + bytes[at...]
    }

    static func isSecret(_ name: ArraySlice<UInt8>) -> Bool {
        let lower = name.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        return lower.indices.contains { start in
            let rest = lower[start...]
            return words.contains { rest.starts(with: $0) } && !rest.starts(with: harmless)
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "#"): true
        default: false
        }
    }
}
