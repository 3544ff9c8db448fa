/// What clients write into app, tcUrl and stream name, and the key that comes of it (CMD-23 … CMD-25).
///
/// Pure functions; nothing here fails: what cannot be a key is `nil`, and a refusal is up to the
/// caller.
package enum StreamName {
    /// The longest key, in bytes of `app/name` (CMD-23).
    package static let keyBytesMaximum = 512

    /// The app of a connect command: segments without query, and the queries on the way.
    package struct App: Hashable, Sendable {
        /// Without query, `/_definst_`, doubled or outer slashes.
        package var path: String
        /// Path segments of tcUrl, for a publisher that names no stream (CMD-25).
        package var tcURLSegments: [String]
        /// Queries of app and tcUrl, the app's first, without `?`; empty ones left out.
        package var parameters: [String]
    }

    /// A stream name of publish or play.
    package struct Resolved: Hashable, Sendable {
        /// nil: this name cannot be a key (CMD-11, CMD-23).
        package var key: StreamKey?
        /// The query of the name, without `?`.
        package var query: String
    }

    /// Normalises what connect said; `app` is nil when the field was missing (CMD-2).
    package static func app(_ app: String?, tcURL: String) -> App {
        let (appPath, appQuery) = splitQuery(app ?? "")
        let (urlPath, urlQuery) = splitQuery(pathAndQuery(of: tcURL))
        let urlSegments = appSegments(urlPath)
        var segments = appSegments(appPath)
        if segments.isEmpty { segments = urlSegments }
        return App(
            path: segments.joined(separator: "/"),
            tcURLSegments: urlSegments,
            parameters: [appQuery, urlQuery].filter { !$0.isEmpty })
    }

    /// The key and query of a publish or play name under an app.
    package static func resolve(_ rawName: String, in app: App) -> Resolved {
        let (path, query) = splitQuery(rawName)
        var appSegments = segments(app.path)
        var nameSegments = segments(withoutFilePrefix(path))
        if nameSegments.isEmpty {
            // OBS with an empty stream key: the last segment of the URL is the name (CMD-11).
            if appSegments.count < 2 { appSegments = app.tcURLSegments }
            guard appSegments.count >= 2, let last = appSegments.popLast() else {
                return Resolved(key: nil, query: query)
            }
            nameSegments = [last]
        }
        let key = StreamKey(
            app: appSegments.joined(separator: "/"), name: nameSegments.joined(separator: "/"))
        let isKey =
            isAllowed(key) && !appSegments.contains("..") && !nameSegments.contains("..")
        return Resolved(key: isKey ? key : nil, query: query)
    }

    /// The value of a parameter: the first query that has it wins, so pass the name's query, then the
    /// app's, then that of tcUrl (CMD-24). `%XX` is decoded, `+` stays.
    package static func parameter(_ name: String, in queries: [String]) -> String? {
        for query in queries {
            for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
                let parts = pair.split(
                    separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                if parts[0].elementsEqual(name.utf8) {
                    return parts.count == 2 ? PercentEncoding.decode(parts[1]) : ""
                }
            }
        }
        return nil
    }

    /// Takes off the quotes that some encoders put around tcUrl (Neko, mediamtx #1405).
    package static func withoutQuotes(_ url: String) -> String {
        var rest = Substring(url)
        while rest.first == "'" { rest.removeFirst() }
        while rest.last == "'" { rest.removeLast() }
        return String(rest)
    }

    // MARK: Steps

    /// What follows the authority of `rtmp://host:port/path?query`.
    private static func pathAndQuery(of tcURL: String) -> String {
        let bytes = Array(withoutQuotes(tcURL).utf8)
        let slash = UInt8(ascii: "/")
        let colon = UInt8(ascii: ":")
        guard let scheme = bytes.firstIndex(of: colon), bytes.count >= scheme + 3,
            bytes[scheme + 1] == slash, bytes[scheme + 2] == slash
        else { return "" }
        let authority = bytes[(scheme + 3)...]
        let end = authority.firstIndex { $0 == slash || $0 == UInt8(ascii: "?") }
        return end.map { String(decoding: bytes[$0...], as: UTF8.self) } ?? ""
    }

    private static func splitQuery(_ text: String) -> (path: String, query: String) {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (text, "") }
        return (String(text[..<mark]), String(text[text.utf8.index(after: mark)...]))
    }

    private static func segments(_ path: String) -> [String] {
        let slash = UInt8(ascii: "/")
        guard path.utf8.contains(slash) else { return path.isEmpty ? [] : [path] }
        return path.utf8.split(separator: slash).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Segments without the default instance of Flash Media Server (nginx fa2b5b0).
    private static func appSegments(_ path: String) -> [String] {
        var result = segments(path)
        if result.last == "_definst_" { result.removeLast() }
        return result
    }

    /// `mp4:clip` names a file in some servers; for a live stream the prefix means nothing.
    private static func withoutFilePrefix(_ path: String) -> String {
        for prefix in ["mp4:", "flv:", "mp3:"] where path.hasPrefix(prefix) {
            return String(path.dropFirst(prefix.count))
        }
        return path
    }

    /// Bounds the length and refuses control characters, NUL among them (SEC-12).
    private static func isAllowed(_ key: StreamKey) -> Bool {
        key.description.utf8.count <= keyBytesMaximum
            && key.description.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
            }
    }
}
