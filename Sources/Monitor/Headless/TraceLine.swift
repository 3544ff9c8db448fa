import Telemetry

/// Traced chunks and messages as lines of JSON (CLI.md, `trace.chunk`).
enum TraceLine {
    /// With type 0 to 2 headers, exactly the fields that stand in the header.
    static func write(
        chunk entry: TraceEntry, startedAtNanoseconds: UInt64, into object: inout JSONObject
    ) {
        let record = entry.record
        begin("trace.chunk", entry, startedAtNanoseconds, &object)
        object.add("at", record.offset)
        object.add("csid", record.chunkStreamID)
        object.add("fmt", record.form)
        object.add("hdr_b", record.headerBytes)
        object.add("pay_b", record.payloadBytes)
        switch record.form {
        case 0: object.add("ts", record.timestamp)
        case 1, 2: object.add("dts", record.timestampDelta)
        default: break
        }
        if record.form <= 1 {
            object.add("len", record.messageLength)
            object.add("type", record.messageType)
        }
        if record.form == 0 { object.add("msid", record.messageStreamID) }
        object.add("msg", record.messageNumber)
    }

    /// One line for a message, when its first chunk was seen.
    static func write(
        message entry: TraceEntry, startedAtNanoseconds: UInt64, into object: inout JSONObject
    ) {
        let record = entry.record
        begin("trace.message", entry, startedAtNanoseconds, &object)
        object.add("at", record.offset)
        object.add("csid", record.chunkStreamID)
        object.add("ts", record.timestamp)
        object.add("len", record.messageLength)
        object.add("type", record.messageType)
        object.add("msid", record.messageStreamID)
        object.add("chunks", record.chunkCount)
        object.add("info", TraceDecoder.info(for: record))
        object.add("msg", record.messageNumber)
    }

    private static func begin(
        _ name: String, _ entry: TraceEntry, _ startedAtNanoseconds: UInt64,
        _ object: inout JSONObject
    ) {
        object.begin(
            name, wallClockMilliseconds: entry.wallClockMilliseconds,
            atNanoseconds: entry.record.atNanoseconds, startedAtNanoseconds: startedAtNanoseconds)
        object.add("s", entry.record.session)
        object.add("dir", entry.record.direction.word)
    }
}
