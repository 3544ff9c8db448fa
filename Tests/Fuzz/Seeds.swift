import Foundation
import TestSupport

/// First inputs made of the golden bytes, in the form each target reads, and what was found before.
enum Seeds {
    static func write(of target: FuzzTarget, to folder: String) throws {
        let folder = URL(fileURLWithPath: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let found = try golden("../Fuzz/Found/\(target.rawValue)")
        for (index, seed) in try (found + seeds(of: target)).enumerated() {
            try Data(seed).write(to: folder.appending(path: "seed-\(index)"))
        }
    }

    private static func seeds(of target: FuzzTarget) throws -> [[UInt8]] {
        switch target {
        case .session:
            return try sessionSeeds()
        case .chunk:
            // As they are, authorised, the first chunk size 128 or 4096.
            return try golden("chunk").map { [0x02] + $0 } + golden("control").map { [0x02] + $0 }
                + golden("commands").map { [0x62] + $0 } + scripts().map { [0x03] + $0 }
        case .amf:
            // With and without the switch to AMF3; the scripts, also as commands.
            var seeds = try golden("amf0").flatMap { seed in
                [[0x00] + seed, seed.first == 0x11 ? [0x01] + seed.dropFirst() : [0x02] + seed]
            }
            for options in [0x08, 0x09, 0x0A, 0x0E] as [UInt8] {
                seeds += scripts().map { [options] + $0 }
            }
            return seeds
        case .media:
            // As they are, and as choices of the scripts.
            return mediaSeeds + scripts().map { [0x80 | $0[0]] + $0 }
        case .names:
            return nameSeeds.map { Array($0.joined(separator: "\0").utf8) }
        case .filter:
            return filterSeeds.map { Array($0.utf8) }
        case .trace:
            return try traceSeeds()
        case .client:
            // Publisher and player, simple and signed; the scripts behind the handshake or the start.
            let first = [1, 2, 3, 5, 6, 7, 11, 15] as [UInt8]
            return try golden("commands").flatMap { seed in [[1] + seed, [5] + seed] }
                + first.flatMap { first in scripts().map { [first] + $0 } }
        case .flv:
            // As a file, behind a header, and as choices of tags.
            let file = try Golden.bytes("flv/example")
            return [[0] + file, [1] + file.dropFirst(13)] + scripts().map { [2] + $0 }
        case .url:
            return urlSeeds.map { Array($0.utf8) }
        }
    }

    /// The message's type and place, then its payload.
    private static func traceSeeds() throws -> [[UInt8]] {
        var seeds = try golden("commands").map { [20, 0] + $0.dropFirst(12) }
        seeds += try golden("control").map { [$0.count > 7 ? $0[7] : 4, 0] + $0.dropFirst(12) }
        seeds += try golden("amf0").map { [18, 1] + $0 }
        for seed in mediaSeeds {
            let type: UInt8 = seed[0] == 0 ? 8 : 9
            seeds.append([type, 0] + seed.dropFirst())
        }
        return seeds
    }

    private static func sessionSeeds() throws -> [[UInt8]] {
        let c1 = try Golden.bytes("handshake/c1-base-8")
        let c2 = [UInt8](repeating: 0, count: 1536)
        let setChunkSize: [UInt8] = [2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0x10, 0]
        let dialogue = try [
            "connect", "release-stream", "fcpublish", "create-stream", "publish", "set-data-frame",
        ].flatMap { try Golden.bytes("commands/\($0)") }
        var seeds = [[0, 3] + c1 + c2 + setChunkSize + dialogue, [1] + setChunkSize + dialogue]
        seeds += try golden("commands").map { [1] + setChunkSize + $0 }
        seeds += try golden("control").map { [1] + $0 }
        seeds += [Array("GET / HTTP/1.1\r\n".utf8), [0x16, 3, 1], [6], [8]].map { [0] + $0 }
        // The way, and whether requests are answered late.
        for way in [2, 3, 4, 5, 10, 11, 12, 13] as [UInt8] {
            seeds += scripts().map { [way] + $0 }
        }
        return seeds
    }

    /// Choices for the scripts, by chance.
    private static func scripts() -> [[UInt8]] {
        (0..<16 as Range<UInt64>).map { seed in
            var generator = SeededGenerator(seed: seed)
            return (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
    }

    /// Every part of every file of a golden folder.
    private static func golden(_ folder: String) throws -> [[UInt8]] {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Golden/\(folder)").standardized
        guard FileManager.default.fileExists(atPath: path.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path.path).sorted()
            .filter { $0.hasSuffix(".hex") }
            .flatMap { try Golden.parts("\(folder)/\($0.dropLast(4))").map(\.bytes) }
    }

    private static let mediaSeeds: [[UInt8]] = [
        // Audio: AAC header, AAC frame, MP3 frame, Opus and multitrack of E-RTMP.
        [0, 0xAF, 0, 0x12, 0x10], [0, 0xAF, 1, 0x21], [0, 0x2F, 0xFF, 0xFB, 0x90, 0x44],
        [0, 0x90] + Array("Opus".utf8) + Array("OpusHead".utf8) + [
            1, 2, 0x38, 1, 0x80, 0xBB, 0, 0,
        ],
        [0, 0x95, 0x00] + Array("mp4a".utf8) + [0, 0x12, 0x10],
        [0, 0x90] + Array("fLaC".utf8) + Array("fLaC".utf8)
            + [0, 0, 0, 34, 16, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0x0A, 0xC4, 0x42, 0xF0],
        // Video: AVC header with a parameter set, keyframe, HEVC and AV1 of E-RTMP, a mod-ex prefix.
        [
            1, 0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1F, 0xFF, 0xE1, 0, 0x18, 0x67, 0x64, 0, 0x1F, 0xAC,
            0xD9, 0x40, 0x50, 0x05, 0xBB, 0x01, 0x10, 0, 0, 3, 0, 0x10, 0, 0, 3, 3, 0xC0, 0xF1,
            0x83, 0x19, 0x60, 1, 0, 4, 0x68, 0xEF, 0xBC, 0xB0,
        ],
        [1, 0x17, 1, 0, 0, 0, 0, 0, 0, 2, 0x65, 0x88], [1, 0x22, 0, 0, 0x84],
        [1, 0x90] + Array("hvc1".utf8) + [
            1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 0x5D, 0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0,
            0x0F, 1, 0x21, 0, 1, 0, 8, 0x42, 1, 1, 1, 0x60, 0, 0, 3,
        ],
        [1, 0x90] + Array("av01".utf8) + [
            0x81, 5, 0x0C, 0, 0x0A, 0x0B, 0, 0, 0, 0x24, 0xCE, 0x3F, 0x7F,
        ],
        [1, 0x90] + Array("vp09".utf8) + [1, 0, 0, 0, 0, 0x1F, 0x80, 2, 2, 2, 0, 0],
        [1, 0x97, 2, 0, 0, 1, 0x01] + Array("avc1".utf8), [1, 0x96, 0x10] + Array("avc1".utf8),
        // Aggregate of one audio and one video message.
        [
            2, 8, 0, 0, 2, 0, 0, 5, 0, 0, 0, 0, 0xAF, 1, 0, 0, 0, 13, 9, 0, 0, 2, 0, 0, 9, 0, 0, 0,
            0, 0x27, 1, 0, 0, 0, 13,
        ],
        // Data: metadata with and without the command before it.
        [3, 2, 0, 10] + Array("onMetaData".utf8) + [8, 0, 0, 0, 0, 0, 0, 9],
        [3, 2, 0, 13] + Array("@setDataFrame".utf8) + [2, 0, 10] + Array("onMetaData".utf8)
            + [3, 0, 0, 9],
        [3, 2, 0, 15] + Array("@clearDataFrame".utf8), [4, 0, 2, 0, 6] + Array("onText".utf8),
    ]

    /// App, tcUrl, stream name, parameter.
    private static let nameSeeds = [
        ["live", "rtmp://host/live", "camera?key=1&a=%41", "key"],
        ["live/_definst_", "rtmp://host:1935/live/_definst_", "mp4:clip", ""],
        ["", "'rtmp://host/a/b?x=y'", "", "x"], ["/a//b/", "rtmps://[::1]/a", "../b", "b"],
        ["app?token=a%2Fb", "rtmp:/", "a/b/c?", "token"],
    ]

    /// A URL, and the reference of a reconnect request.
    private static let urlSeeds = [
        "rtmp://host/live/camera?key=1\0//host/app", "rtmps://me:word@[::1]:1936/a/b/c#d%20e\0/app",
        "rtmp://[fe80::1%25eth0]/vod/mp4:a/b\0rtmp://host/b?x", "rtmp://h/live/_definst_/a/b\0a",
        "rtmp://h?x=a@b:9/c\0?y",
        "RTMP://H:0/a app=b playpath=c\\20d tcUrl=rtmp://h/b\0rtmps://H:9/",
    ]

    private static let filterSeeds = [
        "role:player & queue>500ms", "!(~slow | ~err) id>3", "#4..#9", "/^cam.*\\/x$/",
        "\"a \\\" b\" or not app=live", "peer:192.0.2.0/24", "peer:2001:db8::/32 state!=-",
        "stream:{live/a,\"b c\",-}", "in>=4.5M up<2h", "role!={player,idle} rtt<=20ms and ~odd",
        "client~/obs/i", "flashver!~/x/", "at>14:02:24.135", "#18446744073709551615",
    ]
}
