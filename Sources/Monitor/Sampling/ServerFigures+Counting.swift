import Telemetry

extension ServerFigures {
    /// Sums over the open sessions.
    mutating func count(_ rows: [SessionRow]) {
        connections = 0
        publishers = 0
        players = 0
        idle = 0
        handshaking = 0
        bytesIn = 0
        bytesOut = 0
        queueBytes = 0
        playersWithQueue = 0
        queueMilliseconds = 0
        skippedVideo = 0
        tracedSessions = 0
        // In place: a row is large, and every copy counts its references.
        for index in rows.indices {
            guard rows[index].closedAtNanoseconds == nil else { continue }
            bytesIn += rows[index].bytesIn
            bytesOut += rows[index].bytesOut
            skippedVideo += rows[index].skippedVideo
            connections += 1
            queueMilliseconds = max(queueMilliseconds, rows[index].queueMilliseconds)
            queueBytes += rows[index].queueBytes
            if rows[index].queueBytes > 0 { playersWithQueue += 1 }
            if rows[index].facts.isTraced { tracedSessions += 1 }
            switch rows[index].facts.role {
            case .handshaking: handshaking += 1
            case .idle: idle += 1
            case .publisher: publishers += 1
            case .player: players += 1
            case .publisherAndPlayer:
                publishers += 1
                players += 1
            case .closed: break
            }
        }
    }

    /// One sample; `gaps`: seconds before it that nobody looked at.
    mutating func remember(gaps: Int, droppedBefore: UInt64) {
        var second = ServerSecond()
        second.bitsIn = Float(bitsPerSecondIn)
        second.bitsOut = Float(bitsPerSecondOut)
        second.queueMilliseconds = Float(queueMilliseconds)
        second.dropped = Float(skippedVideo.grown(since: droppedBefore))
        second.cpuPercent = cpuPercent.map { Float($0) } ?? .nan
        second.connections = Float(connections)
        history.push(second, after: gaps, of: ServerSecond(), limit: Self.historyCapacity)
        historyEnd += gaps + 1
    }
}
