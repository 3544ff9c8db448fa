import Monitor
import Telemetry

/// What is measured of media, in words.
extension MediaConfiguration {
    /// `High@4.2`.
    var profileAndLevel: String? {
        guard let profile else { return level }
        return level.map { "\(profile)@\($0)" } ?? profile
    }

    /// `H.264 High@4.2 1920x1080 4:2:0 8 bit`, `AAC-LC 48000 Hz stereo`.
    var longWords: String { words(isLong: true) }

    /// Without chroma and bit depth: `H.264 High@4.2 1920x1080`, `AAC-LC 48000 Hz 2ch`.
    var shortWords: String { words(isLong: false) }

    private func words(isLong: Bool) -> String {
        var words = [codec]
        switch kind {
        case .video:
            if let profileAndLevel { words.append(profileAndLevel) }
            if let width, let height { words.append("\(width)x\(height)") }
            if isLong, let chroma { words.append(chroma) }
            if isLong, let bitDepth { words.append("\(bitDepth) bit") }
        case .audio:
            if let sampleRate { words.append("\(sampleRate) Hz") }
            switch channels {
            case 1?: words.append("mono")
            case 2?: words.append(isLong ? "stereo" : "2ch")
            case .some(let channels): words.append("\(channels) channels")
            case nil: break
            }
        }
        return words.joined(separator: " ")
    }
}

extension SessionRow {
    /// The first track of a kind that a sequence header described.
    func configuration(_ kind: MediaConfiguration.Kind) -> MediaConfiguration? {
        track(kind)?.configuration
    }

    func track(_ kind: MediaConfiguration.Kind) -> ConnectionFacts.TrackConfiguration? {
        facts.configurations.first { $0.configuration.kind == kind }
    }
}
