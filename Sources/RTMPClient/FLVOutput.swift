import Posix
import RTMP

/// Where the bytes of a played stream go.
final class FLVOutput {
    private let file: File
    private let name: String
    /// It can be written over at the end, and never makes us wait long.
    private let isFile: Bool
    private let stop: StopSignal

    /// nil for no output.
    init?(_ output: FLVReceiver.Output, stop: StopSignal) throws(ClientError) {
        self.stop = stop
        switch output {
        case .file(let path):
            name = path
            isFile = true
        case .standardOutput:
            name = "standard output"
            isFile = false
        case .none:
            return nil
        }
        do throws(PosixError) {
            file = try isFile ? File.createShared(name) : File(duplicating: 1)
        } catch {
            throw .file(name, reason: error.reason)
        }
    }

    /// Waits for a slow reader, and for the stop signal beside it.
    func write(_ bytes: [UInt8]) throws(ClientError) {
        do throws(PosixError) {
            if isFile { try file.writeAll(bytes) } else { try writePatiently(bytes) }
        } catch {
            // Who reads us has seen enough: an end like any other.
            if !isFile, error.isReset { throw .stopped }
            throw .file(name, reason: error.reason)
        }
    }

    private func writePatiently(_ bytes: [UInt8]) throws(PosixError) {
        var written = 0
        while written < bytes.count {
            var awaited = [
                Readiness(file.descriptor, .writable), Readiness(stop.descriptor, .readable),
            ]
            try Readiness.wait(for: &awaited)
            guard awaited[0].isReady else {
                if awaited[1].isReady { return }
                continue
            }
            let result = try bytes.withUnsafeBufferPointer { bytes throws(PosixError) in
                try file.writeIfReady(
                    UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[written...])))
            }
            if case .bytes(let count) = result { written += count }
        }
    }

    /// Writes over what is known only now, where that is possible.
    func finish(_ patches: [FLVWriter.Patch]) throws(ClientError) {
        guard isFile else { return }
        do throws(PosixError) {
            for patch in patches { try file.writeAll(patch.bytes, at: patch.offset) }
        } catch {
            // A device or a named pipe: it plays without.
            guard !error.hasNoOffsets else { return }
            throw .file(name, reason: error.reason)
        }
    }
}
