import Foundation

/// Gone with the test.
final class TemporaryFolder {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)  // a leftover harms nobody
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }
}
