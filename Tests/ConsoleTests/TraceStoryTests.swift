import Console
import Monitor
import Telemetry
import Testing

/// The trace as somebody uses it: fold, take apart, find, mark, filter (DESIGN §5.6, §13).
@Suite struct TraceStoryTests {
    private var desk: Desk {
        var desk = Desk(view: .trace)
        desk.press(.home)
        return desk
    }

    /// A trace of so many messages of a chunk each, every tenth a key frame.
    private func long(_ count: Int) -> Snapshot {
        var snapshot = Demo().snapshot(at: 0)
        snapshot.trace = LogTail(capacity: count, segmentCapacity: 2048)
        for number in 0..<count {
            var head: TraceRecord.Head = (0, 0, 0, 0)
            withUnsafeMutableBytes(of: &head) {
                $0.copyBytes(from: [number % 10 == 0 ? 0x17 : 0x27, 1, 0, 0, 33])
            }
            snapshot.trace.append(
                TraceEntry(
                    wallClockMilliseconds: 0,
                    record: TraceRecord(
                        session: 3, direction: .inward, atNanoseconds: UInt64(number) * 1000,
                        offset: 0, chunkStreamID: 4, form: 1, headerBytes: 8, payloadBytes: 5,
                        messageLength: UInt32(number), messageType: 9, messageStreamID: 1,
                        timestamp: 0, timestampDelta: 17, messageNumber: UInt64(number),
                        chunkIndex: 1, chunkCount: 1, head: head, headCount: 5)))
        }
        return snapshot
    }

    @Test func `a message is a line until it is unfolded, and again when folded`() {
        var desk = desk
        let before = desk.state.traceLog.count
        desk.press(.right)
        #expect(desk.state.traceLog.count == before + 2)
        #expect(desk.lines(with: "2/3").count == 1)
        desk.press(.down, .down, .left)
        #expect(desk.state.traceLog.count == before)
        #expect(desk.lines(with: "▸ 3").first?.contains("▸ 14:02:24.102") == true)
    }

    @Test func `with a filter the first chunk that matches stands for its message`() {
        var desk = desk
        desk.type("/#3")
        desk.press(.enter)
        #expect(desk.state.traceLog.count == 6)
        desk.press(.home, .right)
        #expect(desk.state.traceLog.count == 8)
        desk.type("/")
        desk.press(.backspace, .backspace)
        desk.type("fmt=3")
        desk.press(.enter)
        #expect(desk.lines(with: "2/3").count == 2)
        #expect(desk.lines(with: "2/24").count == 1)
    }

    @Test func `v shows every chunk, and the messages again`() {
        var desk = desk
        let messages = desk.state.traceLog.count
        desk.type("v")
        #expect(desk.state.traceLog.count == desk.live.trace.count)
        desk.type("v")
        #expect(desk.state.traceLog.count == messages)
    }

