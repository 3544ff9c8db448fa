import RTMP
import Telemetry

/// Who waits for a turn: of several that have more to read or to write, each is served a piece, and the
/// others are heard before the next.
extension Worker {
    /// Reads of it again in the next turn, whether or not its socket has anything.
    func revisit(_ connection: Connection) {
        unread.insert(connection.id)
    }

    func readAgain() {
        guard !unread.isEmpty else { return }
        let ids = unread
        unread.removeAll(keepingCapacity: true)
        for id in ids { connections[id]?.becameReadable() }
    }

    /// Reads of it when its phase comes, instead of when its socket has something.
    func rest(_ connection: Connection) {
        rests.add(
            connection.id, phase: Int(connection.id % UInt64(ServerConfiguration.beatPhases)),
            nowNanoseconds: nowNanoseconds)
    }

    func readResting() {
        rested += rests.takeDue(nowNanoseconds: nowNanoseconds)
        let served = TurnSlice.serve(rested) { id in
            guard let connection = connections[id], connection.pace.isResting else { return }
            connection.becameReadable()
            if connection.pace.isResting { rest(connection) }
        }
        rested.removeFirst(served)
    }

    /// Writes of it again in the next turn, when the others have been heard.
    func letGoOn(_ connection: Connection) {
        guard !connection.isInLine else { return }
        connection.isInLine = true
        line.append(connection.id)
    }

    /// Each writes once; who finds no time is the first of the next turn.
    func goOnWriting(first count: Int) {
        let served = TurnSlice.serve(line[..<count]) { connections[$0]?.goOnWriting() }
        line.removeFirst(served)
    }
}
