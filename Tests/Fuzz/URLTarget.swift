import RTMP

/// A URL and, behind a zero byte, the reference of a reconnect request.
///
/// A text is a URL or a `RTMPURL.Fault`. A URL has a host, reads again as it describes itself, and says
/// nothing of its user in what is shown or sent as tcUrl; a redirect keeps to its rules.
enum URLTarget {
    static func run(_ bytes: [UInt8]) {
        let fields = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        do {
            let url = try RTMPURL(parsing: fields[0])
            check(url)
            if fields.count > 1 { follow(url, fields[1]) }
        } catch {
            hold(!error.description.isEmpty, "a fault has words")
        }
    }

    private static func check(_ url: RTMPURL) {
        hold(!url.host.isEmpty, "a URL has a host")
        hold(url.explicitPort != 0, "port 0 is the default")
        _ = url.credentials
        _ = url.serverName
        guard url.options.isEmpty else { return }
        // Bytes: a mark that combines with a slash hides it from characters.
        let authority = url.tcURL.utf8.dropFirst(url.scheme.rawValue.utf8.count + 3)
            .prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        hold(!authority.contains(UInt8(ascii: "@")), "no user in \(url.tcURL)")
        // An option may have put what a URL cannot say into app and stream.
        guard let again = try? RTMPURL(parsing: url.tcURL) else { return }
        hold(again.host == url.host && again.port == url.port, "the same server: \(url.tcURL)")
        hold(again.scheme == url.scheme && again.userInfo == nil, "the same way: \(url.tcURL)")
    }

    private static func follow(_ url: RTMPURL, _ reference: String) {
        let request = ReconnectRequest(tcURL: reference, description: "")
        for allows in [false, true] {
            do {
                let next = try url.following(request, allowsOtherHosts: allows)
                let isSame = next.host.lowercased() == url.host.lowercased()
                hold(allows || isSame, "the host stays: \(next)")
                hold(url.scheme == .rtmp || next.scheme == .rtmps, "no downgrade: \(next)")
                hold(next.userInfo == (isSame ? url.userInfo : nil), "the user's word: \(next)")
                hold(next.stream == url.stream, "the stream stays: \(next)")
            } catch {
                hold(!"\(error)".isEmpty, "a fault has words")
            }
        }
    }
}
