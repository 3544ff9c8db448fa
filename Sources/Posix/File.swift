import CPosix
import Glibc

/// An open file or pipe, closed when it is let go.
package struct File: ~Copyable, Sendable {
    /// PIPE_BUF: what a pipe that polls writable takes without waiting.
    private static let pipeAtomicBytes = 4096

    package let descriptor: Int32

    /// Owns the descriptor from now on.
    package init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // Errors of delayed writes are not ours to mend here; who must know calls `sync`.
        _ = close(descriptor)
    }

    /// A second descriptor for the same open file.
    package init(duplicating descriptor: Int32) throws(PosixError) {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy != -1 else { throw PosixError("fcntl") }
        self.init(adopting: copy)
    }

    /// Writes go to the end; a new file is readable by its owner alone.
    package static func openForAppend(_ path: String) throws(PosixError) -> File {
        try open(path, O_WRONLY | O_APPEND | O_CREAT)
    }

    /// An empty file, readable by its owner alone; what was there before is gone.
    package static func create(_ path: String) throws(PosixError) -> File {
        try open(path, O_WRONLY | O_CREAT | O_TRUNC)
    }

    /// As `create`, for whoever the user's umask lets read it.
    package static func createShared(_ path: String) throws(PosixError) -> File {
        try open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o666)
    }

    /// A file that is there, to be read and written over.
    package static func openForUpdate(_ path: String) throws(PosixError) -> File {
        try open(path, O_RDWR)
    }

    /// As `create`, but what is there already is never touched (EEXIST).
    package static func createNew(_ path: String) throws(PosixError) -> File {
        try open(path, O_WRONLY | O_CREAT | O_EXCL)
    }

    /// Puts text in the place of a file, whole or not at all; what was there stays as `PATH.bak`. Folders
    /// of the path that are missing are made, for their owner alone.
    package static func replace(_ path: String, with text: String) throws(PosixError) {
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try Folder.create(String(path[..<slash]), mode: 0o700)
        }
        let new = path + ".new"
        do {
            let file = try create(new)
            try file.writeAll(text)
            try file.sync()
        }
        _ = unlink(path + ".bak")
        if link(path, path + ".bak") != 0, errno != ENOENT { throw PosixError("link") }
        guard rename(new, path) == 0 else { throw PosixError("rename") }
    }

    /// For both ways, without becoming the process's controlling terminal.
    package static func openTerminal(_ path: String) throws(PosixError) -> File {
        try open(path, O_RDWR | O_NOCTTY)
    }

    package static func openForReading(_ path: String) throws(PosixError) -> File {
        try open(path, O_RDONLY)
    }

    /// An empty file that was not there before (EEXIST), to be written by us alone for as long as it is
    /// open (EWOULDBLOCK), and to be read by whoever the umask lets.
    package static func createOwned(_ path: String) throws(PosixError) -> File {
        let file = try open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        try file.own()
        return file
    }

    /// No other process owns the file while this one has it open; EWOULDBLOCK: another does.
    package func own() throws(PosixError) {
        guard uninterrupted({ cposix_lock_file(descriptor) }) == 0 else {
            throw PosixError("flock")
        }
    }

    private static func open(
        _ path: String, _ flags: Int32, mode: mode_t = 0o600
    ) throws(PosixError) -> File {
        let descriptor = uninterrupted { Glibc.open(path, flags | O_CLOEXEC, mode) }
        guard descriptor != -1 else { throw PosixError("open") }
        return File(adopting: descriptor)
    }

    /// Lets another descriptor stand for this file from now on, as a shell's `>` does.
    package func takePlace(of descriptor: Int32) throws(PosixError) {
        guard uninterrupted({ dup2(self.descriptor, descriptor) }) != -1 else {
            throw PosixError("dup2")
        }
    }

    /// The two ends of a new pipe.
    package static func pipe() throws(PosixError) -> Pipe {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw PosixError("pipe") }
        let pipe = Pipe(reading: File(adopting: ends[0]), writing: File(adopting: ends[1]))
        for end in ends where fcntl(end, F_SETFD, FD_CLOEXEC) == -1 { throw PosixError("fcntl") }
        return pipe
    }

    package struct Pipe: ~Copyable, Sendable {
        package let reading: File
        package let writing: File
    }

    package func setBlocking(_ isBlocking: Bool) throws(PosixError) {
        try setDescriptorBlocking(descriptor, isBlocking)
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(PosixError) -> IOResult {
        let count = uninterrupted { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        return count == 0 ? .endOfFile : try ioResult(count, "read")
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(PosixError) -> IOResult {
        try ioResult(
            uninterrupted { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }, "write")
    }

    /// Writes what a pipe takes at once, without making it non-blocking.
    ///
    /// Standard output shares its flags with the shell and with every program in the pipeline, so
    /// they are not ours to change.
    package func writeIfReady(_ bytes: UnsafeRawBufferPointer) throws(PosixError) -> IOResult {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let ready = uninterrupted { poll(&waiting, 1, 0) }
        if ready == -1 { throw PosixError("poll") }
        if ready == 0 { return .wouldBlock }
        return try write(UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.pipeAtomicBytes)))
    }

    /// Waits as long as it takes, on a non-blocking descriptor too.
    package func writeAll(_ bytes: UnsafeRawBufferPointer) throws(PosixError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch try write(UnsafeRawBufferPointer(rebasing: rest)) {
            case .bytes(let count):
                rest = rest.dropFirst(count)
            case .wouldBlock:
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            case .endOfFile:
                throw PosixError("write", code: EPIPE)
            }
        }
    }

    package func writeAll(_ text: String) throws(PosixError) {
        try writeAll(Array(text.utf8))
    }

    package func writeAll(_ bytes: [UInt8]) throws(PosixError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(PosixError) in
            try writeAll(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Writes over what stands at an offset; fails where there are no offsets, as in a pipe (ESPIPE).
    package func writeAll(_ bytes: [UInt8], at offset: UInt64) throws(PosixError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                uninterrupted {
                    pwrite(
                        descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written,
                        off_t(clamping: offset) + written)
                }
            }
            guard count > 0 else { throw PosixError("pwrite") }
            written += count
        }
    }

    /// What stands at an offset; fewer bytes where the file ends before.
    package func read(_ count: Int, at offset: UInt64) throws(PosixError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var got = 0
        while got < count {
            let piece = bytes.withUnsafeMutableBytes { bytes in
                uninterrupted {
                    pread(
                        descriptor, bytes.baseAddress.map { $0 + got }, bytes.count - got,
                        off_t(clamping: offset) + got)
                }
            }
            if piece == -1 { throw PosixError("pread") }
            if piece == 0 { break }
            got += piece
        }
        return Array(bytes[..<got])
    }

    /// Cuts the file, or fills it with zeros.
    package func truncate(to length: UInt64) throws(PosixError) {
        guard uninterrupted({ ftruncate(descriptor, off_t(clamping: length)) }) == 0 else {
            throw PosixError("ftruncate")
        }
    }

    /// Returns when the disk has it.
    package func sync() throws(PosixError) {
        guard uninterrupted({ fsync(descriptor) }) == 0 else { throw PosixError("fsync") }
    }

    /// The whole file; one that is longer than the limit is refused (EFBIG).
    package static func readAll(_ path: String, limit: Int) throws(PosixError) -> [UInt8] {
        let file = try openForReading(path)
        var bytes: [UInt8] = []
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 1)
        defer { piece.deallocate() }
        while case .bytes(let count) = try file.read(into: piece) {
            guard count <= limit - bytes.count else { throw PosixError("read", code: EFBIG) }
            bytes.append(contentsOf: piece[..<count])
        }
        return bytes
    }
}
