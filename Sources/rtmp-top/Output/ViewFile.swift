import Console
import Posix

/// What `:write` and `:snap` put on disk: new files, readable by their owner alone (DESIGN §14).
enum ViewFile {
    static func write(_ text: String, to path: String) -> Outcome {
        write(Array(text.utf8), to: path)
    }

    static func write(_ bytes: [UInt8], to path: String) -> Outcome {
        do throws(PosixError) {
            let file = try File.createNew(path)
            do throws(PosixError) {
                try file.writeAll(bytes)
            } catch {
                // Half a file helps nobody, and would be in the way the next time.
                try? Folder.remove(path)
                throw error
            }
            return Outcome("\(path): \(bytes.count) bytes written")
        } catch {
            return Outcome("\(path): \(error.reason)", hasFailed: true)
        }
    }
}
