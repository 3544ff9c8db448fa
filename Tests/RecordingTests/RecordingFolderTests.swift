import Foundation
import Posix
import RTMP
import Testing

@testable import Recording

@Suite struct RecordingFolderTests {
    private let key = StreamKey(app: "live", name: "../a b")

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }  // a leftover harms nobody
        try body(folder.path)
    }

    /// A header, and frames up to a second.
    private func flv(seconds: UInt32) -> (bytes: [UInt8], patches: [FLVWriter.Patch]) {
        var writer = FLVWriter(keyframesMaximum: 8)
        var bytes = ByteWriter()
        writer.write(.metadata(at: 0), into: &bytes)
        writer.write(.videoHeader(at: 0), into: &bytes)
        for number in 0..<seconds { writer.write(.keyframe(at: number * 1000), into: &bytes) }
        return (bytes.bytes, writer.patches())
    }

    @Test func `a name is letters, digits and the time, and .part until it is finished (FLV-7)`()
        throws
    {
        try withFolder { path in
            // The folder is made when it is needed, those above it too.
            let folder = RecordingFolder(path + "/a/b")
            let file = try folder.create(for: key, wallClockMilliseconds: 0)
            #expect(
                try Folder.names(in: path + "/a/b")
                    == ["live_2F.._2Fa_20b-19700101T000000Z.flv.part"])
            let (bytes, patches) = flv(seconds: 2)
            try file.append(bytes)
            let name = try file.finish(bytes: UInt64(bytes.count), patches: patches)
            #expect(name == path + "/a/b/live_2F.._2Fa_20b-19700101T000000Z.flv")
            #expect(
                try Folder.names(in: path + "/a/b") == ["live_2F.._2Fa_20b-19700101T000000Z.flv"])
            #expect(Content(try File.readAll(name, limit: 1 << 20))["duration"] == 2)
        }
    }

    @Test func `nothing that is there is written over`() throws {
        try withFolder { path in
            let folder = RecordingFolder(path)
            let first = try folder.create(for: key, wallClockMilliseconds: 0)
            let second = try folder.create(for: key, wallClockMilliseconds: 0)
            #expect(second.path == path + "/live_2F.._2Fa_20b-19700101T000000Z_02.flv")
            // Somebody takes the name while the file is under way.
            try File.create(first.path).writeAll("precious")
            let name = try first.finish(bytes: 0, patches: [])
            #expect(name == path + "/live_2F.._2Fa_20b-19700101T000000Z_02.flv")
            #expect(try File.readAll(first.path, limit: 100).isEmpty)
            let other = try second.finish(bytes: 0, patches: [])
            #expect(other == path + "/live_2F.._2Fa_20b-19700101T000000Z_03.flv")
            #expect(
                try File.readAll(
                    path + "/live_2F.._2Fa_20b-19700101T000000Z.flv", limit: 100)
                    == Array("precious".utf8))
            try folder.create(for: key, wallClockMilliseconds: 0).discard()
            #expect(try Folder.names(in: path).count == 3)
        }
    }

    @Test func `what a killed server left is made whole and named; what is written is left alone`()
        throws
    {
        try withFolder { path in
            try Folder.create(path)
            let whole = flv(seconds: 3).bytes
            // Cut within the last tag, without a frame, of another kind, and one under way.
            try File.create(path + "/a.flv.part").writeAll(Array(whole.dropLast(3)))
            try File.create(path + "/b.flv.part").writeAll(Array(whole.prefix(20)))
            try File.create(path + "/c.flv.part").writeAll("no film at all")
            try File.create(path + "/d.txt").writeAll("d")
            let folder = RecordingFolder(path)
            let open = try folder.create(for: key, wallClockMilliseconds: 0)
            try open.append(whole)
            var told: [String] = []
            folder.repairLeftovers { leftover in
                switch leftover {
                case .repaired(let path, let repair):
                    told.append("\(path.suffix(6)) \(repair.file.figures.tags)")
                case .removed(let path): told.append("-\(path.suffix(11))")
                case .failed(let path, _): told.append("!\(path.suffix(11))")
                }
            }
            #expect(told == ["/a.flv 5", "-/b.flv.part", "!/c.flv.part"])
            #expect(
                try Folder.names(in: path) == [
                    "a.flv", "c.flv.part", "d.txt",
                    "live_2F.._2Fa_20b-19700101T000000Z.flv.part",
                ])
            let repaired = Content(try File.readAll(path + "/a.flv", limit: 1 << 20))
            #expect(repaired.file.isWhole)
            #expect(repaired["duration"] == 3)
        }
    }

    @Test func `a killed server's name that is taken by now gets a number`() throws {
        try withFolder { path in
            try Folder.create(path)
            try File.create(path + "/a.flv.part").writeAll(flv(seconds: 3).bytes)
            try File.create(path + "/a.flv").writeAll("precious")
            RecordingFolder(path).repairLeftovers { _ in }
            #expect(try Folder.names(in: path) == ["a.flv", "a_02.flv"])
        }
    }
}
