import Glibc
import Testing

@testable import Posix

@Suite struct FileTests {
    @Test func `appending adds, creating begins anew, and only the owner may read`() throws {
        let path = "/tmp/rtmp-top-file-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        defer { unlink(path) }
        do {
            try File.openForAppend(path).writeAll("one\n")
            try File.openForAppend(path).writeAll("two\n")
        }
        #expect(try text(path) == "one\ntwo\n")
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 & ~0o600 == 0)

        let file = try File.create(path)
        try file.writeAll("three\n")
        try file.sync()
        #expect(try text(path) == "three\n")
    }

    @Test func `a file is put in the place of another in folders that were not there`() throws {
        let folder = "/tmp/rtmp-top-folder-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let inner = folder + "/state/rtmp-top"
        let path = inner + "/x"
        defer {
            for file in [path, path + ".bak"] { unlink(file) }
            for folder in [inner, folder + "/state", folder] { rmdir(folder) }
        }
        for text in ["one\n", "two\n"] { try File.replace(path, with: text) }
        #expect(try text(path) == "two\n")
        #expect(try text(path + ".bak") == "one\n")
        #expect(try Folder.names(in: inner) == ["x", "x.bak"])
        for folder in [folder, inner] {
            var status = stat()
            #expect(stat(folder, &status) == 0)
            #expect(status.st_mode & 0o077 == 0)
        }
    }

    @Test func `a folder that cannot be made is what is told`() throws {
        let error = try #require(throws: PosixError.self) {
            try File.replace("/dev/null/folder/x", with: "")
        }
        #expect(error == PosixError("mkdir", code: ENOTDIR))
    }

    @Test func `a file longer than the limit is refused`() throws {
        let path = "/tmp/rtmp-top-limit-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        defer { unlink(path) }
        try File.create(path).writeAll([UInt8](repeating: 1, count: 70_000))
        #expect(try File.readAll(path, limit: 70_000).count == 70_000)
        #expect(throws: PosixError("read", code: EFBIG)) {
            try File.readAll(path, limit: 69_999)
        }
    }

    @Test func `a missing file says so`() throws {
        let error = try #require(throws: PosixError.self) {
            try File.readAll("/nonexistent/file", limit: 1)
        }
        #expect(error.description == "open: No such file or directory")
    }

    @Test func `a full pipe would block, without being made non-blocking`() throws {
        let pipe = try File.pipe()
        let block = [UInt8](repeating: 65, count: 10_000)
        var written = 0
        while case .bytes(let count) = try writeIfReady(block, to: pipe.writing) {
            #expect(count > 0)
            written += count
        }
        #expect(written >= 4096)
        #expect(fcntl(pipe.writing.descriptor, F_GETFL) & O_NONBLOCK == 0)

        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: written, alignment: 1)
        defer { buffer.deallocate() }
        guard case .bytes = try pipe.reading.read(into: buffer) else {
            Issue.record("the pipe had bytes to read")
            return
        }
        #expect(try writeIfReady(block, to: pipe.writing) == .bytes(4096))
    }

    @Test func `write all waits on a pipe that is read slowly, in both modes`() throws {
        for isBlocking in [true, false] {
            let pipe = try File.pipe()
            try pipe.writing.setBlocking(isBlocking)
            let reader = dup(pipe.reading.descriptor)
            let total = Lock(0)
            let thread = try Thread.start(name: "reader") {
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 999, alignment: 1)
                defer { buffer.deallocate() }
                let file = File(adopting: reader)
                while total.withLock({ $0 }) < 300_000,
                    case .bytes(let count)? = try? file.read(into: buffer)
                {
                    total.withLock { $0 += count }
                }
            }
            try pipe.writing.writeAll([UInt8](repeating: 1, count: 300_000))
            thread.join()
            #expect(total.withLock { $0 } == 300_000)
        }
    }

    @Test func `a duplicate writes to the same file`() throws {
        let pipe = try File.pipe()
        try File(duplicating: pipe.writing.descriptor).writeAll("same")
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
        defer { buffer.deallocate() }
        #expect(try pipe.reading.read(into: buffer) == .bytes(4))
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try File.readAll(path, limit: 4096), as: UTF8.self)
    }

    private func writeIfReady(_ bytes: [UInt8], to file: borrowing File) throws -> IOResult {
        try bytes.withUnsafeBufferPointer { (bytes) throws(PosixError) in
            try file.writeIfReady(UnsafeRawBufferPointer(bytes))
        }
    }
}
