import Monitor
import Telemetry

/// Sentences that the inspector and the preview share.
enum InspectorWords {
    static func tcp(_ tcp: ConnectionDetail.TCPFigures) -> [String] {
        func ms(_ microseconds: UInt32) -> String { Format.fixed(Double(microseconds) / 1000, 1) }
        return [
            "rtt \(ms(tcp.rttMicroseconds)) ms  var \(ms(tcp.rttVarianceMicroseconds))  "
                + "min \(ms(tcp.minimumRTTMicroseconds))  mss \(tcp.segmentSize)",
            "cwnd \(tcp.congestionWindow)  unacked \(Format.scaled(Double(tcp.unacknowledgedBytes)))  "
                + "notsent \(Format.scaled(Double(tcp.notSentBytes)))  rtx \(tcp.retransmits)",
            "rcv-q \(Format.bytes(UInt64(max(tcp.receiveQueueBytes, 0))))  "
                + "snd-q \(Format.bytes(UInt64(max(tcp.sendQueueBytes, 0))))  delivery "
                + Format.bitRate(Double(tcp.deliveryBytesPerSecond) * 8),
            "sndbuf \(Format.bytes(UInt64(max(tcp.sendBufferBytes, 0))))  "
                + "rcvbuf \(Format.bytes(UInt64(max(tcp.receiveBufferBytes, 0))))",
        ]
    }

    /// Both acknowledgement windows.
    static func windows(_ row: SessionRow) -> [String] {
        [
            "in \(share(row.unacknowledgedIn, row.windowIn))",
            "out \(share(row.unacknowledgedOut, row.windowOut))",
        ]
    }

    private static func share(_ bytes: UInt64, _ window: UInt64) -> String {
        guard window > 0 else { return "no window" }
        return "\(Format.bytes(bytes)) of \(Format.bytes(window)), "
            + Format.percent(Double(bytes) / Double(window))
    }

    /// Lines of so many cells, broken between words where there are any.
    static func wrapped(_ text: String, cells: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if TextWidth.cells(line) + 1 + TextWidth.cells(String(word)) <= cells {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
