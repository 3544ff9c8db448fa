import Monitor
import TestSupport
import Telemetry
import Testing

/// Console design, §10, over the demo's moment.
@Suite struct FilterPredicateTests {
    private let snapshot = Demo().snapshot(at: 0)

    private func sessions(_ filter: String) throws -> [SessionID] {
        let predicate = try FilterPredicate<SessionRow>(filter)
        return snapshot.sessions.filter { predicate.matches($0, in: snapshot) }.map(\.id)
    }

    @Test(
        arguments: [
            ("", [3, 4, 9, 12, 15, 17, 18, 2, 16]),
            ("role:pub", [3, 4]),
            ("role:PUB", [3, 4]),
            ("role:Pub", []),
            ("role:pub & in<3M", [4]),
            ("role={pub,play}", [3, 4, 9, 12, 15]),
            ("role!={pub,play}", [17, 18, 2, 16]),
            ("#12", [12]),
            ("#3..#9", [3, 4, 9]),
            ("#12 | peer:192.0.2.0/24", [9, 12, 15, 18]),
            ("peer:192.0.2", [9, 15, 18]),
            ("peer:198.51.100.20/32", [4]),
            ("peer:0.0.0.0/0 role:pub", [3, 4]),
            ("port=52114", [3]),
            ("~slow", [12]),
            ("~slow & !client:ffplay", [12]),
            ("~closed", [2, 16]),
            ("rtx>40", [12]),
            ("cwnd=24", [12]),
            ("sndq>200k unack>30k", [12]),
            ("clock<-40ppm", [4]),
            ("late<=18ms", [3, 4]),
            ("~warn", [16]),
            ("~odd", [18]),
            ("stream:live/cam1", [3, 9, 12]),
            ("stream~\"^live/cam[0-9]+$\" fps<59.5", [4, 12, 15]),
            ("stream~CAM1", []),
            ("stream:CAM1", []),
            ("client:vlc", [12]),
            ("client=vlc", []),
            ("client:-", [17, 16]),
            ("client!=-", [3, 4, 9, 12, 15, 18, 2]),
            ("fps>1", [3, 4, 9, 12, 15]),
            ("fps!=60", [4, 12, 15]),
            ("gop>=10s", [4]),
            ("gop>9999ms", [4]),
            ("gop:-", [9, 12, 15, 17, 18, 2, 16]),
            ("q>1s", [12]),
            ("queue>60k", [9, 12]),
            ("queue>=4.12M", [12]),
            ("rtt>100ms", [12]),
            ("ack>100%", [12]),
            ("up>2h", [3]),
            ("av<0", [4]),
            ("drop>0", [12]),
            ("in>=6M & in<1G", [3]),
            ("id=15", [15]),
            ("vlc", [12]),
            ("/^VLC/", [12]),
            ("\"live/cam2\"", [4, 15]),
            ("hs:c1", []),
            ("state:hs:c1", [17]),
            ("cam1 or cam2 and not ffplay", [3, 4, 9, 12]),
        ] as [(String, [SessionID])])
    func `sessions are found`(filter: String, ids: [SessionID]) throws {
        // Without quotes `hs:c1` would be a field; hs is a duration.
        guard filter != "hs:c1" else {
            #expect(throws: FilterError.self) { try FilterPredicate<SessionRow>(filter) }
            return
        }
        #expect(try sessions(filter) == ids)
    }

    @Test(arguments: [
        ("nofield:1", 0), ("role:pub & nofield:1", 11), ("~key", 1), ("fps>fast", 4),
        ("fps>30ms", 6), ("rtt>3k", 5), ("ack>3s", 5), ("fps~30", 4), ("in>-", 3),
        ("stream~\"(\"", 7), ("/(/", 0),
    ])
    func `what does not fit the fields is named by its place`(filter: String, position: Int) {
        do {
            _ = try FilterPredicate<SessionRow>(filter)
            Issue.record("compiled")
        } catch {
            #expect(error.position == position)
        }
    }

    @Test(arguments: [
        ("players>1", ["live/cam1"]), ("state:ended", ["live/studio"]), ("~slow", ["live/cam1"]),
        ("vcodec:main@3.1", ["live/cam2"]), ("width=1920", ["live/cam1"]),
        ("acodec~44100", ["live/cam2"]), ("#4", ["live/cam2"]), ("#12", ["live/cam1"]),
        ("gop>4s", ["live/cam2"]), ("cam", ["live/cam1", "live/cam2"]), ("fps:-", ["live/studio"]),
    ])
    func `streams are found`(filter: String, keys: [SafeText]) throws {
        let predicate = try FilterPredicate<StreamRow>(filter)
        #expect(snapshot.streams.filter { predicate.matches($0, in: snapshot) }.map(\.key) == keys)
    }

    @Test(arguments: [
        ("type:video & ~key & len>90k", 1), ("dir:out", 7), ("kind:ctrl", 7), ("#3", 35),
        ("fmt=1", 5), ("info:continued", 31), ("hex:\"17 01\"", 1), ("dts=17", 29),
        ("at>14:02:24.140", 15), ("ack", 2), ("~cfg", 0),
    ])
    func `chunks are found`(filter: String, count: Int) throws {
        let predicate = try FilterPredicate<TraceEntry>(filter)
        let matching = snapshot.trace.all.filter { predicate.matches($0, in: snapshot) }
        #expect(matching.count == count, "\(matching.count) of \(snapshot.trace.count)")
    }

