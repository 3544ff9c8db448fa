import Monitor
import Telemetry

/// What a peer sent, in words for the screen: chunks of the trace and messages of the black box.
///
/// The first byte is the type, the second the place in its message and the direction, the rest the
/// payload. Every text is printable and fits its bound; a tree is no larger than what is decoded for
/// it.
enum TraceTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let type = input.byte()
        let place = input.byte()
        let payload = Array(input.rest)
        checkRecord(type, place, payload)
        let entry = BlackBoxDecoder.entry(
            CapturedMessage(
                session: 1, direction: place & 1 == 0 ? .inward : .outward, atNanoseconds: 0,
                type: type,
                messageStreamID: UInt32(place), timestamp: 0, payload: payload,
                payloadBytes: payload.count + Int(place)))
        checkText(entry.name)
        checkText(entry.summary)
        hold(entry.tree.count <= 1026, "a tree is bounded: \(entry.tree.count)")
        for line in entry.tree {
            checkText(line.text)
            hold((0...17).contains(line.depth), "a tree is not deep: \(line.depth)")
        }
    }

    private static func checkRecord(_ type: UInt8, _ place: UInt8, _ payload: [UInt8]) {
        let kept = payload.prefix(TraceRecord.headCapacity)
        var head: TraceRecord.Head = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &head) { $0.copyBytes(from: kept) }
        let record = TraceRecord(
            session: 1, direction: .inward, atNanoseconds: 0, offset: 0, chunkStreamID: 3, form: 0,
            headerBytes: 12, payloadBytes: UInt32(payload.count),
            messageLength: UInt32(payload.count), messageType: type, messageStreamID: 1,
            timestamp: 0, timestampDelta: 0, messageNumber: 1, chunkIndex: UInt32(place >> 1),
            chunkCount: 1, head: head, headCount: UInt8(kept.count))
        checkText(TraceDecoder.info(for: record))
        hold(!TraceDecoder.typeWord(type).isEmpty, "every type has a word")
        hold(!TraceDecoder.kind(of: type).isEmpty, "every type is of a kind")
        hold(
            !TraceDecoder.isKeyframe(record) || !TraceDecoder.isConfiguration(record),
            "a keyframe is no configuration")
    }

    private static func checkText(_ text: SafeText) {
        hold(
            text.description.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
            }, "no control characters: \(text.description.debugDescription)")
        hold(text.description.utf8.count <= 8192, "a text is bounded")
    }
}
