import Foundation
import RTMP
import TestSupport
import Testing

/// Files of ffmpeg read and written again, and what ffprobe says to that. Runs where ffmpeg is.
@Suite(.enabled(if: ffmpegIsInstalled)) struct FLVProgramTests {
    /// Standard output and standard error of a program that ends well.
    private func run(_ program: String, _ arguments: [String]) throws -> (
        output: String, errors: String
    ) {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/" + program)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Little goes to standard error, so the pipe never fills while the other one is read.
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: text, as: UTF8.self), String(decoding: words, as: UTF8.self))
    }

    private static let sources: [[String]] = [
        // H.264 with B-frames and AAC.
        ["-c:v", "libx264", "-bf", "2", "-g", "25", "-c:a", "aac"],
        // Beyond 4 h 39 m: the eighth digit of the time.
        ["-c:v", "libx264", "-bf", "2", "-g", "25", "-c:a", "aac", "-output_ts_offset", "17000"],
        ["-vn", "-c:a", "aac"], ["-an", "-c:v", "flv1"], ["-vn", "-c:a", "libmp3lame"],
        ["-c:v", "libx264", "-c:a", "aac", "-flvflags", "add_keyframe_index"],
    ]

    @Test(arguments: sources)
    func `ffprobe reads our file without a word, packet by packet the same (T-FLV-01)`(
        codecs: [String]
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // a leftover harms nobody
        let theirs = folder.appending(path: "theirs.flv").path
        let ours = folder.appending(path: "ours.flv").path
        let made = try run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=25", "-f", "lavfi",
                "-i", "sine", "-t", "3",
            ] + codecs + ["-f", "flv", theirs])
        try #require(made.errors == "")

        let bytes = Array(try Data(contentsOf: URL(filePath: theirs)))
        let reading = try FLVReading.inAnyCut(bytes)
        #expect(reading.error == nil && reading.tail == .whole && reading.wrongBackPointers == 0)
        let messages = reading.tags.compactMap { tag in
            MediaMessage.classify(
                Message(
                    type: MessageType(rawValue: tag.type), messageStreamID: 1,
                    timestamp: tag.timestamp, payload: Payload(tag.payload)))
        }
        #expect(messages.count == reading.tags.count)
        let (unfinished, finished) = FLVSamples.file(messages, keyframesMaximum: 20)
        // A file as it is after a crash, as one is at its end, and as the first one is repaired.
        let repair = try #require(unfinished.asFLV.repair())
        #expect(unfinished.repaired(repair) == finished)
        let shown = [
            "-v", "warning", "-of", "csv", "-show_entries",
            "packet=stream_index,flags,size,data_hash", "-show_data_hash", "md5",
        ]
        let expected = try run("ffprobe", shown + [theirs])
        for file in [unfinished, finished] {
            try Data(file).write(to: URL(filePath: ours))
            let found = try run("ffprobe", shown + [ours])
            #expect(found.errors == "")
            #expect(found.output == expected.output)
            #expect(found.output.split(separator: "\n").count > 60)
        }
        let duration = ["-v", "error", "-of", "csv=p=0", "-show_entries", "format=duration"]
        let length = try #require(
            Double(try run("ffprobe", duration + [ours]).output.filter { $0 != "\n" }))
        #expect((2.9...3.15).contains(length), "\(length)")
    }
}

private let ffmpegIsInstalled = ["ffmpeg", "ffprobe"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
}
