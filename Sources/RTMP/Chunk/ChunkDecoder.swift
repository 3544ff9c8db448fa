/// Bytes to messages: the inward half of the chunk stream (RTMP 1.0, 5.3; RTMP.md §2).
///
/// A chunk is a header and a piece of a message. Its chunk stream is only a memory for headers: types
/// 1, 2 and 3 leave out what the chunk stream knows already. Several messages may be under way, one a
/// chunk stream, their chunks interleaved.
///
/// The same header means two things. While a message is under way on its chunk stream, it continues
/// it; otherwise it starts the next one, and then its time counts (CH-5, CH-6). Hence `parseHeader`
/// first asks which of the two it is.
///
/// Two places need bytes beyond the header to understand it: a type 3 header after one with an
/// extended timestamp may repeat that timestamp or not, by the sender's make (CH-13, CH-14). The
/// bytes are compared one by one, and taken only if they are it.
///
/// Bytes go from the input straight into the payload. Only a header cut off at the end of the input is
/// held back, in `held`, which always stands before the input: nothing is changed until a header is
/// complete.
///
/// Memory follows what was received, never what was declared (CH-19). A finished payload takes its
/// buffer over without a copy.
package struct ChunkDecoder: ~Copyable {
    private let limits: Limits
    private var streams: [ChunkStream] = []

    /// The peer's chunk size. Set it when Set Chunk Size comes, before `next` is called again; it holds
    /// for the chunks after that, also of messages under way (CH-16).
    package var chunkSize: UInt32 = 128
    /// Set once publish or play was accepted: before that, messages are short.
    package var isAuthorised = false
    /// nil: unarmed. Otherwise every chunk is appended, and the owner drains it.
    package var log: [ChunkRecord]?

    package private(set) var chunksRead: UInt64 = 0
    /// Messages begun.
    private var messageCount: UInt64 = 0
    /// Reserved for messages that are not complete.
    package private(set) var partialBytes = 0
    private var budget: WorkBudget

    /// The chunk that is being read: index of its stream, payload bytes to come.
    private var current = 0
    private var chunkRemaining = 0
    private var chunk = Chunk()

    /// Offset of the next byte that belongs to no chunk yet.
    private var position: UInt64
    private let held: UnsafeMutableRawPointer
    private var heldCount = 0
    /// More than the longest header: 3 + 11 + 4 bytes.
    private static let heldCapacity = 32

    /// What the header said, kept until the chunk is complete.
    private struct Chunk {
        var offset: UInt64 = 0
        var form: UInt8 = 0
        var headerBytes = 0
        var payloadBytes = 0
        var delta: UInt32 = 0
    }

    /// `startOffset`: bytes of this direction before the first chunk, that is the handshake.
    package init(limits: Limits, startOffset: UInt64) {
        self.limits = limits
        budget = WorkBudget(chunksPerKibibyte: limits.chunksPerKibibyte)
        position = startOffset
        held = .allocate(byteCount: Self.heldCapacity, alignment: 8)
    }

    deinit {
        held.deallocate()
        for stream in streams {
            stream.buffer?.deallocate()
        }
    }

    /// Bytes taken from the input so far, counted from `startOffset`.
    package var bytesRead: UInt64 { position + UInt64(heldCount) }

    /// In order of first sight.
    package var chunkStreams: [ChunkStreamFigures] { streams.map { ChunkStreamFigures($0) } }

    /// The next message; nil when the input is used up.
    ///
    /// After an error the decoder is of no use any more: there is no way to find the next chunk (CH-20).
    package mutating func next(_ input: inout ByteCursor) throws(ProtocolError) -> Message? {
        while true {
            if chunkRemaining == 0 {
                guard try readHeader(&input) else { return nil }
            }
            guard try readPayload(&input) else { return nil }
            if let message = finishChunk() { return message }
        }
    }

    /// Drops the message under way on a chunk stream. Its header stays, so its time still counts for
    /// deltas (CH-18). An unknown chunk stream is no error.
    package mutating func abort(_ id: ChunkStreamID) {
        guard let index = index(of: id), streams[index].isPartial else { return }
        streams[index].buffer?.deallocate()
        forgetMessage(index)
    }

    /// True once a header was taken, from `held` and the input.
    private mutating func readHeader(_ input: inout ByteCursor) throws(ProtocolError) -> Bool {
        if heldCount == 0 {
            guard let length = try parseHeader(input.remaining) else {
                hold(&input)
                return false
            }
            _ = input.skip(length)
            position += UInt64(length)
            return true
        }
        let before = heldCount
        var ahead = input
        hold(&ahead)
        guard let length = try parseHeader(UnsafeRawBufferPointer(start: held, count: heldCount))
        else {
            input = ahead
            return false
        }
        position += UInt64(length)
        heldCount = before
        if length < before {
            dropHeld(length)
        } else {
            heldCount = 0
            _ = input.skip(length - before)
        }
        return true
    }

    /// Moves input behind the held bytes, as far as there is room.
    private mutating func hold(_ input: inout ByteCursor) {
        let length = min(Self.heldCapacity - heldCount, input.count)
        guard let bytes = input.read(length), let start = bytes.baseAddress else { return }
        (held + heldCount).copyMemory(from: start, byteCount: length)
        heldCount += length
    }

    private mutating func dropHeld(_ length: Int) {
        heldCount -= length
        held.copyMemory(from: held + length, byteCount: heldCount)
    }

    /// Understands the header at the front and makes its chunk the current one. Gives its length, or nil
    /// if bytes are missing; then nothing was changed.
    private mutating func parseHeader(
        _ bytes: UnsafeRawBufferPointer
    ) throws(ProtocolError) -> Int? {
        var cursor = ByteCursor(bytes)
        guard let basic = ChunkBasicHeader(&cursor) else { return nil }
        let known = index(of: basic.chunkStreamID)
        if known == nil, basic.form >= 2 {
            throw .chunkWithoutPreviousHeader(basic.chunkStreamID, form: basic.form)
        }
        var delta: UInt32 = 0
        if let known, basic.form == 3 {
            if streams[known].isPartial {
                guard skipRepeatedTimestamp(&cursor, streams[known]) else { return nil }
            } else {
                guard let time = repeatedTime(&cursor, streams[known]) else { return nil }
                delta = time.delta
                try begin(known, length: streams[known].length, type: streams[known].type)
                streams[known].timestamp = time.timestamp
                streams[known].delta = time.delta
                if let field = time.field { streams[known].extendedField = field }
            }
            current = known
        } else {
            guard let header = ChunkMessageHeader(form: basic.form, &cursor) else { return nil }
            delta = basic.form == 0 ? 0 : header.time
            if let known, streams[known].isPartial {
                try checkContinuation(basic.form, header, streams[known])
                current = known
            } else {
                current = try start(basic, header, known)
            }
        }
        try openChunk(basic.form, headerBytes: cursor.offset, delta: delta)
        return cursor.offset
    }

    /// A header of types 0 to 2 that starts a message, on a known chunk stream or a new one.
    private mutating func start(
        _ basic: ChunkBasicHeader, _ header: ChunkMessageHeader, _ known: Int?
    ) throws(ProtocolError) -> Int {
        let index: Int
        if let known { index = known } else { index = try addStream(basic.chunkStreamID) }
        let inherits = basic.form == 2
        try begin(
            index, length: inherits ? streams[index].length : header.length,
            type: inherits ? streams[index].type : header.type)
        if basic.form == 0 {
            streams[index].timestamp = header.time
            streams[index].messageStreamID = header.messageStreamID
        } else {
            // On a fresh chunk stream from 0, on message stream 0: librtmp opens with type 1 (CH-4).
            // A step back comes as a delta that wraps (CH-6).
            streams[index].timestamp &+= header.time
        }
        streams[index].delta = header.time
        streams[index].isAbsolute = basic.form == 0
        streams[index].isExtended = header.isExtended
        streams[index].extendedField = header.time
        return index
    }

    /// Types 1 and 2 may continue a message if they do not contradict it; their delta is not for
    /// it (CH-7). A longer message in a running buffer is how others were overrun (SEC-4).
    private func checkContinuation(
        _ form: UInt8, _ header: ChunkMessageHeader, _ stream: ChunkStream
    ) throws(ProtocolError) {
        let isSame = header.length == stream.length && header.type == stream.type
        guard form == 2 || form == 1 && isSame else {
            throw .messageInterrupted(
                stream.id, form: form, received: stream.received, length: stream.length)
        }
    }

    /// CH-13: a continuation repeats the extended field, or the time it led to (SRS), or nothing
    /// (old librtmp). False: the bytes so far could be either, more are needed.
    private func skipRepeatedTimestamp(_ cursor: inout ByteCursor, _ stream: ChunkStream) -> Bool {
        guard stream.isExtended else { return true }
        var asField = true
        var asTimestamp = true
        for index in 0..<4 {
            guard let byte = cursor.peek(index) else { return false }
            asField = asField && byte == stream.extendedField.byte(index)
            asTimestamp = asTimestamp && byte == stream.timestamp.byte(index)
            if !asField, !asTimestamp { return true }
        }
        return cursor.skip(4)
    }

    /// The time of a message that a type 3 header starts; nil: more bytes are needed.
    ///
    /// `field` is the extended timestamp that was taken.
    private func repeatedTime(
        _ cursor: inout ByteCursor, _ stream: ChunkStream
    ) -> (timestamp: UInt32, delta: UInt32, field: UInt32?)? {
        guard stream.isExtended else {
            return (stream.timestamp &+ stream.delta, stream.delta, nil)
        }
        guard stream.isAbsolute else {
            guard let delta = cursor.readUInt32() else { return nil }
            return (stream.timestamp &+ delta, delta, delta)
        }
        // After type 0 the bytes are a time if they are less than a minute ahead (CH-14); told
        // byte by byte, because a sender without them may send nothing more for long.
        let low = UInt64(stream.timestamp)
        let high = low + 59_999
        var prefix: UInt64 = 0
        for index in 0..<4 {
            guard let byte = cursor.peek(index) else { return nil }
            prefix = prefix << 8 | UInt64(byte)
            let rest = UInt64(8 * (3 - index))
            let wrapped = prefix | 1 << UInt64(8 * (index + 1))
            let isAhead =
                (low >> rest...high >> rest).contains(prefix)
                || (low >> rest...high >> rest).contains(wrapped)
            if !isAhead { return (stream.timestamp, stream.delta, nil) }
        }
        guard let timestamp = cursor.readUInt32() else { return nil }
        return (timestamp, timestamp, timestamp)
    }

    /// Checks what the header declares and makes it the message under way.
    private mutating func begin(
        _ index: Int, length: Int, type: MessageType
    ) throws(ProtocolError) {
        let limit = limits.messageBytes(type, isAuthorised: isAuthorised)
        guard length <= limit else { throw .messageTooLong(type, length: length, limit: limit) }
        messageCount += 1
        streams[index].length = length
        streams[index].type = type
        streams[index].isPartial = true
        streams[index].messageNumber = messageCount
        streams[index].types.note(type)
    }

    private mutating func openChunk(
        _ form: UInt8, headerBytes: Int, delta: UInt32
    ) throws(ProtocolError) {
        chunkRemaining = min(Int(chunkSize), streams[current].length - streams[current].received)
        streams[current].chunkIndex += 1
        chunk = Chunk(
            offset: position, form: form, headerBytes: headerBytes, payloadBytes: chunkRemaining,
            delta: delta)
        if chunkSize < 128, !budget.spend(headerBytes + chunkRemaining) {
            throw .tooManyChunks(perKibibyte: limits.chunksPerKibibyte)
        }
    }

    private func index(of id: ChunkStreamID) -> Int? {
        if current < streams.count, streams[current].id == id { return current }
        return streams.firstIndex { $0.id == id }
    }

    private mutating func addStream(_ id: ChunkStreamID) throws(ProtocolError) -> Int {
        guard streams.count < limits.chunkStreams else {
            throw .tooManyChunkStreams(limit: limits.chunkStreams)
        }
        // Few peers use more.
        if streams.isEmpty { streams.reserveCapacity(4) }
        streams.append(ChunkStream(id: id))
        return streams.count - 1
    }

    /// True once the chunk's payload is complete.
    private mutating func readPayload(_ input: inout ByteCursor) throws(ProtocolError) -> Bool {
        if heldCount > 0, chunkRemaining > 0 {
            let length = min(heldCount, chunkRemaining)
            try append(
                UnsafeRawBufferPointer(start: held, count: length),
                atHand: heldCount + input.count)
            dropHeld(length)
        }
        if chunkRemaining > 0 {
            let atHand = input.count
            guard let bytes = input.read(min(chunkRemaining, atHand)) else { return false }
            try append(bytes, atHand: atHand)
        }
        return chunkRemaining == 0
    }

    /// The one copy of a payload.
    private mutating func append(
        _ bytes: UnsafeRawBufferPointer, atHand: Int
    ) throws(ProtocolError) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        let received = streams[current].received
        if received + bytes.count > streams[current].capacity {
            try grow(atHand: atHand)
        }
        guard let buffer = streams[current].buffer else { return }
        (buffer + received).copyMemory(from: source, byteCount: bytes.count)
        streams[current].received = received + bytes.count
        chunkRemaining -= bytes.count
        position += UInt64(bytes.count)
    }

    /// Room for the bytes at hand, eight times what there was, never beyond the message's length: to
    /// move megabytes takes milliseconds, and memory that nothing was written to costs nothing.
    private mutating func grow(atHand: Int) throws(ProtocolError) {
        let stream = streams[current]
        let capacity = min(
            stream.length, max(4096, stream.capacity * 8, stream.received + atHand))
        let limit = limits.partialBytes(isAuthorised: isAuthorised)
        guard partialBytes + capacity - stream.capacity <= limit else {
            throw .tooManyPartialBytes(limit: limit)
        }
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        if let old = stream.buffer {
            buffer.copyMemory(from: old, byteCount: stream.received)
            old.deallocate()
        }
        partialBytes += capacity - stream.capacity
        streams[current].buffer = buffer
        streams[current].capacity = capacity
    }

    /// Counts the chunk and gives the message if it was the last one.
    private mutating func finishChunk() -> Message? {
        chunksRead += 1
        streams[current].chunks += 1
        streams[current].bytes += UInt64(chunk.headerBytes + chunk.payloadBytes)
        streams[current].forms[Int(chunk.form)] += 1
        if log != nil { record() }
        let stream = streams[current]
        guard stream.received == stream.length else { return nil }
        streams[current].messages += 1
        forgetMessage(current)
        let payload =
            stream.buffer.map { Payload(adopting: $0, count: stream.length) } ?? .empty
        return Message(
            type: stream.type, messageStreamID: stream.messageStreamID,
            timestamp: stream.timestamp, payload: payload)
    }

    /// Back between two messages; the buffer was given away.
    private mutating func forgetMessage(_ index: Int) {
        partialBytes -= streams[index].capacity
        streams[index].buffer = nil
        streams[index].capacity = 0
        streams[index].received = 0
        streams[index].isPartial = false
        streams[index].chunkIndex = 0
    }

    private mutating func record() {
        let stream = streams[current]
        let begin = stream.received - chunk.payloadBytes
        // The size may change under way, so the count is of chunks so far and those still to come.
        let size = max(Int(chunkSize), 1)
        let following = (stream.length - stream.received + size - 1) / size
        var record = ChunkRecord(
            offset: chunk.offset, chunkStreamID: stream.id, form: chunk.form,
            headerBytes: UInt8(chunk.headerBytes), payloadBytes: UInt32(chunk.payloadBytes),
            messageLength: UInt32(stream.length), messageType: stream.type,
            messageStreamID: stream.messageStreamID, timestamp: stream.timestamp,
            timestampDelta: chunk.delta, messageNumber: stream.messageNumber,
            chunkIndex: stream.chunkIndex,
            chunkCount: stream.chunkIndex &+ UInt32(following), head: .zero, headCount: 0)
        if let buffer = stream.buffer {
            record.keep(
                begin..<stream.received,
                of: UnsafeRawBufferPointer(start: buffer, count: stream.received))
        }
        log?.append(record)
    }
}

extension UInt32 {
    /// The byte that goes over the wire at `index`.
    fileprivate func byte(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: self >> UInt32(8 * (3 - index)))
    }
}
