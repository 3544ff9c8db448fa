package import Posix
package import RTMP

/// Where recordings go: a folder, in tests one that fills up.
package protocol RecordingDisk: Sendable {
    var path: String { get }

    /// A new, empty file; nothing that is there is touched.
    func create(
        for key: StreamKey, wallClockMilliseconds: Int64
    ) throws(PosixError) -> any RecordingFile
}

/// A file under way, used by one thread.
package protocol RecordingFile: AnyObject {
    /// What it will be called once it is finished.
    var path: String { get }

    /// After an error some of the bytes may stand there.
    func append(_ bytes: [UInt8]) throws(PosixError)

    /// Cuts it to a length, writes over what is known only now and gives it its name.
    ///
    /// - Returns: its path, another one if the name was taken meanwhile.
    func finish(bytes: UInt64, patches: [FLVWriter.Patch]) throws(PosixError) -> String

    /// It holds nothing of worth: it goes.
    func discard()
}

/// What a file of a recording is called (FLV-7): stream, time in UTC, and a number where that is taken.
///
///     live_2Fcamera-20261121T120000Z.flv      live_2Fcamera-20261121T120000Z_02.flv
struct RecordingName {
    /// Behind the name until the file is finished.
    static let unfinished = ".part"
    static let suffix = ".flv"
    private let stem: String

    init(_ key: StreamKey, wallClockMilliseconds: Int64) {
        let time = Clock.iso8601(wallClockMilliseconds: wallClockMilliseconds)
            .prefix(19).filter { $0 != "-" && $0 != ":" }
        stem = FLVFileName.stem(for: key) + "-" + time + "Z"
    }

    /// Of one that was begun before: `….flv.part` without its suffixes; nil: it is none of ours.
    init?(unfinished name: String) {
        guard name.hasSuffix(Self.suffix + Self.unfinished) else { return nil }
        stem = String(name.dropLast(Self.suffix.count + Self.unfinished.count))
    }

    /// The first, second … choice, counted from 1, in the order of the alphabet.
    func choice(_ number: Int) -> String {
        guard number > 1 else { return stem + Self.suffix }
        return stem + (number > 9 ? "_" : "_0") + "\(number)" + Self.suffix
    }

    static let choices = 1...1000
}
