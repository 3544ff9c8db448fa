import RTMP
import TestSupport

/// Files. The first byte gives the header or not; the rest is read as it is, or chooses tags.
///
/// Holds that a file reads the same however it is cut, that offsets lie in order, that a repaired
/// file is whole and keeps every whole tag, that tags written again read the same, and that what the
/// writer makes of them is a file without fault.
enum FLVTarget {
    private static let header: [UInt8] = [0x46, 0x4C, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]

    static func run(_ input: [UInt8]) {
        let way = (input.first ?? 0) & 3
        let rest = Array(input.dropFirst())
        let file =
            switch way {
            case 0: rest
            case 1: header + rest
            default: header + tags(FuzzInput(rest))
            }
        let whole = Reading([file])
        for cut in Cut.all(of: file, seed: UInt64(file.count), count: 1).dropFirst() {
            hold(Reading(cut.pieces) == whole, "the same in any cut: \(cut)")
        }
        hold(whole.wholeBytes <= UInt64(file.count), "what is whole is there")
        hold(zip(whole.offsets, whole.offsets.dropFirst()).allSatisfy { $0 < $1 }, "in order")
        repair(file, whole)
        write(whole)
    }

    private static func repair(_ file: [UInt8], _ reading: Reading) {
        guard let repair = survey(file).repair() else { return }
        hold(repair.length <= UInt64(file.count), "a repair shortens")
        var repaired = Array(file.prefix(Int(repair.length))) + repair.missing
        for patch in repair.patches {
            let end = Int(patch.offset) + patch.bytes.count
            hold(end <= repaired.count, "a patch lies within")
            repaired.replaceSubrange(Int(patch.offset)..<end, with: patch.bytes)
        }
        let after = Reading([repaired])
        hold(after.error == nil && after.tail == .whole, "a repaired file is whole: \(after)")
        hold(after.offsets == reading.offsets, "every whole tag is kept")
    }

    private static func write(_ reading: Reading) {
        var copy = ByteWriter()
        copy.write(header)
        var writer = FLVWriter(keyframesMaximum: 5)
        var made = ByteWriter()
        for tag in reading.tags {
            tag.encode(into: &copy)
            if let media = MediaMessage.classify(tag.message(on: 1)) {
                writer.write(media, into: &made)
            }
        }
        let again = Reading([copy.bytes])
        hold(again.error == nil && again.lines == reading.lines, "written tags read the same")
        guard made.count > 0 else { return }
        hold(writer.position == UInt64(made.count), "the writer knows where it is")
        let file = Reading([made.bytes])
        hold(file.error == nil && file.tail == .whole, "what is written is a file")
        hold(survey(made.bytes).isWhole, "and may be continued")
        hold(survey(made.bytes).repair()?.patches == writer.patches(), "its end is known from it")
    }

    private static func survey(_ bytes: [UInt8]) -> FLVFile {
        var survey = FLVSurvey()
        bytes.withUnsafeBytes { survey.read($0) }
        return survey.file
    }

    /// Tags whose lengths mostly fit.
    private static func tags(_ input: FuzzInput) -> [UInt8] {
        var input = input
        var writer = ByteWriter()
        let heads: [[UInt8]] = [
            [0xAF, 0, 0x12, 0x10], [0xAF, 1], [0x17, 0, 0, 0, 0, 1, 0x42, 0, 0x1E, 0xFF, 0xE0, 0],
            [0x17, 1, 0, 0, 0], [0x27, 1, 0, 0, 40], [0x91, 0x61, 0x76, 0x30, 0x31],
            AMF0Encoder.bytes(["onMetaData", ["duration": 1, "width": 2]]), [],
        ]
        while !input.isEmpty, writer.count < 16 << 10 {
            let type = input.pick([8, 9, 9, 18, 15, 10, 0x29, input.byte()] as [UInt8])
            let body = input.pick(heads) + input.bytes()
            writer.write(type)
            writer.writeUInt24(input.isTrue(oneIn: 30) ? input.number() : UInt32(body.count))
            let time = input.edge([0, 40, 80, 1000, 0xFF_FFFF, 0x100_0000, 1 << 31, .max])
            writer.writeUInt24(time)
            writer.write(UInt8(time >> 24))
            writer.writeUInt24(0)
            writer.write(body)
            writer.writeUInt32(
                input.isTrue(oneIn: 20) ? input.number() : UInt32(11 + body.count))
        }
        return writer.bytes
    }
}

/// What a reader made of bytes.
private struct Reading: Equatable, CustomStringConvertible {
    private(set) var tags: [FLVTag] = []
    private(set) var skipped = 0
    private(set) var error: FLVError?
    private(set) var tail = FLVReader.Tail.whole
    private(set) var wholeBytes: UInt64 = 0

    var offsets: [UInt64] { tags.map(\.offset) }
    var lines: [String] { tags.map { "\($0.type.rawValue) \($0.timestamp) \($0.payload.bytes)" } }
    var description: String {
        "\(tags.count) tags, \(skipped) skipped, \(tail), \(wholeBytes) whole, \(error.map { "\($0)" } ?? "")"
    }

    init(_ pieces: [[UInt8]]) {
        var reader = FLVReader()
        do throws(FLVError) {
            for piece in pieces { try read(piece, &reader) }
        } catch {
            self.error = error
        }
        tail = reader.tail
        wholeBytes = reader.wholeBytes
    }

    private mutating func read(
        _ piece: [UInt8], _ reader: inout FLVReader
    ) throws(FLVError) {
        // Memory of just this length, so that a read beyond it is seen.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: piece)
        var cursor = ByteCursor(UnsafeRawBufferPointer(buffer))
        while let item = try reader.next(&cursor) {
            switch item {
            case .header: break
            case .tag(let tag): tags.append(tag)
            case .skipped: skipped += 1
            }
        }
        hold(cursor.isEmpty, "all input is taken")
    }

    static func == (a: Reading, b: Reading) -> Bool {
        a.lines == b.lines && a.offsets == b.offsets && a.description == b.description
    }
}
