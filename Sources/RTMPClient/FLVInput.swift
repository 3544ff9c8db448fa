import Posix
import RTMP

/// Packets out of an FLV file or pipe, one after another.
final class FLVInput {
    enum Item {
        case tag(FLVTag)
        /// More must be read first: `read` would wait, on a pipe, until there is more.
        case needsInput
        case end
    }

    let name: String
    private let path: String?
    private var file: File
    private var reader = FLVReader()
    private var input = InputBuffer()
    private var isAtEnd = false
    private(set) var tags: UInt64 = 0

    /// - Parameter path: nil is standard input.
    init(path: String?) throws(ClientError) {
        self.path = path
        name = path ?? "standard input"
        file = try Self.open(path, name)
    }

    private static func open(_ path: String?, _ name: String) throws(ClientError) -> File {
        do throws(PosixError) {
            guard let path else { return try File(duplicating: 0) }
            return try File.openForReading(path)
        } catch {
            throw .file(name, reason: error.reason)
        }
    }

    var descriptor: Int32 { file.descriptor }

    /// At its beginning again.
    func rewind() throws(ClientError) {
        file = try Self.open(path, name)
        reader = FLVReader()
        input.clear()
        isAtEnd = false
        tags = 0
    }

    func next() throws(ClientError) -> Item {
        do throws(FLVError) {
            while let item = try input.read({ cursor throws(FLVError) in try reader.next(&cursor) })
            {
                guard case .tag(let tag) = item else { continue }
                tags += 1
                return .tag(tag)
            }
        } catch {
            throw .malformedFile(name, reason: error.description)
        }
        guard isAtEnd else { return .needsInput }
        if case .header = reader.tail {
            throw .malformedFile(name, reason: FLVError.notFLV.description)
        }
        return .end
    }

    func read() throws(ClientError) {
        do throws(PosixError) {
            if case .endOfFile = try input.fill(from: file) { isAtEnd = true }
        } catch {
            throw .file(name, reason: error.reason)
        }
    }
}
