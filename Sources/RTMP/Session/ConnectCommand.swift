/// What `connect` said, as the session keeps it (RTMP 1.0, 7.2.1.1).
///
/// Never changes, and is shared: the state that holds it is looked at for every media message, and one
/// reference is cheaper to copy than a dozen strings.
final class ConnectCommand: Sendable {
    let request: ConnectRequest
    let app: StreamName.App

    /// A connect object may be an ECMA array, miss any field, or be missing itself (CMD-2, AMF-8).
    init(_ command: Command) {
        let object = command.object
        func text(_ keys: String...) -> String {
            keys.lazy.compactMap { object[$0]?.string }.first ?? ""
        }
        let tcURL = StreamName.withoutQuotes(text("tcUrl", "tcurl"))
        let enhanced = ["fourCcList", "videoFourCcInfoMap", "audioFourCcInfoMap", "capsEx"]
        app = StreamName.app(text("app"), tcURL: tcURL)
        request = ConnectRequest(
            app: app.path,
            tcURL: tcURL,
            flashVersion: text("flashVer", "flashver"),
            objectEncoding: object["objectEncoding"]?.number ?? 0,
            parameters: app.parameters,
            announcesEnhanced: enhanced.contains { object[$0] != nil },
            capabilities: object["capsEx"]?.number.flatMap(UInt32.init(exactly:))
                .map(EnhancedCapabilities.init(rawValue:)),
            swfURL: text("swfUrl"),
            pageURL: text("pageUrl"))
    }

    /// FMLE itself restarts its byte count; OBS and ffmpeg only borrow its name (PC-4).
    var restartsAcknowledgements: Bool {
        request.flashVersion.hasPrefix("FMLE/") && !request.flashVersion.contains("FMSc/1.0")
            && !request.flashVersion.contains("Lavf")
    }

    /// Flash Player in a page: it wants leave to read samples (RTMP.md §5.3).
    var isFlashPlayer: Bool {
        let platforms = ["WIN ", "MAC ", "LNX ", "AND "]
        return platforms.contains { request.flashVersion.hasPrefix($0) }
            && !(request.swfURL.isEmpty && request.pageURL.isEmpty)
    }
}
