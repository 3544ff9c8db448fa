import Posix
import RTMP
import Recording

/// A disk in memory that fills up and refuses as it is told. Used by one thread.
final class FakeDisk: RecordingDisk, @unchecked Sendable {
    // Sendable because a test uses it from its own thread only.
    var path: String { "disk" }
    /// Bytes it still takes.
    var room = Int.max
    var refusesFiles = false
    private(set) var files: [FakeFile] = []
    /// By their names, those that were finished.
    private(set) var finished: [String: [UInt8]] = [:]

    func create(
        for key: StreamKey, wallClockMilliseconds: Int64
    ) throws(PosixError) -> any RecordingFile {
        guard !refusesFiles else { throw PosixError("open", code: 13) }
        let file = FakeFile(self, "disk/\(files.count).flv")
        files.append(file)
        return file
    }

    fileprivate func take(_ count: Int) -> Int {
        let taken = min(count, room)
        room -= taken
        return taken
    }

    fileprivate func name(_ file: FakeFile) {
        finished[file.path] = file.bytes
    }
}

final class FakeFile: RecordingFile {
    let path: String
    /// It has its files, so they do not have it.
    private unowned let disk: FakeDisk
    fileprivate(set) var bytes: [UInt8] = []
    private(set) var isDiscarded = false

    fileprivate init(_ disk: FakeDisk, _ path: String) {
        self.disk = disk
        self.path = path
    }

    func append(_ new: [UInt8]) throws(PosixError) {
        let taken = disk.take(new.count)
        bytes += new.prefix(taken)
        guard taken == new.count else { throw PosixError("write", code: 28) }
    }

    func finish(bytes count: UInt64, patches: [FLVWriter.Patch]) throws(PosixError) -> String {
        bytes.removeSubrange(Int(count)...)
        for patch in patches {
            bytes.replaceSubrange(
                Int(patch.offset)..<Int(patch.offset) + patch.bytes.count, with: patch.bytes)
        }
        disk.name(self)
        return path
    }

    func discard() {
        isDiscarded = true
        bytes = []
    }
}
