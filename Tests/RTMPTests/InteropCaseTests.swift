import Foundation
import Testing

/// Every case of contracts/interop.md says what shows that it does not happen here.
@Suite struct InteropCaseTests {
    private static let tests = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The last cell of each numbered row.
    private static func proofs() throws -> [Int: Substring] {
        let file = tests.appending(path: "../specs/001-rtmp-server/contracts/interop.md")
        let text = try String(contentsOf: file.standardized, encoding: .utf8)
        return text.split(separator: "\n").reduce(into: [:]) { rows, line in
            let cells = line.split(separator: " | ")
            guard line.hasPrefix("| "), cells.count == 6, let number = Int(cells[0].dropFirst(2))
            else { return }
            #expect(rows.updateValue(cells[5], forKey: number) == nil, "\(number) stands twice")
        }
    }

    /// All Swift files of the tests, this one apart.
    private static func source() throws -> String {
        let found = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
        return try #require(found).compactMap { $0 as? URL }
            .filter { $0.pathExtension == "swift" && $0.path != #filePath }
            .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
    }

    @Test func `all 77 cases are there, each with a proof or the reason why not`() throws {
        let proofs = try Self.proofs()
        #expect(proofs.keys.sorted() == Array(1...77))
        for (number, proof) in proofs where !proof.contains("`") {
            #expect(proof.hasPrefix("not proven: "), "row \(number): \(proof)")
        }
    }

    /// A test, a dialogue, a program of the matrix, or golden bytes.
    @Test func `what a case names as its proof exists`() throws {
        let source = try Self.source()
        for (number, proof) in try Self.proofs() {
            for match in proof.matches(of: /`([^`]+)`/) {
                let name = String(match.1)
                let golden = Self.tests.appending(path: "Golden/\(name)")
                let exists =
                    source.contains("func `\(name)`") || source.contains("\"\(name)\"")
                    || FileManager.default.fileExists(atPath: golden.path)
                #expect(exists, "row \(number) names \(name)")
            }
        }
    }
}
