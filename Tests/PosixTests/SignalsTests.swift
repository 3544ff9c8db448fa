import Glibc
import Testing

@testable import Posix

@Suite struct SignalsTests {
    @Test func `signals reach the closure on their own thread, one after the other`() throws {
        let told = Lock([Signal]())
        let came = try Wakeup()
        // The thread of the signals blocks them all, and they are sent to it alone: the threads of
        // the test run, which do not, never see them.
        let signals = try Signals([.interrupt, .terminate, .hangup, .windowChanged]) { signal in
            told.withLock { $0.append(signal) }
            came.signal()
        }
        for signal in [Signal.hangup, .terminate, .interrupt, .windowChanged] {
            try signals.send(signal)
            #expect(came.wait(timeoutMilliseconds: 10_000))
        }
        signals.stop()
        #expect(told.withLock { $0 } == [.hangup, .terminate, .interrupt, .windowChanged])
    }

    @Test func `a pipe that nobody reads is an error and no signal`() throws {
        Signals.block([])
        let writing = try writingEnd(of: File.pipe())
        #expect(throws: PosixError("write", code: EPIPE)) { try writing.writeAll("x") }
    }

    private func writingEnd(of pipe: consuming File.Pipe) throws -> File {
        try File(duplicating: pipe.writing.descriptor)
    }

    @Test func `a signal that was not asked for is not told`() throws {
        let told = Lock([Signal]())
        let signals = try Signals([.hangup]) { signal in told.withLock { $0.append(signal) } }
        try signals.send(.windowChanged)
        signals.stop()
        #expect(told.withLock { $0 } == [])
    }
}
