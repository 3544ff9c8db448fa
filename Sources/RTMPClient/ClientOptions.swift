import RTMP

/// What a client does beyond what its URL says. The defaults suit every server known.
public struct ClientOptions: Sendable {
    /// Each phase up to the first media: look-up, dialling, handshake, every answer.
    public var timeout = Duration.seconds(10)
    /// How long nothing at all may come while playing, or nothing be taken while publishing. Servers
    /// ping waiting players about once a minute.
    public var silence = Duration.seconds(90)
    /// How long a player may get no media, whatever else the server says. nil: as long as it takes.
    public var stall: Duration?
    /// `rtmps://`: the server has to prove by its certificate that it is the host of the URL.
    public var verifiesServer = true
    /// A file of those whose word counts for that (PEM). nil: the system's.
    public var authoritiesFile: String?
    /// Signs the handshake, as Flash Media Server wants it.
    public var signsHandshake = false
    /// Says in connect which Enhanced RTMP we carry. nil: as a player, and as a publisher whose first
    /// packets need it.
    public var announcesEnhanced: Bool?
    /// What a player says it buffers.
    public var buffer = Duration.seconds(3)
    /// Instead of what the URL says.
    public var app: String?
    public var stream: String?
    /// Connects anew when the server asks for it: within this host and, if allowed, to others.
    public var followsReconnectRequests = true
    public var allowsOtherHosts = false
    /// Hears what the server says, word by word, on the thread that owns the connection.
    public var narrate: (@Sendable (String) -> Void)?

    public init() {}
}

extension ClientOptions {
    func url(_ text: String) throws(ClientError) -> RTMPURL {
        do throws(RTMPURL.Fault) {
            var url = try RTMPURL(parsing: text)
            if let app { url.app = app }
            if let stream { url.stream = stream }
            return url
        } catch {
            throw .malformedURL(error.description)
        }
    }

    func configuration(_ role: ClientConfiguration.Role, _ url: RTMPURL) -> ClientConfiguration {
        var configuration = ClientConfiguration(role: role, url: url)
        configuration.signsHandshake = signsHandshake
        if let announcesEnhanced { configuration.announcesEnhanced = announcesEnhanced }
        configuration.bufferMilliseconds = UInt32(clamping: buffer.nanoseconds / 1_000_000)
        return configuration
    }
}

extension Duration {
    /// Not below zero, and within 64 bits.
    package var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0 else { return 0 }
        let (whole, isTooLong) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLong ? .max : whole &+ UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