    @Test(arguments: [
        ("level:{warn,error}", 2), ("event:drop", 1), ("#12", 6), ("at>14:02:11", 3),
        ("source:stderr", 1), ("~odd", 1), ("sess:-", 4), ("sess=12 level:warn", 1),
        ("at>=16:02:11", 0),
    ])
    func `events are found`(filter: String, count: Int) throws {
        let predicate = try FilterPredicate<JournalEntry>(filter)
        #expect(
            snapshot.journal.all.filter { predicate.matches($0, in: snapshot) }.count == count)
    }

    @Test func `a time of day is meant in the zone of whoever typed it`() throws {
        let predicate = try FilterPredicate<JournalEntry>(
            "at>16:02:11", utcOffsetSeconds: 7200)
        #expect(
            snapshot.journal.all.filter { predicate.matches($0, in: snapshot) }.count == 3)
    }

    /// Random expressions over a few fields against an evaluator that is too simple to be wrong.
    @Test func `random expressions agree with the obvious evaluator`() throws {
        var generator = SeededGenerator(seed: 11)
        let snapshot = Demo(sessions: 40, seed: 5).snapshot(at: 0)
        for _ in 0..<400 {
            let tree = Tree.random(&generator, depth: 4)
            let predicate = try FilterPredicate<SessionRow>(tree.text)
            for row in snapshot.sessions {
                #expect(
                    predicate.matches(row, in: snapshot) == tree.holds(for: row), "\(tree.text)")
            }
        }
    }

    private indirect enum Tree {
        case leaf(String, @Sendable (SessionRow) -> Bool)
        case not(Tree)
        case and(Tree, Tree)
        case or(Tree, Tree)

        var text: String {
            switch self {
            case .leaf(let text, _): text
            case .not(let tree): "!(\(tree.text))"
            case .and(let a, let b): "(\(a.text)) (\(b.text))"
            case .or(let a, let b): "(\(a.text)) | (\(b.text))"
            }
        }

        func holds(for row: SessionRow) -> Bool {
            switch self {
            case .leaf(_, let holds): holds(row)
            case .not(let tree): !tree.holds(for: row)
            case .and(let a, let b): a.holds(for: row) && b.holds(for: row)
            case .or(let a, let b): a.holds(for: row) || b.holds(for: row)
            }
        }

        static func random(_ generator: inout SeededGenerator, depth: Int) -> Tree {
            switch depth == 0 ? 3 : Int.random(in: 0...3, using: &generator) {
            case 0: return .not(random(&generator, depth: depth - 1))
            case 1:
                return .and(
                    random(&generator, depth: depth - 1), random(&generator, depth: depth - 1))
            case 2:
                return .or(
                    random(&generator, depth: depth - 1), random(&generator, depth: depth - 1))
            default: return leaf(&generator)
            }
        }

        private static func leaf(_ generator: inout SeededGenerator) -> Tree {
            let number = Double(Int.random(in: 0...60, using: &generator))
            switch Int.random(in: 0...6, using: &generator) {
            case 0:
                return .leaf("fps<\(number)") { $0.framesPerSecond.map { $0 < number } ?? false }
            case 1:
                return .leaf("fps!=\(number)") { $0.framesPerSecond.map { $0 != number } ?? false }
            case 2: return .leaf("role:pub") { $0.facts.role == .publisher }
            case 3: return .leaf("drop>=\(number)") { Double($0.skippedVideo) >= number }
            case 4:
                return .leaf("client:lavf") {
                    $0.client?.description.lowercased().contains("lavf") ?? false
                }
            case 5: return .leaf("gop:-") { $0.gopMilliseconds == nil }
            default:
                let id = SessionID(number)
                return .leaf("#\(id)") { $0.id == id }
            }
        }
    }
}

@Suite struct NetworkTests {
    @Test(arguments: [
        ("192.0.2.0/24", true), ("192.0.2.44/32", true), ("192.0.3.0/24", false),
        ("192.0.2.45/32", false), ("0.0.0.0/0", true), ("192.0.2.32/28", true),
        ("192.0.2.16/28", false), ("::/0", false),
    ])
    func `an IPv4 peer is in a network or not`(network: String, isIn: Bool) throws {
        #expect(try finds(network, "192.0.2.44:51544") == isIn)
    }

    @Test(arguments: [
        ("2001:db8::/32", true), ("2001:db8:0:0:0:0:0:1/128", true), ("2001:db8::2/128", false),
        ("::/0", true), ("2001:db9::/32", false), ("192.0.2.0/24", false),
    ])
    func `an IPv6 peer is in a network or not`(network: String, isIn: Bool) throws {
        #expect(try finds(network, "[2001:db8::1]:1935") == isIn)
    }

    private func finds(_ network: String, _ peer: String) throws -> Bool {
        let row = SessionRow(
            id: 1, facts: ConnectionFacts(), peer: peer, listener: "", acceptedAtNanoseconds: 0,
            upNanoseconds: 0, bytesIn: 0, bytesOut: 0)
        let snapshot = Snapshot(
            takenAtNanoseconds: 0, wallClockMilliseconds: 0, server: ServerFigures())
        return try FilterPredicate<SessionRow>("peer:\(network)").matches(row, in: snapshot)
    }
}
