package import Posix
package import RTMP

/// Makes a file whole that was never finished: cut behind its last whole tag, its missing bytes added,
/// its metadata as it would have been at the end (FLV-2, FLV-4).
package struct FLVRepair: Sendable {
    package let before: UInt64
    package let after: UInt64
    package let file: FLVFile
    /// It was whole, and nothing was written.
    package let wasWhole: Bool

    /// In place. What is cut off is gone; everything else stays as it was, byte for byte.
    package init(_ path: String) throws(FLVRepairError) {
        do throws(PosixError) {
            try self.init(File.openForUpdate(path))
        } catch {
            throw .file(path, error)
        }
        guard file.header != nil else { throw .notFLV(path) }
    }

    /// The same of a file that is open for both ways, at its beginning. Without a header it stays as
    /// it is.
    init(_ handle: borrowing File) throws(PosixError) {
        (file, before) = try Self.survey(handle)
        guard let repair = file.repair() else {
            (after, wasWhole) = (before, false)
            return
        }
        after = repair.length + UInt64(repair.missing.count)
        wasWhole = try !Self.apply(repair, to: handle, holding: file, of: before)
    }

    /// What it holds, and how long it is.
    private static func survey(
        _ file: borrowing File
    ) throws(PosixError) -> (file: FLVFile, length: UInt64) {
        var survey = FLVSurvey()
        var length: UInt64 = 0
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
        defer { piece.deallocate() }
        while case .bytes(let count) = try file.read(into: piece) {
            survey.read(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            length += UInt64(count)
        }
        return (survey.file, length)
    }

    /// False: there was nothing to do.
    private static func apply(
        _ repair: FLVFile.Repair, to file: borrowing File, holding found: FLVFile, of length: UInt64
    ) throws(PosixError) -> Bool {
        if repair.length == length, repair.missing.isEmpty {
            if try isFinished(found, file) { return false }
            var isPatched = true
            for patch in repair.patches where isPatched {
                isPatched = try file.read(patch.bytes.count, at: patch.offset) == patch.bytes
            }
            if isPatched { return false }
        }
        try file.truncate(to: repair.length)
        try file.writeAll(repair.missing, at: repair.length)
        for patch in repair.patches { try file.writeAll(patch.bytes, at: patch.offset) }
        try file.sync()
        return true
    }

    /// Its metadata says how long it is. Another's figures may differ from ours by a frame, and stay.
    private static func isFinished(
        _ found: FLVFile, _ file: borrowing File
    ) throws(PosixError) -> Bool {
        guard let (metadata, offset) = found.metadata else { return found.isWhole }
        let body = try file.read(metadata.body(found.figures).count, at: offset)
        let values = body.withUnsafeBytes {
            // It parsed when the file was read through.
            try? AMF0Decoder.values(of: $0, limits: Limits())
        }
        let duration = values?.dropFirst().first?["duration"]?.number ?? 0
        return found.isWhole && duration > 0
    }
}

/// Why a file cannot be repaired.
package enum FLVRepairError: Error, CustomStringConvertible {
    case file(String, PosixError)
    case notFLV(String)

    package var description: String {
        switch self {
        case .file(let path, let error): "\(path): \(error.reason)"
        case .notFLV(let path): "\(path): \(FLVError.notFLV)"
        }
    }
}
