/// An FLV file or pipe to tags, in whatever pieces it comes (FLV-4, FLV-5).
///
/// Follows the lengths from tag to tag. A back pointer that is wrong does not matter while the type is
/// one of ours; an unknown type with the right one is passed over; where both are wrong the file is
/// damaged. Memory follows what was received, never what a length declares.
///
/// A tag is given as soon as its body is there. When the input ends, `tail` says what is missing.
package struct FLVReader: ~Copyable {
    package enum Item {
        case header(FLVHeader)
        case tag(FLVTag)
        /// Encrypted, or of a type that is not ours.
        case skipped(type: UInt8, length: Int, offset: UInt64)
    }

    /// What the end of the input cut off.
    package enum Tail: Hashable, Sendable {
        case whole
        /// Of the file header.
        case header(received: Int)
        /// Of a tag; `length` without its back pointer, nil if not even that was there.
        case tag(length: Int?, received: Int)
        /// Of the back pointer behind a whole tag, which says `length`.
        case backPointer(length: Int, received: Int)
    }

    private enum State {
        case header
        /// Bytes between the header and where it says that tags begin.
        case headerRest(Int)
        case firstBackPointer
        case tagHeader
        case body(TagHeader)
        case skippedBody(TagHeader, remaining: Int)
        case backPointer(TagHeader)
        /// An error was thrown.
        case lost
    }

    private struct TagHeader {
        var type: UInt8
        var length: Int
        var timestamp: UInt32
        var offset: UInt64

        /// nil: not ours, or encrypted.
        var messageType: MessageType? {
            let type = MessageType(rawValue: type)
            let ours: [MessageType] = [.audio, .video, .dataAMF0, .dataAMF3]
            return ours.contains(type) ? type : nil
        }

        /// The filter bit on a type of ours.
        var isEncrypted: Bool {
            type & FLV.filterBit != 0
                && TagHeader(type: type & ~FLV.filterBit, length: 0, timestamp: 0, offset: 0)
                    .messageType != nil
        }

        var lengthWithHeader: Int { length + FLV.tagHeaderLength }
    }

    private let tagBytesMaximum: Int
    private var state = State.header
    private var fields = FieldReader()
    private var body = PayloadBuilder()

    /// Of the next byte to be read.
    package private(set) var position: UInt64 = 0
    /// Where the last whole tag ends, its back pointer included if that is whole too: what a repair
    /// keeps.
    package private(set) var wholeBytes: UInt64 = 0
    /// Tags whose back pointer does not say their length.
    package private(set) var wrongBackPointers = 0

    /// `tagBytesMaximum`: a longer tag is an error.
    package init(tagBytesMaximum: Int = FLV.bodyMaximum) {
        self.tagBytesMaximum = tagBytesMaximum
    }

    /// The next item; nil when the input is used up. After an error the reader gives nothing more.
    package mutating func next(_ input: inout ByteCursor) throws(FLVError) -> Item? {
        let start = input.offset
        defer { position += UInt64(input.offset - start) }
        do throws(FLVError) {
            return try advance(&input, base: position &- UInt64(start))
        } catch {
            state = .lost
            throw error
        }
    }

    /// What is missing if the input ends here.
    package var tail: Tail {
        switch state {
        case .header: position == 0 ? .header(received: 0) : .header(received: fields.count)
        case .headerRest: .header(received: Int(clamping: position))
        case .firstBackPointer, .lost: .whole
        case .tagHeader: fields.count == 0 ? .whole : .tag(length: nil, received: fields.count)
        case .body(let tag):
            .tag(length: tag.lengthWithHeader, received: FLV.tagHeaderLength + body.count)
        case .skippedBody(let tag, let remaining):
            .tag(length: tag.lengthWithHeader, received: tag.lengthWithHeader - remaining)
        // Whether it was a tag at all, its back pointer would have said.
        case .backPointer(let tag) where tag.messageType == nil:
            .tag(length: tag.lengthWithHeader, received: tag.lengthWithHeader + fields.count)
        case .backPointer(let tag):
            .backPointer(length: tag.lengthWithHeader, received: fields.count)
        }
    }

    /// `base`: what to add to the cursor's offset for the position in the file.
    private mutating func advance(
        _ input: inout ByteCursor, base: UInt64
    ) throws(FLVError) -> Item? {
        while true {
            switch state {
            case .header:
                guard var field = fields.next(FLV.headerLength, &input) else { return nil }
                return .header(try header(&field))
            case .headerRest(let count):
                let skipped = input.read(upTo: count).count
                state = skipped == count ? .firstBackPointer : .headerRest(count - skipped)
                guard skipped == count else { return nil }
                wholeBytes = base &+ UInt64(input.offset)
            case .firstBackPointer:
                guard fields.next(FLV.backPointerLength, &input) != nil else { return nil }
                state = .tagHeader
                wholeBytes = base &+ UInt64(input.offset)
            case .tagHeader:
                guard var field = fields.next(FLV.tagHeaderLength, &input) else { return nil }
                let offset = base &+ UInt64(input.offset) &- UInt64(FLV.tagHeaderLength)
                try begin(Self.tagHeader(&field, at: offset))
            case .body(let tag):
                guard body.append(&input, upTo: tag.length) else { return nil }
                state = .backPointer(tag)
                wholeBytes = base &+ UInt64(input.offset)
                guard let type = tag.messageType else { continue }
                return .tag(
                    FLVTag(
                        type: type, timestamp: tag.timestamp, payload: body.finish(),
                        offset: tag.offset))
            case .skippedBody(let tag, let remaining):
                let skipped = input.read(upTo: remaining).count
                guard skipped == remaining else {
                    state = .skippedBody(tag, remaining: remaining - skipped)
                    return nil
                }
                state = .backPointer(tag)
            case .backPointer(let tag):
                guard var field = fields.next(FLV.backPointerLength, &input) else { return nil }
                let length = field.readUInt32() ?? 0
                let isRight = Int(length) == tag.lengthWithHeader
                state = .tagHeader
                guard tag.messageType == nil else {
                    if !isRight { wrongBackPointers += 1 }
                    wholeBytes = base &+ UInt64(input.offset)
                    continue
                }
                guard isRight || tag.isEncrypted else {
                    throw .notATag(type: tag.type, at: tag.offset)
                }
                wholeBytes = base &+ UInt64(input.offset)
                return .skipped(type: tag.type, length: tag.length, offset: tag.offset)
            case .lost:
                return nil
            }
        }
    }

    private mutating func header(_ field: inout ByteCursor) throws(FLVError) -> FLVHeader {
        guard field.read(3)?.elementsEqual(FLV.signature) == true, let version = field.readUInt8(),
            let flags = field.readUInt8(), let dataOffset = field.readUInt32()
        else { throw .notFLV }
        guard dataOffset >= FLV.headerLength else { throw .headerTooShort(dataOffset: dataOffset) }
        let rest = Int(dataOffset) - FLV.headerLength
        state = rest == 0 ? .firstBackPointer : .headerRest(rest)
        wholeBytes = UInt64(FLV.headerLength)
        return FLVHeader(
            version: version, hasAudio: flags & FLV.audioFlag != 0,
            hasVideo: flags & FLV.videoFlag != 0)
    }

    private static func tagHeader(_ field: inout ByteCursor, at offset: UInt64) -> TagHeader {
        let type = field.readUInt8() ?? 0
        let length = field.readUInt24() ?? 0
        let low = field.readUInt24() ?? 0
        let high = field.readUInt8() ?? 0
        return TagHeader(
            type: type, length: Int(length), timestamp: UInt32(high) << 24 | low, offset: offset)
    }

    private mutating func begin(_ tag: TagHeader) throws(FLVError) {
        guard tag.messageType != nil else {
            state = .skippedBody(tag, remaining: tag.length)
            return
        }
        guard tag.length <= tagBytesMaximum else {
            throw .tagTooLong(length: tag.length, limit: tagBytesMaximum, at: tag.offset)
        }
        state = .body(tag)
    }
}

