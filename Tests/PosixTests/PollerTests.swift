import Testing

@testable import Posix

@Suite struct PollerTests {
    @Test func `a level is told for as long as it lasts`() throws {
        let poller = try Poller()
        let wakeup = try Wakeup()
        var events = [PollEvent](repeating: PollEvent(), count: 4)
        try poller.add(wakeup.descriptor, token: 42, .readable)
        #expect(try poller.wait(into: &events, timeoutNanoseconds: 0) == 0)

        wakeup.signal()
        for _ in 0..<2 {
            #expect(try poller.wait(into: &events) == 1)
            #expect(events[0].token == 42)
            #expect(events[0].isReadable)
            #expect(!events[0].isWritable && !events[0].isHangup && !events[0].isError)
        }
        #expect(wakeup.drain())
        #expect(!wakeup.drain())
        #expect(try poller.wait(into: &events, timeoutNanoseconds: 0) == 0)
    }

    @Test func `an edge is told once`() throws {
        let poller = try Poller()
        let wakeup = try Wakeup()
        var events = [PollEvent](repeating: PollEvent(), count: 4)
        try poller.add(wakeup.descriptor, token: 1, [.readable, .edge])
        wakeup.signal()
        #expect(try poller.wait(into: &events) == 1)
        #expect(try poller.wait(into: &events, timeoutNanoseconds: 0) == 0)
        wakeup.signal()
        #expect(try poller.wait(into: &events) == 1)
    }

    @Test func `who waits exclusively is told by the level too, and can go`() throws {
        let poller = try Poller()
        let wakeup = try Wakeup()
        var events = [PollEvent](repeating: PollEvent(), count: 4)
        try poller.add(wakeup.descriptor, token: 1, [.readable, .exclusive])
        wakeup.signal()
        for _ in 0..<2 { #expect(try poller.wait(into: &events) == 1) }
        #expect(throws: PosixError.self) {
            try poller.modify(wakeup.descriptor, token: 1, .readable)
        }
        try poller.remove(wakeup.descriptor)
        #expect(try poller.wait(into: &events, timeoutNanoseconds: 0) == 0)
    }

    @Test func `interest can be changed and taken back`() throws {
        let poller = try Poller()
        let pipe = try File.pipe()
        var events = [PollEvent](repeating: PollEvent(), count: 1)
        try poller.add(pipe.writing.descriptor, token: 1, .writable)
        #expect(try poller.wait(into: &events) == 1)
        #expect(events[0].isWritable)

        try poller.modify(pipe.writing.descriptor, token: 2, [])
        #expect(try poller.wait(into: &events, timeoutNanoseconds: 0) == 0)
        try poller.modify(pipe.writing.descriptor, token: 3, .writable)
        #expect(try poller.wait(into: &events) == 1)
        #expect(events[0].token == 3)
        try poller.remove(pipe.writing.descriptor)
        #expect(try poller.wait(into: &events, timeoutNanoseconds: 0) == 0)
    }

    @Test func `the array bounds what one wait gives`() throws {
        let poller = try Poller()
        let wakeups = try (0..<3).map { _ in try Wakeup() }
        for (token, wakeup) in wakeups.enumerated() {
            try poller.add(wakeup.descriptor, token: UInt64(token), .readable)
            wakeup.signal()
        }
        var events = [PollEvent](repeating: PollEvent(), count: 2)
        #expect(try poller.wait(into: &events) == 2)
        events = [PollEvent](repeating: PollEvent(), count: 1000)
        #expect(try poller.wait(into: &events) == 3)
        #expect(Set(events.prefix(3).map(\.token)) == [0, 1, 2])
    }

    @Test func `a peer that ends its side and one that hangs up are told apart`() throws {
        let poller = try Poller()
        let connection = try SocketTests.Connection.open()
        var events = [PollEvent](repeating: PollEvent(), count: 1)
        try poller.add(
            connection.server.descriptor, token: 1, [.readable, .peerClosed, .edge])
        try connection.client.shutdownWrite()
        #expect(try poller.wait(into: &events) == 1)
        #expect(events[0].isPeerClosed)
        #expect(!events[0].isHangup)
        try connection.server.shutdownWrite()
        #expect(try poller.wait(into: &events) == 1)
        #expect(events[0].isHangup)
    }

    @Test func `a wake from another thread ends the wait`() throws {
        let poller = try Poller()
        let wakeup = try Wakeup()
        try poller.add(wakeup.descriptor, token: 9, .readable)
        let thread = try Thread.start(name: "waker") { wakeup.signal() }
        var events = [PollEvent](repeating: PollEvent(), count: 1)
        #expect(try poller.wait(into: &events) == 1)
        thread.join()
        #expect(wakeup.wait())
        #expect(!wakeup.wait(timeoutMilliseconds: 0))
    }
}
