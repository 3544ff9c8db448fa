import Foundation

/// One file under Sources.
struct SourceFile: CustomStringConvertible, Sendable {
    let target: String
    let path: String
    let text: String

    /// `ChunkDecoder` of `RTMP/Chunk/ChunkDecoder.swift`.
    var name: String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }

    var description: String { path }

    /// The text with its comments and string literals blanked out, so that words are code.
    var code: String {
        text.replacing(/(?m)\/\/.*$/, with: "")
            .replacing(/"(\\.|[^"\\\n])*"/, with: "\"\"")
    }

    var imports: [String] {
        code.matches(
            of:
                /(?m)^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
        ).map { String($0.1) }
    }

    /// Types at the outermost level that other files may know.
    var declared: [String] {
        code.matches(
            of:
                /(?m)^(?:(?:public|package|final|indirect|@\w+)\s+)*(?:struct|class|enum|protocol|actor|typealias)\s+(\w+)/
        ).map { String($0.1) }
    }

    var extendsTypes: Bool { code.contains(/(?m)^(?:\w+\s+)?extension\s/) }

    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let all: [SourceFile] = read(endings: ["swift"])
    static let headers: [SourceFile] = read(endings: ["h"])

    private static func read(endings: Set<String>) -> [SourceFile] {
        let sources = package.appendingPathComponent("Sources").path
        guard let names = FileManager.default.enumerator(atPath: sources) else { return [] }
        return names.compactMap { $0 as? String }.sorted().compactMap { path in
            guard endings.contains(URL(fileURLWithPath: path).pathExtension),
                let target = path.split(separator: "/").first,
                let data = FileManager.default.contents(atPath: "\(sources)/\(path)")
            else { return nil }
            return SourceFile(
                target: String(target), path: path, text: String(decoding: data, as: UTF8.self))
        }
    }
}
