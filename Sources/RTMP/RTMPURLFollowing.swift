extension RTMPURL {
    /// Why a server's wish to be left for another is not followed (MED-13, SEC-14).
    package enum RedirectFault: Error, Hashable, Sendable {
        case malformed(Fault)
        /// It would replace our user information, or ask for it elsewhere.
        case namesUser
        /// rtmps to rtmp: what was secret would not be any more.
        case downgrade
        /// Another host, which the user did not allow.
        case otherHost(String)
    }

    /// Where a reconnect request leads: its tcUrl, absolute or relative to ours, and the same stream.
    ///
    /// The user information goes along only to the host it was given for.
    package func following(
        _ request: ReconnectRequest, allowsOtherHosts: Bool
    ) throws(RedirectFault) -> RTMPURL {
        guard let reference = request.tcURL, !reference.isEmpty else { return self }
        guard !reference.utf8.contains(UInt8(ascii: " ")) else {
            throw .malformed(.illegalCharacter)  // behind it there would be options
        }
        var target: RTMPURL
        do throws(Fault) {
            target = try RTMPURL(parsing: absolute(reference))
        } catch {
            throw .malformed(error)
        }
        guard target.userInfo == nil else { throw .namesUser }
        guard scheme == .rtmp || target.scheme == .rtmps else { throw .downgrade }
        let isSameHost = target.host.lowercased() == host.lowercased()
        guard isSameHost || allowsOtherHosts else { throw .otherHost(target.host) }
        // A tcUrl is all app: what the parser took for a stream is its last segment.
        target.app = Self.joined(target.app, target.stream)
        target.stream = stream
        target.userInfo = isSameHost ? userInfo : nil
        target.options = options
        target.options[.tcURL] = nil
        return target
    }

    /// Resolves a reference against our tcUrl (RFC 3986, 5.2).
    private func absolute(_ reference: String) -> String {
        let bytes = Array(reference.utf8)
        let scheme = bytes.prefix { !Array("/?#".utf8).contains($0) }
        if scheme.contains(UInt8(ascii: ":")) { return reference }
        if bytes.starts(with: "//".utf8) { return self.scheme.rawValue + ":" + reference }
        let root = RTMPURL(
            scheme: self.scheme, host: host, explicitPort: explicitPort, app: "", stream: ""
        ).tcURL
        if bytes.first == UInt8(ascii: "/") { return root + reference.dropFirst() }
        let path = app.utf8.prefix { $0 != UInt8(ascii: "?") }
        if bytes.first == UInt8(ascii: "?") {
            return root + String(decoding: path, as: UTF8.self) + reference
        }
        let folder = path.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? path.prefix(0)
        return root + String(decoding: folder, as: UTF8.self) + reference
    }

    private static func joined(_ app: String, _ stream: String) -> String {
        stream.isEmpty ? app : app.isEmpty ? stream : app + "/" + stream
    }
}

extension RTMPURL.RedirectFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let fault): "\(fault)"
        case .namesUser: "it names a user"
        case .downgrade: "it leads from rtmps to rtmp"
        case .otherHost(let host): "it leads to another host, \(host)"
        }
    }
}
