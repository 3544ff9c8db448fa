import Glibc
import Testing

@testable import Posix

@Suite struct ClockTests {
    @Test func `monotonic time never goes back`() {
        var last = Clock.monotonicNanoseconds()
        for _ in 0..<1000 {
            let now = Clock.monotonicNanoseconds()
            #expect(now >= last)
            last = now
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_800_001, "2000-03-01T00:00:00.001Z"),
        (1_795_262_400_000, "2026-11-21T12:00:00.000Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `the wall clock reads as ISO 8601 with milliseconds`(time: Int64, text: String) {
        #expect(Clock.iso8601(wallClockMilliseconds: time) == text)
    }

    @Test func `the wall clock is the system's`() {
        let seconds = Int64(time(nil))
        #expect(abs(Clock.wallClockMilliseconds() / 1000 - seconds) <= 1)
    }
}

@Suite struct ProcessUsageTests {
    @Test func `the process uses the machine`() throws {
        #expect(ProcessUsage.cpuNanoseconds() > 0)
        #expect(try #require(ProcessUsage.residentBytes()) > 1_000_000)
        #expect(try #require(ProcessUsage.openDescriptors()) >= 3)
    }

    @Test func `what is opened is counted among the open descriptors`() throws {
        let before = try #require(ProcessUsage.openDescriptors())
        // Many, since other tests open and close theirs meanwhile.
        let opened = try (0..<200).map { _ in try Wakeup() }
        let during = try #require(ProcessUsage.openDescriptors())
        #expect((during - before - opened.count).magnitude < 150)
    }

    @Test func `the limit of descriptors is raised to what is allowed`() {
        let before = ProcessUsage.descriptorLimit()
        let raised = ProcessUsage.raiseDescriptorLimit()
        #expect(raised >= before)
        #expect(ProcessUsage.descriptorLimit() == raised)
    }
}

@Suite struct TerminalDeviceTests {
    @Test func `a pseudo-terminal is a terminal with a size, a pipe is neither`() throws {
        let terminal = try PseudoTerminal(columns: 132, rows: 43)
        #expect(TerminalDevice.isTerminal(terminal.terminal.descriptor))
        let size = try #require(TerminalDevice.size(of: terminal.terminal.descriptor))
        #expect(size == (132, 43))
        try terminal.resize(columns: 80, rows: 24)
        #expect(try #require(TerminalDevice.size(of: terminal.terminal.descriptor)) == (80, 24))
        #expect(terminal.path.hasPrefix("/dev/"))

        let pipe = try File.pipe()
        #expect(!TerminalDevice.isTerminal(pipe.reading.descriptor))
        #expect(TerminalDevice.size(of: pipe.reading.descriptor) == nil)
    }

    @Test func `a variable that is not set is nil`() {
        #expect(Environment["PATH"] != nil)
        #expect(Environment["RTMP_TOP_NO_SUCH_VARIABLE"] == nil)
    }
}

@Suite struct PosixErrorTests {
    @Test func `an error reads as the call and the reason`() {
        #expect(PosixError("bind", code: EADDRINUSE).description == "bind: Address already in use")
        #expect(PosixError("read", code: 9999).description == "read: error 9999")
    }

    @Test func `an interrupted call is repeated, any other failure is not`() {
        var codes = [EINTR, EINTR, EIO]
        let result: Int32 = uninterrupted {
            errno = codes.removeFirst()
            return -1
        }
        #expect(result == -1)
        #expect(codes.isEmpty)
        #expect(errno == EIO)
    }
}
