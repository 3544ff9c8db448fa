import RTMP
import Relay
import Telemetry

/// The chunks of an armed connection, recorded both ways.
extension Connection {
    /// Starts or stops recording the chunks of this connection.
    func setTraced(_ traced: Bool) {
        guard traced != isTraced else { return }
        isTraced = traced
        session.chunkLogIn = traced ? [] : nil
        session.chunkLogOut = traced ? [] : nil
        facts.isTraced = traced
        postFacts()
    }

    /// Hands on what the session's decoder and encoder have logged.
    func drainTrace() {
        guard isTraced else { return }
        if let log = session.chunkLogIn, !log.isEmpty {
            session.chunkLogIn = []
            put(log, .inward)
        }
        if let log = session.chunkLogOut, !log.isEmpty {
            session.chunkLogOut = []
            put(log, .outward)
        }
    }

    private func put(_ chunks: [ChunkRecord], _ direction: Direction) {
        for chunk in chunks {
            worker.lanes.trace.put(
                TraceRecord(
                    chunk, session: id, direction, atNanoseconds: worker.nowNanoseconds))
        }
    }

    /// The chunks of one outgoing media message, the `number`th, whose first byte stands at `offset`.
    func trace(_ message: OutgoingMessage, number: UInt64, atOffset offset: UInt64) {
        drainTrace()
        put(
            ChunkRecord.records(
                of: Message(
                    type: message.media.type, messageStreamID: message.messageStreamID,
                    timestamp: message.media.timestamp, payload: message.media.payload),
                on: message.chunkStreamID, delta: message.delta, chunkSize: message.chunkSize,
                number: number, at: offset),
            .outward)
    }
}
