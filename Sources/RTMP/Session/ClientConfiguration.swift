/// What a client session asks for and says of itself (RTMP.md §5.4).
package struct ClientConfiguration: Sendable {
    package enum Role: Hashable, Sendable {
        /// "live", "record" or "append". YouTube drops every other word (CMD-7).
        case publish(type: String)
        case play
    }

    package var role: Role
    package var app: String
    package var tcURL: String
    /// With its query, as it goes into publish and play.
    package var stream: String
    /// Sent behind the connect object, never shown (URL-3).
    package var credentials: [String]
    package var flashVersion: String
    package var swfURL: String?
    package var pageURL: String?
    /// Says in connect which Enhanced RTMP we carry (MED-8). A player is not given later tracks
    /// without it; a publisher needs it for codecs beyond H.264 and AAC, and old servers for none.
    package var announcesEnhanced: Bool
    /// Signs the handshake (HS-11).
    package var signsHandshake = false
    /// Announced behind the answer to connect: some servers refuse it earlier (rml PR #31).
    package var outChunkSize: UInt32 = 60_000
    /// Announced by a player, and assumed of a server that announces none.
    package var windowAcknowledgementSize: UInt32 = 2_500_000
    /// What a player says it buffers.
    package var bufferMilliseconds: UInt32 = 3000
    package var limits = Limits()

    package init(
        role: Role, app: String, tcURL: String, stream: String, credentials: [String] = []
    ) {
        self.role = role
        self.app = app
        self.tcURL = tcURL
        self.stream = stream
        self.credentials = credentials
        switch role {
        case .publish:
            // OBS and ffmpeg borrow this name too: servers know it for an encoder.
            flashVersion = "FMLE/3.0 (compatible; rtmp-client)"
            announcesEnhanced = false
        case .play:
            flashVersion = "LNX 9,0,124,2"
            announcesEnhanced = true
        }
    }

    package init(role: Role, url: RTMPURL) {
        self.init(
            role: role, app: url.app, tcURL: url.tcURL, stream: url.stream,
            credentials: url.credentials)
        swfURL = url.options[.swfURL]
        pageURL = url.options[.pageURL]
        if let name = url.options[.flashVersion] { flashVersion = name }
    }
}

extension ClientConfiguration {
    /// `connect`, transaction 1 (CMD-26).
    var connectCommand: Command {
        var object = [AMFProperty("app", .text(app))]
        if case .publish = role { object.append(AMFProperty("type", "nonprivate")) }
        object.append(AMFProperty("flashVer", .text(flashVersion)))
        if let swfURL { object.append(AMFProperty("swfUrl", .text(swfURL))) }
        object.append(AMFProperty("tcUrl", .text(tcURL)))
        if let pageURL { object.append(AMFProperty("pageUrl", .text(pageURL))) }
        if role == .play { object += Self.playerProperties }
        if announcesEnhanced { object += enhancedProperties }
        return Command(
            name: "connect", transaction: 1, object: .object(object),
            arguments: credentials.map { .text($0) }, messageStreamID: 0)
    }

    /// AMS withholds codecs that were not announced (ERR §8.1.4).
    private static let playerProperties = [
        AMFProperty("fpad", false),
        AMFProperty("capabilities", 239),
        AMFProperty("audioCodecs", 4071),
        AMFProperty("videoCodecs", 252),
        AMFProperty("videoFunction", 1),
        AMFProperty("objectEncoding", 0),
    ]

    /// Every codec by name: not all servers know "*".
    private var enhancedProperties: [AMFProperty] {
        let video: [FourCC] = [.avc1, .hvc1, .vvc1, .av01, .vp08, .vp09]
        let audio: [FourCC] = [.mp4a, .opus, .flac, .ac3, .eac3, .mp3]
        // 1: we can decode, 2: we can encode. What is only carried counts as either.
        let mask: AMFValue = role == .play ? 1 : 2
        func map(_ codecs: [FourCC]) -> AMFValue {
            .object(codecs.map { AMFProperty($0.description, mask) })
        }
        return [
            AMFProperty("fourCcList", .strictArray((video + audio).map { .text($0.description) })),
            AMFProperty("videoFourCcInfoMap", map(video)),
            AMFProperty("audioFourCcInfoMap", map(audio)),
            AMFProperty("capsEx", .number(Double(EnhancedCapabilities.ours.rawValue))),
        ]
    }
}
