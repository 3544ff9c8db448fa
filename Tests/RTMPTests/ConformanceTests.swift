import Foundation
import Testing

/// Every id of `Tests/Golden/conformance.txt` has a test that names it.
@Suite struct ConformanceTests {
    private static let tests = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Every id of the list, in its order.
    private static func listed() throws -> [String] {
        let text = try String(
            contentsOf: tests.appending(path: "Golden/conformance.txt"), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            String($0.prefix { $0 != " " })
        }
    }

    /// Every id that a test says in its name or its comments; this file names them for another reason.
    private static func named() throws -> Set<String> {
        let found = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
        let files = try #require(found).compactMap { $0 as? URL }.filter {
            $0.pathExtension == "swift" && $0.path != #filePath
        }
        return try files.reduce(into: []) { ids, file in
            let text = try String(contentsOf: file, encoding: .utf8)
            ids.formUnion(text.matches(of: /T-[A-Z]+-[0-9]{2}/).map { String($0.output) })
        }
    }

    @Test func `every conformance id is named by a test`() throws {
        let named = try Self.named()
        #expect(try Self.listed().filter { !named.contains($0) } == [])
    }

    @Test func `tests name no id that the list does not have`() throws {
        let listed = try Self.listed()
        #expect(Set(listed).count == listed.count)
        #expect(try Self.named().subtracting(listed).sorted() == [])
    }
}
