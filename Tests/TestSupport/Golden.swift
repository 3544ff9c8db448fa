import Foundation

/// Reads `Tests/Golden/*.hex`, in the form its README describes.
package enum Golden {
    package struct Part: Sendable, CustomStringConvertible {
        package var name: String
        package var bytes: [UInt8]

        package var description: String { name }
    }

    package enum Failure: Error {
        case noBytes(Substring, file: String)
        case noPart(String, file: String)
    }

    /// All bytes of a file, `chunk/fmle` for example; parts are joined.
    package static func bytes(_ file: String) throws -> [UInt8] {
        try parts(file).flatMap(\.bytes)
    }

    package static func bytes(_ file: String, part: String) throws -> [UInt8] {
        guard let found = try parts(file).first(where: { $0.name == part }) else {
            throw Failure.noPart(part, file: file)
        }
        return found.bytes
    }

    /// The parts of a file in their order; a file without parts is one, named like the file.
    package static func parts(_ file: String) throws -> [Part] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let path = folder.appending(path: "../Golden/\(file).hex").standardized
        let text = try String(contentsOf: path, encoding: .utf8)
        var parts: [Part] = []
        for line in text.split(separator: "\n") {
            for word in line.prefix(while: { $0 != "#" }).split(separator: " ") {
                if word.hasPrefix("["), word.hasSuffix("]") {
                    parts.append(Part(name: String(word.dropFirst().dropLast()), bytes: []))
                    continue
                }
                if parts.isEmpty { parts.append(Part(name: file, bytes: [])) }
                guard let bytes = bytes(of: word) else {
                    throw Failure.noBytes(word, file: file)
                }
                parts[parts.count - 1].bytes += bytes
            }
        }
        return parts
    }

    /// `af` or `11*128`.
    private static func bytes(of word: Substring) -> [UInt8]? {
        let factors = word.split(separator: "*")
        guard factors.count <= 2, factors[0].count == 2, let byte = UInt8(factors[0], radix: 16)
        else { return nil }
        guard factors.count == 2 else { return [byte] }
        return Int(factors[1]).map { Array(repeating: byte, count: $0) }
    }
}