/// Fields of a fixed length out of an input in pieces: what was cut off is kept until the rest comes.
private struct FieldReader: ~Copyable {
    /// Longer than any field.
    private static let capacity = 16
    private let held = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
    /// Bytes kept.
    private(set) var count = 0

    deinit {
        held.deallocate()
    }

    /// The field, to be read before the next call; nil until it is whole.
    mutating func next(_ length: Int, _ input: inout ByteCursor) -> ByteCursor? {
        if count == 0, let whole = input.read(length) { return ByteCursor(whole) }
        let part = input.read(upTo: length - count)
        if let source = part.baseAddress {
            (held + count).copyMemory(from: source, byteCount: part.count)
        }
        count += part.count
        guard count == length else { return nil }
        count = 0
        return ByteCursor(UnsafeRawBufferPointer(start: held, count: length))
    }
}

/// A payload that is put together: its memory grows with what has come, and is given away at the end
/// without a copy.
private struct PayloadBuilder: ~Copyable {
    private static let firstCapacity = 4 << 10
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var count = 0

    deinit {
        base?.deallocate()
    }

    /// True once `length` bytes are there.
    mutating func append(_ input: inout ByteCursor, upTo length: Int) -> Bool {
        let part = input.read(upTo: length - count)
        if let source = part.baseAddress, !part.isEmpty {
            reserve(count + part.count, length: length)
            base.map { ($0 + count).copyMemory(from: source, byteCount: part.count) }
            count += part.count
        }
        return count == length
    }

    mutating func finish() -> Payload {
        defer {
            base = nil
            capacity = 0
            count = 0
        }
        return base.map { Payload(adopting: $0, count: count) } ?? .empty
    }

    /// Doubles, but for what has come already: a body that is whole at once gets its exact size.
    private mutating func reserve(_ needed: Int, length: Int) {
        guard needed > capacity else { return }
        let size = min(length, max(needed, 2 * capacity, Self.firstCapacity))
        let new = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        if let base {
            new.copyMemory(from: base, byteCount: count)
            base.deallocate()
        }
        base = new
        capacity = size
    }
}
