import Console
import Monitor
import Telemetry
import Testing

/// Windows of rates and the columns one can add (DESIGN §6).
@Suite struct RateWindowTests {
    private static func row(_ history: [Float], now: Double) -> (inout SessionRow) -> Void {
        { row in
            row.historyOut = history
            row.bitsPerSecondOut = now
        }
    }

    @Test func `b goes through 1, 10 and 60 seconds, and the title says so`() {
        var desk = Desk()
        #expect(desk.screen.contains("rates 1 s"))
        desk.type("b")
        #expect(desk.screen.contains("rates 10 s"))
        desk.type("b")
        #expect(desk.screen.contains("rates 60 s"))
        desk.type("b")
        #expect(desk.screen.contains("rates 1 s"))
    }

    @Test func `a longer rate is the mean of its seconds, and marked until it is full`() {
        var desk = Desk()
        desk.receive {
            $0.change(
                18,
                Self.row(
                    Array(repeating: 1000, count: 50) + Array(repeating: 3000, count: 10), now: 9000
                ))
        }
        #expect(desk.lines(with: "#18 ").first?.contains(" 9.00k ") == true)
        desk.type("b")
        #expect(desk.lines(with: "#18 ").first?.contains(" 3.00k ") == true)
        desk.type("b")
        #expect(desk.lines(with: "#18 ").first?.contains(" 1.33k ") == true)
        desk.receive { $0.change(18, Self.row([1000, 2000], now: 9000)) }
        #expect(desk.lines(with: "#18 ").first?.contains("~1.50k ") == true)
    }

    @Test func `the order is that of what is shown`() {
        var desk = Desk()
        desk.receive(after: 3000) {
            $0.change(18, Self.row(Array(repeating: 90_000_000, count: 60), now: 0))
        }
        #expect(desk.state.connections.rows.order.first != 18)
        desk.type("b")
        #expect(desk.state.connections.rows.order.first == 18)
    }

    @Test(arguments: [
        ("ack", "112"), ("chunk", "4096/4096"), ("gop", "10.00"), ("avms", "+12"), ("ttff", "107"),
        ("hsms", "88"), ("bytesin", "5.87G"), ("bytesout", "120M"), ("idle", "5.0"),
        ("flashver", "FMLE/3.0 (compatible;"),
        ("tcurl", "rtmp://ingest.example.net/live"), ("clock", "-41"), ("late", "18"),
        ("rcvq", "0"), ("sndq", "245k"), ("cwnd", "24"), ("unack", "34.8k"),
    ])
    func `every column of DESIGN can be had`(name: String, cell: String) {
        var desk = Desk(width: 160)
        desk.type(":cols id," + name)
        desk.press(.enter)
        #expect(desk.state.command == nil)
        #expect(desk.lines(with: "#").contains { $0.contains(" \(cell)") }, "\(desk.screen)")
    }
}
