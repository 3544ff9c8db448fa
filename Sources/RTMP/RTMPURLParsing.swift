extension RTMPURL {
    /// Reads a URL as people write it (URL-1, URL-2, URL-4, URL-5).
    package init(parsing text: String) throws(Fault) {
        let words = text.utf8.split(separator: UInt8(ascii: " "))
        guard let first = words.first else { throw .noScheme }
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw .illegalCharacter
        }
        let (scheme, rest) = try Self.scheme(Array(first))
        // The query may hold anything, so the authority ends before it is looked at (URL-4).
        let end = rest.firstIndex { Self.endsAuthority.contains($0) } ?? rest.endIndex
        let at = rest[..<end].lastIndex(of: UInt8(ascii: "@"))
        let (host, port) = try Self.hostAndPort(rest[(at.map { $0 + 1 } ?? rest.startIndex)..<end])
        let (app, stream) = Self.appAndStream(rest[end...])
        self.init(
            scheme: scheme, host: host, explicitPort: port,
            userInfo: at.map { String(decoding: rest[..<$0], as: UTF8.self) }, app: app,
            stream: stream)
        for word in words.dropFirst() { try apply(option: Array(word)) }
    }

    private static let endsAuthority = Array("/?#".utf8)

    private static func scheme(
        _ text: [UInt8]
    ) throws(Fault) -> (Scheme, rest: ArraySlice<UInt8>) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")),
            text[colon...].starts(with: "://".utf8), colon > 0
        else { throw .noScheme }
        let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
        guard let scheme = Scheme(rawValue: name) else { throw .unsupportedScheme(name) }
        return (scheme, text[(colon + 3)...])
    }

    /// A port of nothing or 0 is the scheme's (URL-1, srs #1754).
    private static func hostAndPort(
        _ text: ArraySlice<UInt8>
    ) throws(Fault) -> (host: String, port: UInt16?) {
        var host = text
        var port: ArraySlice<UInt8> = []
        if text.first == UInt8(ascii: "[") {
            guard let bracket = text.firstIndex(of: UInt8(ascii: "]")) else {
                throw .malformedHost(String(decoding: text, as: UTF8.self))
            }
            host = text[...bracket]
            port = text[(bracket + 1)...]
            guard port.isEmpty || port.first == UInt8(ascii: ":") else {
                throw .malformedHost(String(decoding: text, as: UTF8.self))
            }
            port = port.dropFirst()
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            host = text[..<colon]
            port = text[(colon + 1)...]
        }
        guard !port.contains(UInt8(ascii: ":")) else {
            throw .malformedHost(String(decoding: text, as: UTF8.self))
        }
        guard !host.isEmpty else { throw .emptyHost }
        guard let name = Host.parse(host) else {
            throw .malformedHost(String(decoding: host, as: UTF8.self))
        }
        guard !port.isEmpty else { return (name, nil) }
        let digits = String(decoding: port, as: UTF8.self)
        guard port.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits) else {
            throw .portOutOfRange(digits)
        }
        return (name, number == 0 ? nil : number)
    }

    // MARK: App and stream

    /// The stream is the fragment, or else the last segment with the query (URL-2). Two spellings say
    /// more: what follows the instance `_definst_`, and what begins with `mp4:`, is stream to its end.
    private static func appAndStream(
        _ text: ArraySlice<UInt8>
    ) -> (app: String, stream: String) {
        let path = text.first == UInt8(ascii: "/") ? text.dropFirst() : text
        if let mark = path.firstIndex(of: UInt8(ascii: "#")) {
            let stream = PercentEncoding.decode(path[(mark + 1)...])
            return (string(path[..<mark]), stream)
        }
        let query = path.firstIndex(of: UInt8(ascii: "?")) ?? path.endIndex
        var end = query
        while end > path.startIndex, path[end - 1] == slash { end -= 1 }
        let segments = path[..<end].split(separator: slash, omittingEmptySubsequences: false)
        guard segments.count > 1 else {
            return (string(path[..<end]) + string(path[query...]), "")
        }
        let start = streamStart(segments)
        guard start < segments.count else {
            return (string(path[..<end]) + string(path[query...]), "")
        }
        let before = path[..<(segments[start].startIndex - 1)]
        let app = before[
            ..<((before.lastIndex { $0 != slash }).map { $0 + 1 } ?? before.startIndex)]
        return (
            string(app), string(path[segments[start].startIndex..<end]) + string(path[query...])
        )
    }

    /// The index of the segment that begins the stream.
    private static func streamStart(_ segments: [ArraySlice<UInt8>]) -> Int {
        for (index, segment) in segments.enumerated().dropFirst() {
            if segment.elementsEqual("_definst_".utf8) { return index + 1 }
            if filePrefixes.contains(where: { segment.starts(with: $0.utf8) }) { return index }
        }
        return segments.count - 1
    }

    private static let filePrefixes = ["mp4:", "flv:", "mp3:"]
    private static let slash = UInt8(ascii: "/")

    private static func string(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Options

    /// `key=value`; in the value `\20` is the byte 20 (librtmp(3)).
    private mutating func apply(option word: [UInt8]) throws(Fault) {
        guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else {
            throw .unknownOption(String(decoding: word, as: UTF8.self))
        }
        let name = String(decoding: word[..<equals], as: UTF8.self)
        // Live or not, and for how long to wait, is not the URL's to say here.
        if ["live", "buffer", "timeout"].contains(name) { return }
        guard let option = Option(rawValue: name) else { throw .unknownOption(name) }
        let value = PercentEncoding.decode(word[(equals + 1)...], escape: UInt8(ascii: "\\"))
        switch option {
        case .app: app = value
        case .playpath: stream = value
        case .tcURL, .swfURL, .pageURL, .flashVersion: options[option] = value
        }
    }
}