    @Test func `Enter takes the message apart, and a field shows its bytes`() {
        var desk = desk
        desk.press(.enter)
        #expect(desk.state.traceView.focus == .fields)
        desk.press(.end)
        while desk.state.traceView.decode?.fields[desk.state.traceView.field].name
            != "composition time", desk.state.traceView.field > 0
        {
            desk.press(.up)
        }
        #expect(desk.state.traceView.byte == 10)
        // From the bytes to the field.
        desk.press(.tab, .left, .left)
        #expect(desk.state.traceView.focus == .bytes)
        #expect(
            desk.state.traceView.decode?.fields[desk.state.traceView.field].name == "codec")
        desk.press(.escape)
        #expect(desk.state.traceView.focus == .lines)
    }

    @Test func `a closed group stays closed in the next message`() {
        var desk = desk
        desk.press(.enter, .left)
        #expect(!desk.screen.contains("chunk stream"))
        desk.press(.escape, .down)
        #expect(!desk.screen.contains("chunk stream"))
        desk.press(.enter, .home, .right)
        #expect(desk.screen.contains("chunk stream"))
    }

    @Test func `on a small screen a message takes the place of the lines`() {
        var desk = Desk(view: .trace, width: 80, height: 24)
        #expect(!desk.screen.contains("basic header"))
        desk.press(.enter)
        #expect(desk.screen.contains("basic header"))
        #expect(desk.screen.contains("Hex  this chunk"))
        desk.press(.escape)
        #expect(!desk.screen.contains("basic header"))
    }

    @Test func `x goes from this chunk to the message to none`() {
        var desk = desk
        #expect(desk.screen.contains("Hex  this chunk"))
        desk.type("x")
        #expect(desk.screen.contains("Hex  whole message"))
        #expect(desk.screen.contains("bytes not kept"))
        desk.type("x")
        #expect(!desk.screen.contains("─ Hex"))
    }

    @Test func `no secret is in the decode or in the bytes`() {
        var desk = Desk(view: .trace)
        desk.type("/connect")
        desk.press(.enter, .home, .enter)
        desk.type("x")
        for _ in 0..<60 {
            #expect(!desk.screen.contains("hidden"))
            desk.press(.down)
        }
        #expect(desk.screen.contains("**"))
    }

    @Test func `a mark is gone back to, and time counts from it`() {
        var desk = desk
        desk.press(.down)
        desk.type("ma")
        let marked = desk.state.traceLog.cursor
        desk.press(.end)
        desk.type("DD")
        #expect(desk.screen.contains("+mark"))
        desk.type("'a")
        #expect(desk.state.traceLog.cursor == marked)
        #expect(!desk.state.traceLog.isFollowing)
        desk.type("'b")
        #expect(desk.state.message?.text == "there is no mark b")
        desk.type("m")
        desk.press(.escape)
        #expect(desk.state.traceView.marks.count == 1)
    }

    @Test func `time since the session was accepted`() {
        var desk = Desk(view: .trace)
        desk.type("D")
        #expect(desk.screen.contains("+conn"))
        #expect(desk.lines(with: "_result").contains { $0.contains("49.0") })
    }

    @Test func `find goes to the next and hides nothing`() {
        var desk = desk
        let count = desk.state.traceLog.count
        desk.type("fkind:cmd")
        desk.press(.enter)
        #expect(desk.state.traceLog.count == count)
        let first = desk.state.traceLog.cursor
        #expect(desk.live.trace[first]?.record.messageType == 20)
        desk.type("n")
        let second = desk.state.traceLog.cursor
        #expect(second > first)
        // Round the end, and back.
        desk.type("n")
        #expect(desk.state.traceLog.cursor == first)
        desk.type("N")
        #expect(desk.state.traceLog.cursor == second)
        desk.type("f")
        for _ in 0..<8 { desk.press(.backspace) }
        desk.type("#99")
        desk.press(.enter)
        #expect(desk.state.message?.text == "nothing found")
        #expect(desk.state.traceLog.cursor == second)
    }

    @Test func `a filter over a long trace is a matter of steps, and what is found grows`() {
        let live = long(98_304)
        var desk = Desk(live, view: .trace)
        while desk.state.hasWork { desk.state.work(live, at: desk.now) }
        desk.type("/~key")
        #expect(desk.state.hasWork)
        var counts: [Int] = [desk.state.traceLog.count]
        while desk.state.hasWork {
            desk.state.work(live, at: desk.now)
            counts.append(desk.state.traceLog.count)
        }
        #expect(counts == counts.sorted())
        #expect(counts.count > 5)
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $1 - $0 <= 1200 + 1 })
        #expect(counts.last == 9831)
    }

    @Test func `a search through a long trace is a matter of steps too`() {
        let live = long(98_304)
        var desk = Desk(live, view: .trace)
        while desk.state.hasWork { desk.state.work(live, at: desk.now) }
        desk.press(.home)
        desk.type("flen=90001")
        desk.press(.enter)
        var steps = 0
        while desk.state.hasWork {
            desk.state.work(live, at: desk.now)
            steps += 1
        }
        #expect(steps > 3)
        #expect(desk.state.traceLog.cursor == 90_001)
    }

    @Test func `paused, the ring stays whole while the server goes on`() {
        let live = long(8192)
        var desk = Desk(live, view: .trace)
        desk.type("p")
        var later = long(8192)
        for _ in 0..<20_000 { later.trace.append(later.trace[later.trace.endNumber - 1]!) }
        desk.live = later
        _ = desk.state.absorb(later, at: desk.now)
        desk.press(.home)
        #expect(desk.state.traceLog.cursor == 0)
        #expect(desk.state.traceView.decode != nil)
        #expect(desk.screen.contains("PAUSED"))
    }

    @Test func `what leaves the ring leaves the matches`() {
        var live = long(4096)
        var desk = Desk(live, view: .trace)
        desk.type("/~key")
        desk.press(.enter)
        #expect(desk.state.traceLog.count == 410)
        for number in 0..<3000 {
            guard let entry = live.trace[number % 2048 + 2048] else { continue }
            live.trace.append(entry)
        }
        desk.live = live
        _ = desk.state.absorb(live, at: desk.now)
        let shown = (live.trace.firstNumber..<live.trace.endNumber).count {
            live.trace[$0].map { TraceDecoder.isKeyframe($0.record) } ?? false
        }
        #expect(desk.state.traceLog.count == shown)
    }
}
