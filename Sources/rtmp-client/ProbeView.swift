import Monitor
import Posix
import RTMP
import RTMPClient
import Security
import Telemetry

/// A report for people and for scripts.
struct ProbeView {
    private let report: ProbeReport
    private let url: SafeText

    init(_ report: ProbeReport, url: String) {
        self.report = report
        self.url = SafeText(url: url)
    }

    // MARK: For people

    /// Names on the left, values on the right; what is not known is `-`.
    var table: String {
        var rows: [(String, String)] = [("url", url.description)]
        let server = report.server
        rows.append(("playable", report.isPlayable ? "yes" : "no"))
        rows.append(("address", server?.address ?? "-"))
        rows.append(("connected", milliseconds(server?.connectedAt)))
        if let tls = server?.tls {
            let agreed = "\(tls.agreed.version) \(tls.agreed.cipher)"
            rows.append(("tls", milliseconds(tls.doneAt, agreed)))
            if let certificate = tls.certificate { rows += Self.rows(certificate) }
        }
        rows.append(
            ("handshake", milliseconds(server?.handshakeAt, "\(server?.handshakeKind?.name ?? "")"))
        )
        rows.append(
            ("connect", milliseconds(server?.answeredAt, safe(server?.answer?.serverVersion))))
        rows.append(("play", milliseconds(server?.startedAt)))
        rows.append(("first media", milliseconds(report.firstMediaAt)))
        rows.append(("first keyframe", milliseconds(report.firstKeyframeAt)))
        rows.append(("enhanced", capabilities.isEmpty ? "-" : capabilities.joined(separator: " ")))
        rows.append(("ack window", server?.acknowledgementWindow.map { "\($0)" } ?? "-"))
        rows.append(("peer bandwidth", bandwidth))
        rows.append(("chunk size", server.map { "\($0.chunkSize)" } ?? "-"))
        let codes = server?.statuses.map { safe($0.code) } ?? []
        rows.append(("status", codes.isEmpty ? "-" : codes.joined(separator: " ")))
        for track in report.tracks { rows.append((name(track), describe(track))) }
        rows.append(("bitrate", report.bitsPerSecond.map { Figure.short($0) + "b/s" } ?? "-"))
        rows.append(
            ("A-V", report.videoAheadMilliseconds.map { Figure.fixed($0, 0) + " ms" } ?? "-"))
        rows.append(("rtt", report.roundTripMicroseconds.map { "\($0) µs" } ?? "-"))
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + value
        }.joined(separator: "\n")
    }

    private static func rows(_ certificate: TLSCertificate) -> [(String, String)] {
        let names = certificate.names.isEmpty ? "-" : certificate.names.joined(separator: " ")
        return [
            ("certificate", SafeText(certificate.subject).description),
            ("  good for", SafeText(names).description),
            ("  issued by", SafeText(certificate.issuer).description),
            ("  good until", day(certificate.notAfter)),
            ("  trusted", certificate.doubt.map { "no: \($0)" } ?? "yes"),
        ]
    }

    /// `2027-02-01T12:00:00.000Z`.
    private static func day(_ seconds: Int64) -> String {
        Clock.iso8601(wallClockMilliseconds: seconds &* 1000)
    }

    private func name(_ track: ProbeReport.Track) -> String {
        (track.kind == .video ? "video" : "audio") + (track.number > 0 ? " \(track.number)" : "")
    }

    private func describe(_ track: ProbeReport.Track) -> String {
        let codec = track.codec
        var words = [codec?.codec ?? "unknown codec"]
        if let profile = codec?.profile {
            words.append([profile, codec?.level].compactMap(\.self).joined(separator: " "))
        }
        if let width = codec?.width, let height = codec?.height {
            words.append("\(width)x\(height)")
        }
        if let rate = codec?.sampleRate { words.append("\(rate) Hz") }
        if let channels = codec?.channels {
            words.append("\(channels) channel\(channels == 1 ? "" : "s")")
        }
        if let rate = track.bitsPerSecond { words.append(Figure.short(rate) + "b/s") }
        if track.kind == .video {
            if let rate = track.framesPerSecond { words.append(Figure.fixed(rate, 1) + " fps") }
            if let gop = track.gopMilliseconds {
                words.append("GOP \(Figure.fixed(gop / 1000, 2)) s")
            }
        }
        words.append("\(track.frames) frames")
        return words.joined(separator: ", ")
    }

    private func milliseconds(_ time: UInt64?, _ more: String = "") -> String {
        guard let time else { return "-" }
        return Figure.fixed(Double(time - report.beganAt) / 1e6, 1) + " ms"
            + (more.isEmpty ? "" : ", " + more)
    }

    /// What a server says of itself.
    private func safe(_ text: String?) -> String {
        text.map { SafeText($0).description } ?? ""
    }

    private var bandwidth: String {
        report.server?.peerBandwidth.map { "\($0.size), \($0.limit)" } ?? "-"
    }

    private var capabilities: [String] {
        guard let bits = report.server?.answer?.enhanced else { return [] }
        let names: [(EnhancedCapabilities, String)] = [
            (.reconnect, "reconnect"), (.multitrack, "multitrack"), (.modEx, "modex"),
            (.timestampNanoOffset, "nano-offset"),
        ]
        return names.filter { bits.contains($0.0) }.map(\.1)
    }

    // MARK: For scripts

    /// One object; times are milliseconds since the probe began, and what is not known is null.
    var json: String {
        var object = JSONObject()
        let server = report.server
        object.add("v", 1)
        object.add("url", url)
        object.add("playable", report.isPlayable)
        object.add("error", report.error.map { SafeText($0.description) })
        object.add("code", code)
        object.add("silent", isSilent)
        object.add("address", server?.address)
        object.add("connected_ms", tenths: since(server?.connectedAt))
        object.add("tls", server?.tls?.agreed.version)
        object.add("cipher", server?.tls?.agreed.cipher)
        object.add("tls_ms", tenths: since(server?.tls?.doneAt))
        if let certificate = server?.tls?.certificate {
            object.add("certificate", Self.object(certificate))
        }
        object.add("handshake", server?.handshakeKind?.name)
        object.add("handshake_ms", tenths: since(server?.handshakeAt))
        object.add("connect_ms", tenths: since(server?.answeredAt))
        object.add("play_ms", tenths: since(server?.startedAt))
        object.add("first_media_ms", tenths: since(report.firstMediaAt))
        object.add("first_keyframe_ms", tenths: since(report.firstKeyframeAt))
        object.add("server", (server?.answer?.serverVersion).map { SafeText($0) })
        object.add("enhanced", capabilities)
        object.add("ack_window", server?.acknowledgementWindow)
        object.add("peer_bandwidth", server?.peerBandwidth?.size)
        object.add("peer_bandwidth_limit", (server?.peerBandwidth?.limit).map { "\($0)" })
        object.add("chunk_size", server?.chunkSize)
        object.add("status", server?.statuses.map { safe($0.code) } ?? [])
        object.add("tracks", report.tracks.map(Self.object))
        object.add("bps", tenths: report.bitsPerSecond)
        object.add("av_ms", tenths: report.videoAheadMilliseconds)
        object.add("rtt_us", report.roundTripMicroseconds)
        return String(decoding: object.line.dropLast(), as: UTF8.self)
    }

    private static func object(_ certificate: TLSCertificate) -> JSONObject {
        var object = JSONObject()
        object.add("subject", SafeText(certificate.subject))
        object.add("issuer", SafeText(certificate.issuer))
        object.add("names", certificate.names.map { SafeText($0).description })
        object.add("not_before", day(certificate.notBefore))
        object.add("not_after", day(certificate.notAfter))
        object.add("trusted", certificate.doubt == nil)
        object.add("doubt", certificate.doubt)
        return object
    }

    private static func object(_ track: ProbeReport.Track) -> JSONObject {
        var object = JSONObject()
        let kind: String = track.kind == .video ? "video" : "audio"
        object.add("kind", kind)
        object.add("track", track.number)
        object.add("codec", track.codec?.codec)
        object.add("profile", track.codec?.profile)
        object.add("level", track.codec?.level)
        object.add("width", track.codec?.width)
        object.add("height", track.codec?.height)
        object.add("rate", track.codec?.sampleRate)
        object.add("channels", track.codec?.channels)
        object.add("frames", track.frames)
        object.add("keyframes", track.keyframes)
        object.add("bytes", track.bytes)
        object.add("bps", tenths: track.bitsPerSecond)
        object.add("fps", tenths: track.framesPerSecond)
        object.add("gop_ms", tenths: track.gopMilliseconds)
        return object
    }

    private var isSilent: Bool {
        if case .stalled = report.error { true } else { false }
    }

    private var code: SafeText? {
        switch report.error {
        case .refused(_, let code, _), .failed(let code, _): SafeText(code)
        default: nil
        }
    }

    private func since(_ time: UInt64?) -> Double? {
        time.map { Double($0 - report.beganAt) / 1e6 }
    }
}
