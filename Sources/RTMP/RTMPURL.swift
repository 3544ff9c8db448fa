/// Where a client goes, and what it asks for there (RTMP.md §8):
///
///     rtmp[s]://[user[:password]@]host[:port]/app[/instance]/stream[?query]
///     rtmp[s]://[user[:password]@]host[:port]/app[?query]#stream
///
/// Behind a space there may be options as librtmp takes them: `app=live playpath=camera`.
package struct RTMPURL: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable {
        case rtmp
        case rtmps

        package var defaultPort: UInt16 { self == .rtmp ? 1935 : 443 }
    }

    package var scheme: Scheme
    /// A name or an address, without brackets; an IPv6 zone follows a plain `%`.
    package var host: String
    /// nil: not written, or written as nothing or 0, so the scheme's.
    package var explicitPort: UInt16?
    /// As written between `//` and `@`, percent signs and all: for the connection, not for people.
    package var userInfo: String?
    /// With its query, if that stands here.
    package var app: String
    /// With its query. Empty: the URL names none.
    package var stream: String
    /// Of librtmp's options; the rest of them is what we do anyhow.
    package var options: [Option: String] = [:]

    /// librtmp's options that say something a URL cannot (librtmp(3)).
    package enum Option: String, CaseIterable, Sendable {
        case app
        case playpath
        case tcURL = "tcUrl"
        case swfURL = "swfUrl"
        case pageURL = "pageUrl"
        case flashVersion = "flashVer"
    }

    package var port: UInt16 { explicitPort ?? scheme.defaultPort }

    /// What connect says: no user information, no fragment, the port only where it was written (URL-3).
    package var tcURL: String { options[.tcURL] ?? "\(scheme.rawValue)://\(authority)/\(app)" }

    /// What TLS asks the server to prove it is (URL-4). nil: the host is an address, for which there is
    /// no Server Name Indication.
    package var serverName: String? { Host.isAddress(host) ? nil : host }

    /// The parts of the user information, decoded: user name first (URI §4.2).
    package var credentials: [String] {
        userInfo?.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            .map { PercentEncoding.decode($0) } ?? []
    }

    private var authority: String {
        let host = host.utf8.contains(UInt8(ascii: ":")) ? "[\(Host.withEncodedZone(host))]" : host
        return host + (explicitPort.map { ":\($0)" } ?? "")
    }
}

extension RTMPURL: CustomStringConvertible {
    /// For people: without user information, queries and options, which may be secret (SEC-13).
    package var description: String {
        func shown(_ part: String) -> String {
            guard let mark = part.utf8.firstIndex(of: UInt8(ascii: "?")) else { return part }
            return part[...mark] + "…"
        }
        let path = "\(scheme.rawValue)://\(authority)/\(shown(app))"
        if stream.isEmpty { return path }
        return app.utf8.contains(UInt8(ascii: "?"))
            ? path + "#" + shown(stream) : path + (app.isEmpty ? "" : "/") + shown(stream)
    }
}

// MARK: Faults

extension RTMPURL {
    /// Why a text is no URL for us.
    package enum Fault: Error, Hashable, Sendable {
        case noScheme
        /// `http`, `rtmpe`, `rtmpt` …
        case unsupportedScheme(String)
        case emptyHost
        /// Neither a name nor an address; IPv6 without brackets too.
        case malformedHost(String)
        case portOutOfRange(String)
        /// A space or a control character where none may be.
        case illegalCharacter
        /// Behind a space: an option nobody knows, or no option at all.
        case unknownOption(String)
    }
}

extension RTMPURL.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noScheme: "a URL begins with rtmp:// or rtmps://"
        case .unsupportedScheme(let scheme):
            "\(scheme):// is not supported, rtmp:// and rtmps:// are"
        case .emptyHost: "the URL names no host"
        case .malformedHost(let host): "\(host) is no host; IPv6 addresses stand in brackets"
        case .portOutOfRange(let port): "\(port) is no port"
        case .illegalCharacter: "the URL holds a space or a control character"
        case .unknownOption(let word): "\(word) is no option of a URL"
        }
    }
}