extension RTMPURL {
    /// What may stand for a host.
    enum Host {
        /// A name, an IPv4 address, or an IPv6 address in brackets, which are taken off.
        static func parse(_ text: ArraySlice<UInt8>) -> String? {
            guard text.first == UInt8(ascii: "[") else {
                return text.allSatisfy(isName) ? String(decoding: text, as: UTF8.self) : nil
            }
            let inner = text.dropFirst().dropLast()
            // fe80::1%25eth0 as the URI has it, and fe80::1%eth0 as people do (URL-5).
            let percent = inner.firstIndex(of: UInt8(ascii: "%")) ?? inner.endIndex
            let address = inner[..<percent]
            guard address.filter({ $0 == UInt8(ascii: ":") }).count >= 2,
                address.allSatisfy(isIPv6)
            else { return nil }
            let text = String(decoding: address, as: UTF8.self)
            guard percent < inner.endIndex else { return text }
            let isEncoded = inner[percent...].starts(with: "%25".utf8)
            let zone = inner[(percent + (isEncoded ? 3 : 1))...]
            guard !zone.isEmpty, zone.allSatisfy(isName) else { return nil }
            return text + "%" + String(decoding: zone, as: UTF8.self)
        }

        static func isAddress(_ host: String) -> Bool {
            if host.utf8.contains(UInt8(ascii: ":")) { return true }
            let parts = host.utf8.split(
                separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            return parts.count == 4
                && parts.allSatisfy { UInt8(String(decoding: $0, as: UTF8.self)) != nil }
        }

        static func withEncodedZone(_ host: String) -> String {
            guard let percent = host.utf8.firstIndex(of: UInt8(ascii: "%")) else { return host }
            return host[..<percent] + "%25" + host[host.utf8.index(after: percent)...]
        }

        /// Letters, digits, `-`, `.`, `_`, `~`, and every byte of an international name.
        private static func isName(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
            default: Array("-._~".utf8).contains(byte)
            }
        }

        private static func isIPv6(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x3A, 0x41...0x46, 0x61...0x66, UInt8(ascii: "."): true
            default: false
            }
        }
    }
}
