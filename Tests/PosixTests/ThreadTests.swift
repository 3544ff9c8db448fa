import Glibc
import Testing

@testable import Posix

@Suite struct ThreadTests {
    @Test func `join waits for what the thread does`() throws {
        let seen = Lock([String]())
        let threads = try ["a", "b"].map { name in
            try Thread.start(name: name) { seen.withLock { $0.append(name) } }
        }
        for thread in threads { thread.join() }
        #expect(seen.withLock { $0.sorted() } == ["a", "b"])
    }

    @Test func `a thread has its name, cut to what the system shows`() throws {
        let name = Lock("")
        let thread = try Thread.start(name: "a-name-of-more-than-15-bytes") {
            // Without /proc there is no name to compare, and the test fails as it should.
            let bytes = (try? File.readAll("/proc/thread-self/comm", limit: 64)) ?? []
            name.withLock { $0 = String(decoding: bytes, as: UTF8.self) }
        }
        thread.join()
        #expect(name.withLock { $0 } == "a-name-of-more-\n")
    }

    @Test func `a thread is spared the signals for the process, not those of its own faults`()
        throws
    {
        let blocked = Lock([Int32: Bool]())
        let thread = try Thread.start(name: "masked") {
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            blocked.withLock {
                for signal in [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGSEGV, SIGABRT] {
                    $0[signal] = sigismember(&mask, signal) == 1
                }
            }
        }
        thread.join()
        #expect(
            blocked.withLock { $0 } == [
                SIGINT: true, SIGTERM: true, SIGHUP: true, SIGWINCH: true, SIGSEGV: false,
                SIGABRT: false,
            ])
    }

    @Test func `a stack that is too small is refused with the reason`() throws {
        #expect(throws: PosixError("pthread_create", code: EINVAL)) {
            try Thread.start(name: "tiny", stackBytes: 1) {}.join()
        }
    }

    @Test func `a large stack is there to be used`() throws {
        let sum = Lock(0)
        let thread = try Thread.start(name: "deep", stackBytes: 32 << 20) {
            let bytes = 16 << 20
            withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 16) { stack in
                stack[0] = 1
                stack[bytes - 1] = 2
                let total = Int(stack[0]) + Int(stack[bytes - 1])
                sum.withLock { $0 = total }
            }
        }
        thread.join()
        #expect(sum.withLock { $0 } == 3)
    }
}

@Suite struct LockTests {
    @Test func `no step is lost under contention`() throws {
        let count = Lock(0)
        let threads = try (0..<4).map { number in
            try Thread.start(name: "adder \(number)") {
                for _ in 0..<10_000 { count.withLock { $0 += 1 } }
            }
        }
        for thread in threads { thread.join() }
        #expect(count.withLock { $0 } == 40_000)
    }

    @Test func `a lock is let go when its body throws, with the error's type`() {
        let lock = Lock(1)
        do throws(PosixError) {
            try lock.withLock { (_) throws(PosixError) in throw PosixError("test", code: EIO) }
        } catch {
            #expect(error.code == EIO)
        }
        #expect(lock.withLock { $0 } == 1)
    }

    @Test func `a lock holds what exists once`() throws {
        let lock = Lock<Socket?>(try Socket.listening(on: .loopback(port: 0)))
        #expect(lock.withLock { $0?.localAddress != nil })
        lock.withLock { $0 = nil }
        #expect(lock.withLock { $0 == nil })
    }
}
