import Telemetry

/// Which program a peer is, as far as it tells.
///
/// Metadata knows better than flashVer: encoders that are built on librtmp all call themselves FMLE.
enum ClientName {
    static func recognise(flashVersion: SafeText?, metadata: SafeText?) -> SafeText? {
        if let metadata, let name = encoder(metadata.description) { return SafeText(name) }
        guard let flashVersion else { return nil }
        return program(flashVersion.description).map { SafeText($0) }
    }

    /// The `encoder` property, wherever it stands in the listing.
    private static func encoder(_ listing: String) -> String? {
        if let version = version(after: "libobs version ", in: listing) { return "OBS " + version }
        if let version = version(after: "GStreamer ", in: listing) { return "GStreamer " + version }
        if let version = version(after: "vMix ", in: listing) { return "vMix " + version }
        return lavf(listing)
    }

    private static func program(_ flashVersion: String) -> String? {
        if let name = lavf(flashVersion) { return name }
        for name in programs where find(name, in: flashVersion) != nil {
            let version =
                version(after: name + "/", in: flashVersion)
                ?? version(after: name + " ", in: flashVersion)
            return version.map { name + " " + $0 } ?? name
        }
        // What libavformat says when it plays: ffplay, mpv and VLC cannot be told apart by it.
        if flashVersion == "LNX 9,0,124,2" { return "Lavf" }
        // The default of librtmp: rtmpdump and what is built on it.
        if flashVersion.hasSuffix(" 10,0,32,18") { return "librtmp" }
        if find("FMSc/", in: flashVersion) != nil { return "FMLE" }
        if let version = version(after: "FMLE/", in: flashVersion) { return "FMLE " + version }
        return nil
    }

    private static let programs = [
        "rtmpload", "Wirecast", "vMix", "GStreamer", "OBS", "XSplit", "Larix",
    ]

    /// `Lavf61.1.100` → `Lavf61.1`
    private static func lavf(_ text: String) -> String? {
        version(after: "Lavf", in: text).map { version in
            "Lavf" + version.split(separator: ".").prefix(2).joined(separator: ".")
        }
    }

    private static func version(after prefix: String, in text: String) -> String? {
        guard let start = find(prefix, in: text) else { return nil }
        let digits = text.utf8.dropFirst(start + prefix.utf8.count).prefix { byte in
            byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: ".")
        }
        guard let first = digits.first, first != UInt8(ascii: "."), digits.count <= 16 else {
            return nil
        }
        let version = String(decoding: digits, as: UTF8.self)
        return version.hasSuffix(".") ? String(version.dropLast()) : version
    }

    /// Where the bytes of one text are in another: `contains` compares characters, which takes twenty
    /// times as long, and a name is looked for with every connect.
    private static func find(_ wanted: String, in text: String) -> Int? {
        var (wanted, text) = (wanted, text)
        return wanted.withUTF8 { wanted in
            text.withUTF8 { text in
                guard let first = wanted.first, text.count >= wanted.count else { return nil }
                return (0...(text.count - wanted.count)).first { start in
                    text[start] == first
                        && wanted.indices.allSatisfy { text[start + $0] == wanted[$0] }
                }
            }
        }
    }
}
