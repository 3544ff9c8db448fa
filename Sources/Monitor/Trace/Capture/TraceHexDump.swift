import Telemetry

/// Traced chunks as a hex dump: what `text2pcap -D -t %H:%M:%S.%f` and people read (DESIGN §14).
///
/// Before each chunk stand a remark with what it is, its direction and its time; then its header and
/// what was kept of its payload. `**` would not be a number: secrets are `2a`, an asterisk.
package enum TraceHexDump {
    /// - Parameter hides: of a payload, what else is not to be seen.
    package static func text(
        _ lines: [Int], of trace: LogTail<TraceEntry>, utcOffsetSeconds: Int,
        hides: ([UInt8]) -> [Range<Int>] = { _ in [] }
    ) -> String {
        var text = "# rtmp-top, chunk by chunk; text2pcap -D -t %H:%M:%S.%f\n"
        for number in lines {
            guard let entry = trace[number] else { continue }
            let record = entry.record
            let header = record.isHandshake ? [] : ChunkHeaderBytes(record).whole
            let payload = record.openPayload(line: number, of: trace, hides: hides)
            let length = header.count + Int(record.payloadBytes)
            text += "\n# #\(record.session) " + words(record)
            text += ", \(header.count + payload.count) of \(length) bytes kept\n"
            guard !(header.isEmpty && payload.isEmpty) else { continue }
            text += record.direction == .inward ? "I " : "O "
            let local = entry.wallClockMilliseconds + Int64(utcOffsetSeconds) * 1000
            text += WallClock(milliseconds: local).time + "\n"
            append(header + payload, to: &text)
        }
        return text
    }

    private static func words(_ record: TraceRecord) -> String {
        let info = TraceDecoder.info(for: record)
        guard !record.isHandshake else { return "handshake  \(info)" }
        return "chunk stream \(record.chunkStreamID) type \(record.form) "
            + "\(TraceDecoder.typeWord(record.messageType)) "
            + "chunk \(record.chunkIndex) of \(record.chunkCount) ts \(record.timestamp)  \(info)"
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func append(_ bytes: [UInt8], to text: inout String) {
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(start + 16, bytes.count)]
            var line = String(String(start + 0x100_0000, radix: 16).dropFirst()).utf8.map { $0 }
            line += [0x20]
            for byte in row { line += [0x20, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
            line += repeatElement(0x20, count: 3 * (16 - row.count) + 2)
            line.append(UInt8(ascii: "|"))
            line += row.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }
            line += Array("|\n".utf8)
            text += String(decoding: line, as: UTF8.self)
        }
    }
}

extension TraceRecord {
    /// What was kept of the payload, and nothing that is secret (SEC-13).
    func openPayload(
        line number: Int, of trace: LogTail<TraceEntry>, hides: ([UInt8]) -> [Range<Int>]
    ) -> [UInt8] {
        var payload = kept
        // Media and control messages hold none.
        guard body != nil, messageType > 9, !isHandshake else { return payload }
        guard let decode = TraceDecode(line: number, of: trace), decode.hasBeginning else {
            // Nobody knows what is a secret there.
            return []
        }
        func isHidden(_ index: Int) -> Bool { decode.isSecret(at: decode.chunk.lowerBound + index) }
        let secrets = payload.indices.filter(isHidden) + hides(payload).flatMap { $0 }
        for index in secrets { payload[index] = UInt8(ascii: "*") }
        return payload
    }
}
