import RTMP
package import Telemetry

/// A traced message taken apart: every field with the bytes it stands in.
///
/// The bytes have addresses: first the header of the chunk that was asked for, then the payload of
/// its message as one piece, whatever chunks it came in. Header bytes are rebuilt from what the
/// decoder read of them; payload is what was kept of each chunk, so there are gaps.
package struct TraceDecode: Sendable {
    package struct Field: Sendable {
        package var depth: Int
        package var name: SafeText
        package var value: SafeText
        /// nil: it follows from other fields, or from what came before.
        package var range: Range<Int>?
        /// Its bytes are not to be shown (SEC-13).
        package var isSecret = false

        init(_ depth: Int, _ name: SafeText, _ value: SafeText, _ range: Range<Int>?) {
            self.depth = depth
            self.name = name
            self.value = value
            self.range = range
        }
    }

    /// What is taken apart, in a few words.
    package internal(set) var title: SafeText
    /// In the order of the bytes; what belongs to a field follows it, one deeper.
    package internal(set) var fields: [Field] = []
    package let headerCount: Int
    /// Header and payload together, kept or not.
    package let length: Int
    /// The part of the addresses that is the payload of this one chunk.
    package let chunk: Range<Int>
    /// All chunks of the message were found.
    package internal(set) var isWhole = true
    /// The first chunk of the message was found.
    var hasBeginning = true
    /// Bytes that were kept, by address, in order and apart.
    let kept: [(start: Int, bytes: [UInt8])]

    init(
        title: SafeText, headerCount: Int, length: Int, chunk: Range<Int>,
        kept: [(start: Int, bytes: [UInt8])]
    ) {
        self.title = title
        self.headerCount = headerCount
        self.length = length
        self.chunk = chunk
        self.kept = kept
    }

    /// Addresses of the bytes that were kept, in order.
    package var keptRanges: [Range<Int>] {
        kept.map { $0.start..<$0.start + $0.bytes.count }
    }

    /// nil: it was not kept, or there is none.
    package func byte(at address: Int) -> UInt8? {
        for part in kept where address >= part.start && address < part.start + part.bytes.count {
            return part.bytes[address - part.start]
        }
        return nil
    }

    /// Bytes kept of what is shown, and how many there are.
    package func keptCount(in range: Range<Int>) -> Int {
        kept.reduce(0) {
            $0 + range.clamped(to: $1.start..<$1.start + $1.bytes.count).count
        }
    }

    /// The field a byte belongs to: the deepest, and of these the last.
    package func field(at address: Int) -> Int? {
        var found: Int?
        for (index, field) in fields.enumerated() {
            guard field.range?.contains(address) ?? false else { continue }
            if let found, fields[found].depth > field.depth { continue }
            found = index
        }
        return found
    }

    package func isSecret(at address: Int) -> Bool {
        fields.contains { $0.isSecret && ($0.range?.contains(address) ?? false) }
    }

    /// Fields below another one.
    package func children(of index: Int) -> Range<Int> {
        let end = fields[(index + 1)...].firstIndex { $0.depth <= fields[index].depth }
        return index + 1..<(end ?? fields.count)
    }
}

extension TraceDecode {
    /// Chunks of one message are looked for this far away in the trace, others may lie between.
    private static let reach = 4096

    /// Takes apart the message that a line of the trace belongs to; nil: the line is gone.
    package init?(line number: Int, of trace: LogTail<TraceEntry>) {
        guard let entry = trace[number] else { return nil }
        let record = entry.record
        if record.isHandshake {
            self = HandshakeFields.decode(record)
            return
        }
        let chunks = Self.chunks(of: number, record, in: trace)
        let header = ChunkHeaderBytes(record)
        var kept = header.kept
        var position = header.count
        var chunk = header.count..<header.count
        let isWhole = chunks.first?.chunkIndex == 1
        for part in isWhole ? chunks : [record] {
            let bytes = part.kept
            if part.chunkIndex == record.chunkIndex {
                chunk = position..<position + Int(part.payloadBytes)
            }
            if !bytes.isEmpty {
                if let last = kept.last, last.start + last.bytes.count == position {
                    kept[kept.count - 1].bytes += bytes
                } else {
                    kept.append((position, bytes))
                }
            }
            position += Int(part.payloadBytes)
        }
        self.init(
            title: MessageType(rawValue: record.messageType).longWord, headerCount: header.count,
            length: isWhole ? header.count + Int(record.messageLength) : position, chunk: chunk,
            kept: kept)
        self.isWhole = isWhole && chunks.last.map { $0.chunkIndex >= $0.chunkCount } ?? false
        fields = header.fields(record)
        guard isWhole, let first = chunks.first else {
            hasBeginning = false
            fields.append(
                Field(0, "message", "its beginning is no longer kept", chunk))
            return
        }
        let info = TraceDecoder.info(for: first)
        if info != title { title = "\(title)  \(info)" }
        fields += MessageFields.fields(
            of: first, prefix: Self.prefix(kept, from: header.count), base: header.count)
        fields += Self.passage(chunks, record)
    }

    /// Payload bytes from the first on, up to the first gap.
    private static func prefix(_ kept: [(start: Int, bytes: [UInt8])], from base: Int) -> [UInt8] {
        for part in kept where part.start <= base && part.start + part.bytes.count > base {
            return Array(part.bytes[(base - part.start)...])
        }
        return []
    }

    /// The chunks of a message, in order; an incomplete beginning gives what there is.
    private static func chunks(
        of number: Int, _ record: TraceRecord, in trace: LogTail<TraceEntry>
    ) -> [TraceRecord] {
        var found: [TraceRecord] = [record]
        func look(_ numbers: some Sequence<Int>, until isLast: (TraceRecord) -> Bool) {
            guard !isLast(found[0]) else { return }
            for number in numbers {
                guard let other = trace[number]?.record else { return }
                guard other.isSameMessage(as: record) else { continue }
                found.append(other)
                if isLast(other) { return }
            }
        }
        look((number - reach..<number).reversed()) { $0.chunkIndex == 1 }
        let before = found.dropFirst().reversed()
        found = [record]
        look(number + 1..<number + reach) { $0.chunkIndex >= $0.chunkCount }
        return before + found
    }

    /// What can be said of the message on its way.
    private static func passage(_ chunks: [TraceRecord], _ record: TraceRecord) -> [Field] {
        guard let first = chunks.first, let last = chunks.last else { return [] }
        var fields = [Field(0, "on the wire", "", nil)]
        fields.append(
            Field(1, "message", "no. \(record.messageNumber) this way", nil))
        fields.append(Field(1, "at byte", "\(record.offset)", nil))
        if record.chunkCount > 1 {
            fields.append(Field(1, "chunk", "\(record.chunkIndex) of \(record.chunkCount)", nil))
        }
        if chunks.count > 1, last.atNanoseconds > first.atNanoseconds {
            let passed = last.atNanoseconds - first.atNanoseconds
            let bits = Double(record.messageLength) * 8e9 / Double(passed)
            fields.append(
                Field(
                    1, "took",
                    "\(Rounded.duration(nanoseconds: passed)), \(Rounded.bytes(UInt64(bits / 8)))/s",
                    nil))
        }
        return fields
    }
}

extension TraceRecord {
    /// Chunks of one message have its number in common; numbers count for each direction.
    package func isSameMessage(as other: TraceRecord) -> Bool {
        session == other.session && direction == other.direction
            && messageNumber == other.messageNumber && chunkStreamID == other.chunkStreamID
            && !isHandshake
    }
}
