import Monitor
import Telemetry

/// The columns of a table of streams (DESIGN §6.2), the raw value their place in it.
package enum StreamColumn: Int, CaseIterable, Hashable, Sendable {
    case name
    case state
    case publisher
    case video
    case audio
    case fps
    case gop
    case audioVideo
    case players
    case rateIn
    case rateOut

    var isText: Bool {
        switch self {
        case .name, .state, .publisher, .video, .audio: true
        case .fps, .gop, .audioVideo, .players, .rateIn, .rateOut: false
        }
    }

    /// On narrow screens the video column holds a few words only and needs no more room.
    static func columns(isNarrow: Bool) -> [Column<StreamFigures, StreamColumn>] {
        guard isNarrow else { return table }
        var columns = table
        columns[video.rawValue].ideal = columns[video.rawValue].minimum
        columns[video.rawValue].content = { stream, _ in
            .init(stream.videoWord(isShort: true), .text)
        }
        return columns
    }

    static let table: [Column<StreamFigures, StreamColumn>] = [
        Column(
            .name, "STREAM", 13, ideal: 18, align: .left, drop: 0, help: "app/name",
            sort: { .text($0.row.key.description) },
            content: { stream, _ in
                .init(
                    stream.row.key.description,
                    stream.row.key.isEscaped ? .textEscaped : .textStrong)
            }),
        Column(
            .state, "STATE", 7, align: .left, drop: 8,
            help: "live, waiting (players, no publisher), ended",
            sort: { .text($0.row.state.word) },
            content: { stream, _ in .init(stream.row.state.word, stream.row.state.role) }),
        Column(
            .publisher, "PUBLISHER", 10, ideal: 15, align: .left, drop: 5,
            help: "session and client",
            sort: { .text($0.publisher?.client?.description ?? "") },
            content: { stream, _ in .init(stream.publisherWord, .text) }),
        Column(
            .video, "VIDEO", 12, ideal: 24, align: .left, drop: 4,
            help: "codec and size, from the sequence header",
            sort: { .text($0.videoWord(isShort: false)) },
            content: { stream, _ in
                .init(stream.videoWord(isShort: false), .text)
            }
        ),
        Column(
            .audio, "AUDIO", 14, align: .left, drop: 9,
            help: "codec and form, from the sequence header",
            sort: { .text($0.audioWord) }, content: { stream, _ in .init(stream.audioWord, .text) }),
        Column(
            .fps, "FPS", 5, drop: 3, help: "video frames a second, over 2 s",
            sort: { .optional($0.publisher?.framesPerSecond) },
            content: { stream, _ in .init(Format.fixed(stream.publisher?.framesPerSecond, 1)) }),
        Column(
            .gop, "GOP s", 5, drop: 6, help: "seconds between the last two key frames",
            sort: { .optional($0.gopSeconds) },
            content: { stream, _ in .init(Format.fixed(stream.gopSeconds, 2)) }),
        Column(
            .audioVideo, "A-V ms", 6, drop: 7,
            help: "change of alignment; + audio ahead",
            sort: { .optional($0.publisher?.audioVideoMilliseconds) },
            content: { stream, _ in
                .init(Format.signed(stream.publisher?.audioVideoMilliseconds))
            }),
        Column(
            .players, "PLAY", 4, drop: 2, help: "players",
            sort: { .number(Double($0.row.players.count)) },
            content: { stream, _ in
                .number(
                    Double(stream.row.players.count), Format.size(UInt64(stream.row.players.count)))
            }),
        Column(
            .rateIn, "IN b/s", 6, drop: 1, help: "bits a second from the publisher",
            sort: { .number($0.row.bitsPerSecondIn) },
            content: { stream, _ in
                .number(stream.row.bitsPerSecondIn, Format.scaled(stream.row.bitsPerSecondIn))
            }),
        Column(
            .rateOut, "OUT b/s", 7, drop: 1, help: "bits a second to all players",
            sort: { .number($0.row.bitsPerSecondOut) },
            content: { stream, _ in
                .number(stream.row.bitsPerSecondOut, Format.scaled(stream.row.bitsPerSecondOut))
            }),
    ]
}

extension StreamRow.State {
    var role: Role {
        switch self {
        case .live: .sevOk
        case .waiting: .textDim
        case .ended: .rowClosed
        }
    }
}

extension StreamFigures {
    var publisherWord: String {
        guard let id = row.publisher else { return Format.unknown }
        return "#\(id) \(publisher?.client?.description ?? "?")"
    }

    var gopSeconds: Double? {
        publisher?.gopMilliseconds.map { Double($0) / 1000 }
    }

    /// `H.264 High@4.2 1080p`, or `1080p H.264` where room is short.
    func videoWord(isShort: Bool) -> String {
        guard let video = publisher?.configuration(.video) else { return Format.unknown }
        if isShort {
            return [video.height.map { "\($0)p" }, video.codec].compactMap { $0 }
                .joined(separator: " ")
        }
        return [video.codec, video.profileAndLevel, video.height.map { "\($0)p" }]
            .compactMap { $0 }.joined(separator: " ")
    }

    /// `AAC-LC 48k 2ch`.
    var audioWord: String {
        guard let audio = publisher?.configuration(.audio) else { return Format.unknown }
        let rate = audio.sampleRate.map { "\($0 / 1000)k" }
        return [audio.codec, rate, audio.channels.map { "\($0)ch" }].compactMap { $0 }
            .joined(separator: " ")
    }
}
