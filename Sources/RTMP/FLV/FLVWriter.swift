/// Media messages to the bytes of an FLV file, and what to write over at its end (FLV-1, FLV-2).
///
/// The bytes go to the end of the file as they come. A file that was never finished plays all the same:
/// its duration reads 0.
package struct FLVWriter: Sendable {
    /// Bytes to be written over what stands in the file.
    package struct Patch: Hashable, Sendable {
        package var offset: UInt64
        package var bytes: [UInt8]
    }

    private enum State {
        /// The metadata waits for the publisher's, which mostly comes first.
        case awaitingFirst(keyframesMaximum: Int)
        /// `metadata` and its body's offset; nil if it cannot be written over.
        case writing(metadata: (FLVMetadata, UInt64)?)
    }

    private let limits: Limits
    private var state: State
    private var timeline: FLVTimeline
    /// Where the next tag goes.
    package private(set) var position: UInt64
    package private(set) var figures: FLVFigures

    /// A new file. `keyframesMaximum`: room for an index, see `FLVMetadata`; `awaitsVideo`: false where
    /// the first frame that is given is the beginning.
    package init(keyframesMaximum: Int = 0, awaitsVideo: Bool = true, limits: Limits = Limits()) {
        self.limits = limits
        state = .awaitingFirst(keyframesMaximum: keyframesMaximum)
        timeline = FLVTimeline(startsAt: 0, awaitsVideo: awaitsVideo)
        position = 0
        figures = FLVFigures(keyframesMaximum: keyframesMaximum)
    }

    /// A file that is there goes on, a millisecond behind its last tag (FLV-3); nil if it is not
    /// whole, or ends at the end of time. The next messages must be headers and a keyframe again.
    package init?(continuing file: FLVFile, limits: Limits = Limits()) {
        guard file.isWhole, file.figures.lastTimestamp < .max else { return nil }
        self.limits = limits
        state = .writing(metadata: file.metadata)
        timeline = FLVTimeline(
            startsAt: file.figures.tags == 0 ? 0 : file.figures.lastTimestamp + 1)
        position = file.wholeBytes
        figures = file.figures
    }

    /// Writes what has to stand in the file: all of it, rebased, but for media before the first
    /// keyframe. False: the message was left out.
    @discardableResult
    package mutating func write(_ media: MediaMessage, into writer: inout ByteWriter) -> Bool {
        if case .awaitingFirst(let keyframesMaximum) = state {
            let publisher = media.kind == .metadata ? media.payload : nil
            begin(
                FLVMetadata(
                    publisher: publisher, keyframesMaximum: keyframesMaximum, limits: limits),
                into: &writer)
            if publisher != nil { return true }
        }
        guard let timestamp = timeline.admit(media) else { return false }
        append(
            FLVTag(type: media.type, timestamp: timestamp, payload: media.payload), into: &writer)
        return true
    }

    /// What makes the file finished as far as it was written; may be asked for at any time.
    package func patches() -> [Patch] {
        guard case .writing(let metadata) = state else { return [] }
        return figures.patches(metadata)
    }

    private mutating func begin(_ metadata: FLVMetadata, into writer: inout ByteWriter) {
        let start = writer.count
        writer.write(FLV.signature)
        writer.write(FLV.version)
        writer.write(FLV.audioFlag | FLV.videoFlag)
        writer.writeUInt32(UInt32(FLV.headerLength))
        writer.writeUInt32(0)
        position = UInt64(writer.count - start)
        state = .writing(metadata: (metadata, position + UInt64(FLV.tagHeaderLength)))
        let body = Payload(metadata.body(FLVFigures()))
        append(FLVTag(type: .dataAMF0, timestamp: 0, payload: body), into: &writer)
    }

    private mutating func append(_ tag: FLVTag, into writer: inout ByteWriter) {
        var tag = tag
        tag.offset = position
        tag.encode(into: &writer)
        figures.note(tag)
        position = figures.fileBytes
    }
}

extension FLVFigures {
    /// The flags and the metadata, whose body stands at the offset.
    func patches(_ metadata: (FLVMetadata, UInt64)?) -> [FLVWriter.Patch] {
        let flags = (hasAudio ? FLV.audioFlag : 0) | (hasVideo ? FLV.videoFlag : 0)
        let patch = FLVWriter.Patch(offset: FLV.flagsOffset, bytes: [flags])
        guard let (metadata, offset) = metadata else { return [patch] }
        return [patch, FLVWriter.Patch(offset: offset, bytes: metadata.body(self))]
    }
}
