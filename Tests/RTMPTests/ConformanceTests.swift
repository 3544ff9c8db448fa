import Foundation
import Testing

/// Every id of `Tests/Golden/conformance.txt` has a test that names it.
@Suite struct ConformanceTests {
    /// Ids that wait for code that does not exist yet: a prefix of the id, and why.
    private static let waiting = [
        "T-HS-14": "the client",
        "T-HS-15": "the client",
        "T-HS-16": "the client",
        "T-CMD-24": "the client",
        "T-CMD-25": "the client",
        "T-MED-17": "the client",
        "T-FLV-": "FLV files and recording",
        "T-URL-": "the client's addresses and RTMPS",
    ]

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

    private static func waits(_ id: String) -> Bool {
        waiting.keys.contains { id.hasPrefix($0) }
    }

    @Test func `every conformance id is named by a test or waits for its code`() throws {
        let named = try Self.named()
        let missing = try Self.listed().filter { !named.contains($0) && !Self.waits($0) }
        #expect(missing == [])
    }

    @Test func `what has a test does not wait any more`() throws {
        #expect(try Self.named().filter(Self.waits).sorted() == [])
    }

    @Test func `tests name no id that the list does not have`() throws {
        let listed = try Self.listed()
        #expect(Set(listed).count == listed.count)
        #expect(try Self.named().subtracting(listed).sorted() == [])
        for prefix in Self.waiting.keys {
            #expect(listed.contains { $0.hasPrefix(prefix) }, "\(prefix) waits for nothing")
        }
    }
}
