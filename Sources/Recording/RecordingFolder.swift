package import Posix
package import RTMP

/// Recordings in a folder of the file system, which is made when it is needed first.
///
/// A file under way is called `….flv.part` and is locked, so that another server that records into the
/// same folder leaves it alone.
package struct RecordingFolder: RecordingDisk {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package func create(
        for key: StreamKey, wallClockMilliseconds: Int64
    ) throws(PosixError) -> any RecordingFile {
        let name = RecordingName(key, wallClockMilliseconds: wallClockMilliseconds)
        var wasMissing = false
        for number in RecordingName.choices {
            let path = place(name.choice(number))
            if Folder.hasFile(path) { continue }
            do throws(PosixError) {
                return PartFile(try create(path, &wasMissing), path: path) { number in
                    place(name.choice(number))
                }
            } catch  where error.isTaken {
                continue
            }
        }
        throw PosixError.taken("open")
    }

    private func create(
        _ path: String, _ wasMissing: inout Bool
    ) throws(PosixError) -> File {
        do throws(PosixError) {
            return try File.createOwned(path + RecordingName.unfinished)
        } catch  where error.isMissing && !wasMissing {
            wasMissing = true
            try Folder.create(self.path)
            return try File.createOwned(path + RecordingName.unfinished)
        }
    }

    private func place(_ name: String) -> String {
        path.hasSuffix("/") ? path + name : path + "/" + name
    }
}

/// A file that is called `.part` until it is finished.
private final class PartFile: RecordingFile {
    private(set) var path: String
    private let file: File
    private let part: String
    private let choice: (Int) -> String

    init(_ file: consuming File, path: String, choice: @escaping (Int) -> String) {
        self.file = file
        self.path = path
        self.choice = choice
        part = path + RecordingName.unfinished
    }

    func append(_ bytes: [UInt8]) throws(PosixError) {
        try file.writeAll(bytes)
    }

    func finish(bytes: UInt64, patches: [FLVWriter.Patch]) throws(PosixError) -> String {
        try file.truncate(to: bytes)
        for patch in patches { try file.writeAll(patch.bytes, at: patch.offset) }
        path = try RecordingFolder.name(part, first: path, choice: choice)
        return path
    }

    func discard() {
        // What cannot be removed is looked at when the server starts next.
        try? Folder.remove(part)
    }
}

extension RecordingFolder {
    /// Gives a finished file the first name that is free.
    fileprivate static func name(
        _ part: String, first: String, choice: (Int) -> String
    ) throws(PosixError) -> String {
        var path = first
        for number in RecordingName.choices {
            do throws(PosixError) {
                try Folder.rename(part, to: path)
                return path
            } catch  where error.isTaken {
                path = choice(number + 1)
            }
        }
        throw PosixError.taken("rename")
    }

    // MARK: What an earlier run left

    /// What became of a file that was never finished.
    package enum Leftover: Sendable {
        case repaired(path: String, FLVRepair)
        /// It held no frame, and went.
        case removed(path: String)
        case failed(path: String, why: String)
    }

    /// Makes whole and names what a killed server left. Files that somebody writes are left alone.
    package func repairLeftovers(tell: (Leftover) -> Void) {
        let names: [String]
        do throws(PosixError) {
            names = try Folder.names(in: path)
        } catch {
            if !error.isMissing { tell(.failed(path: path, why: "\(error)")) }
            return
        }
        for name in names {
            guard let finished = RecordingName(unfinished: name) else { continue }
            let part = place(name)
            do throws(PosixError) {
                tell(try repair(part, finished))
            } catch {
                if !error.isTaken, !error.isMissing { tell(.failed(path: part, why: "\(error)")) }
            }
        }
    }

    private func repair(
        _ part: String, _ name: RecordingName
    ) throws(PosixError) -> Leftover {
        let file = try File.openForUpdate(part)
        try file.own()
        let repair = try FLVRepair(file)
        if repair.before > 0, repair.file.header == nil {
            return .failed(path: part, why: FLVError.notFLV.description)
        }
        guard repair.file.figures.hasAudio || repair.file.figures.hasVideo else {
            try Folder.remove(part)
            return .removed(path: part)
        }
        let path = try Self.name(part, first: place(name.choice(1))) { place(name.choice($0)) }
        return .repaired(path: path, repair)
    }
}
