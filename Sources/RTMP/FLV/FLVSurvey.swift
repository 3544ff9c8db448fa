/// Reads a file through, to know what it holds and how it ends (FLV-3, FLV-4).
package struct FLVSurvey: ~Copyable {
    private var reader = FLVReader()
    private let limits: Limits
    private var found = FLVFile()

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// The next piece of the file. Behind damage nothing is looked at.
    package mutating func read(_ bytes: UnsafeRawBufferPointer) {
        guard found.damage == nil else { return }
        var cursor = ByteCursor(bytes)
        do throws(FLVError) {
            while let item = try reader.next(&cursor) { note(item) }
        } catch {
            found.damage = error
        }
    }

    /// What was found, if the file ends here.
    package var file: FLVFile {
        var file = found
        file.tail = reader.tail
        file.wholeBytes = reader.wholeBytes
        file.wrongBackPointers = reader.wrongBackPointers
        return file
    }

    private mutating func note(_ item: FLVReader.Item) {
        switch item {
        case .header(let header):
            found.header = header
        case .tag(let tag):
            if found.figures.tags == 0, tag.type == .dataAMF0,
                let metadata = FLVMetadata(of: tag.payload, limits: limits)
            {
                found.metadata = (metadata, tag.offset + UInt64(FLV.tagHeaderLength))
                found.figures = FLVFigures(keyframesMaximum: metadata.keyframesMaximum)
            }
            found.figures.note(tag)
        case .skipped:
            break
        }
    }
}

/// What a file holds and how it ends.
package struct FLVFile: Sendable {
    /// nil: not even that is there.
    package fileprivate(set) var header: FLVHeader?
    package fileprivate(set) var figures = FLVFigures()
    /// The first tag, if it is metadata that can be written over, and the offset of its body.
    package fileprivate(set) var metadata: (FLVMetadata, UInt64)?
    /// What ended the file before its end.
    package fileprivate(set) var damage: FLVError?
    package fileprivate(set) var tail = FLVReader.Tail.whole
    /// Up to the end of the last whole tag.
    package fileprivate(set) var wholeBytes: UInt64 = 0
    package fileprivate(set) var wrongBackPointers = 0

    /// Nothing is cut off and every back pointer is right: it may be continued.
    package var isWhole: Bool {
        header != nil && damage == nil && tail == .whole && wrongBackPointers == 0
            && wholeBytes >= UInt64(FLV.headerLength + FLV.backPointerLength)
    }

    /// How a file becomes whole: cut to a length, then what is missing there, then the patches.
    package struct Repair: Hashable, Sendable {
        package var length: UInt64
        package var missing: [UInt8]
        package var patches: [FLVWriter.Patch]
    }

    /// nil: there is no header, so it is no file of ours.
    package func repair() -> Repair? {
        guard header != nil else { return nil }
        var missing = ByteWriter()
        if case .backPointer(let length, _) = tail, damage == nil {
            missing.writeUInt32(UInt32(length))
        } else if wholeBytes < UInt64(FLV.headerLength + FLV.backPointerLength) {
            missing.writeUInt32(0)
        }
        var patches = figures.patches(metadata)
        if case .header = tail {
            // Of a longer header only the beginning is kept, and it says so.
            patches.append(
                FLVWriter.Patch(offset: 5, bytes: [0, 0, 0, UInt8(FLV.headerLength)]))
        }
        return Repair(length: wholeBytes, missing: missing.bytes, patches: patches)
    }
}
