import Foundation
import Testing

extension InteropTests {
    /// Every real program in both roles, with every kind of media it carries; `scripts/matrix` prints
    /// what came out as a table.
    @Suite(needsFFmpeg) struct MatrixTests {
        struct Row<Role: Program>: CustomTestStringConvertible {
            let program: Role
            let clip: Clip.Kind

            var testDescription: String { "\(program.name), \(clip.rawValue)" }

            /// Skips what is not installed.
            func materials() async throws -> Clip {
                try program.orSkip(clip)
                return try await Clip.make(clip)
            }
        }

        static let players = Player.all.chosen.flatMap { player in
            player.clips.map { Row(program: player, clip: $0) }
        }

        static let publishers = Publisher.all.chosen.flatMap { publisher in
            publisher.clips.map { Row(program: publisher, clip: $0) }
        }

        /// contracts/interop.md, "Real programs"
        @Test func `the contract names every program with its media`() throws {
            let page = try String(
                contentsOf: URL(
                    filePath: "../../../specs/001-rtmp-server/contracts/interop.md",
                    relativeTo: URL(filePath: #filePath)), encoding: .utf8)
            let rows =
                Player.all.map { ($0.name, "player", $0.clips) }
                + Publisher.all.map { ($0.name, "publisher", $0.clips) }
            for (name, role, clips) in rows {
                let media = clips.map(\.rawValue).joined(separator: ", ")
                #expect(page.contains("\n| \(name) | \(role) | \(media) |"))
            }
        }

        @Test(arguments: players)
        func `a player gets what is published, early and late, and ends`(
            row: Row<Player>
        ) async throws {
            let clip = try await row.materials()
            let player = row.program
            let server = try await HeadlessServer(["--stats", "100ms"])
            let url = server.url("live/played")
            var found = Findings()

            let early = try await player.start(url, temporaryFolder())
            try await server.event("rtmp.play") { $0["accepted"] as? Bool == true }
            let publisher = try FFmpeg.publish(clip, to: url)
            try await server.hasReceived(of: clip, 0.4)
            let late = try await player.start(url, temporaryFolder())
            try await found.check(publisher.exit() == 0, "the publisher: \(publisher.errorText)")
            if player.ends == .bySignal {
                try await eventually("both connecting again") {
                    server.events.count { $0.name == "rtmp.play" } == 4
                }
                for run in [early, late] { run.main.send(SIGTERM) }
            }
            for run in [early, late] {
                let code = try await run.main.exit(within: 15)
                found.check(
                    code == 0 || player.ends == .bySignal,
                    "it ended with \(code): \(run.main.errorText.suffix(300))")
            }

            let tracks = player.takesAllTracks ? clip.kind.tracks : 1
            for track in 0..<tracks {
                let source = try await player.keeps.source(clip.url, track)
                let whole = try await player.keeps.played(early.file, track)
                let tail = try await player.keeps.played(late.file, track)
                found.compare("early", whole, with: source, but: player.keeps.loss)
                found.compare("late", tail, withTailOf: source, but: player.keeps.loss)
            }
            if case .packets = player.keeps {
                let kept = try await Packets.tracks(in: early.file)
                found.check(kept.video == tracks && kept.audio == tracks, "it kept \(kept)")
            }
            found.note(player.ends == .byItself ? "ends by itself" : "connects again")

            let drops = server.events.count { $0.name == "media.drop" }
            found.check(drops == 0, "\(drops) times media was dropped")
            try await found.checkEnds(of: "rtmp.play", at: server)
            try await found.check(server.stop() == 0, "the server did not stop cleanly")
            try found.report("player", player, clip.kind)
        }

        @Test(arguments: publishers)
        func `what a publisher sends is played, early and late`(
            row: Row<Publisher>
        ) async throws {
            let clip = try await row.materials()
            let publisher = row.program
            let server = try await HeadlessServer(["--stats", "100ms"] + publisher.serverOptions)
            let url = server.url("live/sent")
            var found = Findings()

            let options = clip.kind.tracks > 1 ? FFmpeg.announcing : []
            let early = try FFmpeg.play(url, by: clip.kind.encoder, options: options)
            try await server.event("rtmp.play") { $0["accepted"] as? Bool == true }
            let run = try await publisher.start(clip, url, temporaryFolder())
            try await server.hasReceived(of: clip, 0.4)
            let late = try FFmpeg.play(url, by: clip.kind.encoder, options: options)
            let code = try await publisher.end(run)
            found.check(code == 0, "it ended with \(code): \(run.main.errorText.suffix(300))")
            for player in [early, late] {
                let code = try await player.program.exit(within: 15)
                found.check(code == 0, "the player: \(player.program.errorText)")
            }

            switch publisher.carries {
            case .packets:
                for track in 0..<clip.kind.tracks {
                    let source = try await Packets(of: clip.url, track: track)
                        .delayingAudio(by: publisher.audioDelay)
                    let whole = try await Packets(of: early.file, track: track)
                    let tail = try await Packets(of: late.file, track: track)
                    found.compare("early", whole, with: source)
                    found.compare("late", tail, withTailOf: source)
                }
            case .picturesBut(let lastAudio):
                let loss = Loss(audio: lastAudio)
                let source = try await Packets(picturesOf: clip.url)
                try await found.compare(
                    "early", Packets(picturesOf: early.file), with: source, but: loss)
                try await found.compare(
                    "late", Packets(picturesOf: late.file), withTailOf: source, but: loss)
            case .part:
                let source = try await Packets(of: clip.url)
                let part = try await Packets(of: early.file)
                found.check(part.isPart(of: source), "early: \(part) are no part of \(source)")
                found.note("early: \(part), one part of what it was given")
                let rest = try await Packets(of: late.file)
                found.check(rest.isPart(of: part), "late: \(rest) are no part of \(part)")
            case .ownPicture:
                let whole = try await Packets(of: early.file)
                found.check(whole.video.count > 50, "early: \(whole)")
                // It sends one keyframe in ten seconds, so who comes late gets all from there.
                try await found.compare("late", Packets(of: late.file), with: whole)
            }

            try await found.checkStory(of: publisher, sending: clip.kind, at: server)
            try await found.check(server.stop() == 0, "the server did not stop cleanly")
            try found.report("publisher", publisher, clip.kind)
        }
    }
}

extension Player.Keeps {
    /// What of a clip is compared.
    func source(_ file: URL, _ track: Int) async throws -> Packets {
        switch self {
        case .packets, .packetsBut: try await Packets(of: file, track: track)
        case .picturesBut: try await Packets(picturesOf: file)
        case .shown: try await Packets(shownOf: file)
        case .summed: Packets(video: try await Packets(picturesOf: file).video, audio: [])
        }
    }

    /// The same of what a player left.
    func played(_ file: URL, _ track: Int) async throws -> Packets {
        switch self {
        case .packets, .packetsBut: try await Packets(of: file, track: track)
        case .picturesBut: try await Packets(picturesOf: file)
        case .shown: Packets(shownIn: try String(contentsOf: file, encoding: .utf8))
        case .summed: Packets(summedIn: try String(contentsOf: file, encoding: .utf8))
        }
    }

    var loss: Loss {
        switch self {
        case .packets, .shown: Loss()
        case .summed: Loss(video: 1)
        case .packetsBut(let lastAudio), .picturesBut(let lastAudio): Loss(audio: lastAudio)
        }
    }
}

extension [Packet] {
    /// The last ones, as many as those given and equal to them, when so many are left out at the end.
    fileprivate func tail(
        equalTo played: [Packet], upTo loss: Int,
        where holds: (_ missing: Int) -> Bool = { _ in true }
    ) -> SubSequence? {
        (0...loss).lazy.filter(holds).map { self.dropLast($0).suffix(played.count) }
            .first { $0.elementsEqual(played) }
    }
}

extension Packets {
    fileprivate func delayingAudio(by milliseconds: Int) -> Packets {
        Packets(
            video: video,
            audio: audio.map { packet in
                Packet(hash: packet.hash, time: packet.time.map { $0 + milliseconds })
            })
    }
}

/// So many packets at the very end a program keeps to itself.
struct Loss {
    var video = 0
    var audio = 0
}

extension Publisher {
    /// Waits for its end; the exit code.
    func end(_ run: Run) async throws -> Int32 {
        guard tools.contains(.obs) else { return try await run.main.exit() }
        // It stays when its stream is over, and told to leave it crashes at times, in Qt.
        try await OBS.hasStopped(run)
        return 0
    }
}

extension HeadlessServer {
    /// Waits until that part of a clip has come from its publisher.
    func hasReceived(of clip: Clip, _ part: Double) async throws {
        let bytes = Int(Double(try Data(contentsOf: clip.url).count) * part)
        try await event("stats.session") {
            $0["role"] as? String == "pub" && ($0["in_b"] as? Int ?? 0) > bytes
        }
    }
}

extension Findings {
    /// Somebody who was there from the start gets all, but for what is excused at the very end.
    mutating func compare(
        _ who: String, _ played: Packets, with source: Packets, but loss: Loss = Loss()
    ) {
        check(
            source.video.starts(with: played.video) && source.audio.starts(with: played.audio)
                && 0...loss.video ~= source.video.count - played.video.count
                && 0...loss.audio ~= source.audio.count - played.audio.count,
            "\(who): \(played), not the \(source) published")
        note("\(who): \(played)" + (played == source ? ", all" : " of \(source)"))
        checkTimes(
            who, Array(zip(played.video, source.video)) + Array(zip(played.audio, source.audio)))
    }

    /// Somebody who came late gets all from a keyframe on; there is one every 25 pictures.
    mutating func compare(
        _ who: String, _ played: Packets, withTailOf source: Packets, but loss: Loss = Loss()
    ) {
        let video = source.video.tail(equalTo: played.video, upTo: loss.video) { missing in
            1..<source.video.count - missing ~= played.video.count
                && (played.video.count + missing).isMultiple(of: 25)
        }
        // What only shows pictures has no audio to compare.
        let audio = source.audio.tail(equalTo: played.audio, upTo: loss.audio)
        check(
            video != nil && audio != nil && played.audio.isEmpty == source.audio.isEmpty,
            "\(who): \(played) are no tail of \(source)")
        note("\(who): \(played), all from a keyframe on")
        checkTimes(
            who,
            Array(zip(played.video, video ?? [])) + Array(zip(played.audio, audio ?? [])))
    }

    /// All are as far from their source, sound and picture alike (MED-9).
    private mutating func checkTimes(_ who: String, _ pairs: [(played: Packet, source: Packet)]) {
        let distances = pairs.compactMap { pair in
            pair.played.time.flatMap { time in pair.source.time.map { time - $0 } }
        }
        guard let least = distances.min(), let most = distances.max() else { return }
        // A millisecond is what files round to.
        check(most - least <= 1, "\(who): the times of packets shift by \(most - least) ms")
    }

    /// Each session of that role ended because its peer closed.
    mutating func checkEnds(of role: String, at server: HeadlessServer) async throws {
        let sessions = Set(server.events.filter { $0.name == role }.compactMap(\.session))
        for session in sessions {
            let close = try await server.event("session.close") { $0.session == session }
            check(close["who"] as? String == "peer", "\(close)")
        }
    }

    /// The JSON Lines of a publisher's life.
    mutating func checkStory(
        of publisher: Publisher, sending clip: Clip.Kind, at server: HeadlessServer
    ) async throws {
        let end = try await server.event("stream.end") { $0.stream == "live/sent" }
        check(end["why"] as? String == publisher.leaves, "\(end)")
        let publish = try await server.event("rtmp.publish") { $0.stream == "live/sent" }
        check(publish["code"] as? String == "NetStream.Publish.Start", "\(publish)")
        let close = try await server.event("session.close") { $0.session == publish.session }
        check(close["who"] as? String == "peer", "\(close)")
        for (kind, facts) in [("video", clip.video), ("audio", clip.audio)] {
            let event = try await server.event("media.config") {
                $0["kind"] as? String == kind && $0.stream == "live/sent"
            }
            let detail = event["detail"] as? [String: Any] ?? [:]
            for (field, value) in facts {
                let found = (event[field] ?? detail[field]).map { "\($0)" }
                check(found == value, "\(field) is \(found ?? "missing") in \(event)")
            }
        }
        let handshake = try await server.event("hs.done") { $0.session == publish.session }
        note("handshake \(handshake["kind"] as? String ?? "?")")
    }
}
