import RTMP
import Telemetry

/// Control and user control messages in words, for the black box and for the trace.
struct ControlWords {
    /// `WindowAckSize`, `PingRequest` …: the black box.
    let name: SafeText
    let summary: SafeText
    /// `window 2500000`, `ping request` …: the trace.
    let info: SafeText

    /// nil: another type, or too short to be read.
    init?(type: MessageType, bytes: [UInt8]) {
        let message = Message(
            type: type, messageStreamID: 0, timestamp: 0, payload: Payload(bytes))
        if let control = ControlMessage.decode(message) {
            self.init(control)
        } else if let event = UserControlEvent.decode(message) {
            self.init(event)
        } else {
            return nil
        }
    }

    private init(name: SafeText, summary: SafeText, info: SafeText) {
        self.name = name
        self.summary = summary
        self.info = info
    }

    private init(_ control: ControlMessage) {
        switch control {
        case .setChunkSize(let size):
            self.init(name: "SetChunkSize", summary: "\(size)", info: "chunk size \(size)")
        case .abort(let chunkStream):
            self.init(name: "Abort", summary: "\(chunkStream)", info: "abort csid \(chunkStream)")
        case .acknowledgement(let count):
            self.init(name: "Ack", summary: "\(count)", info: "sequence \(count)")
        case .windowAcknowledgementSize(let size):
            self.init(name: "WindowAckSize", summary: "\(size)", info: "window \(size)")
        case .setPeerBandwidth(let size, let limit):
            self.init(
                name: "SetPeerBandwidth", summary: "\(size) \(limit.word)",
                info: "bandwidth \(size) \(limit.word)")
        }
    }

    private init(_ event: UserControlEvent) {
        switch event {
        case .streamBegin(let stream):
            self.init(name: "StreamBegin", summary: "\(stream)", info: "stream \(stream) begins")
        case .streamEOF(let stream):
            self.init(name: "StreamEOF", summary: "\(stream)", info: "stream \(stream) ended")
        case .streamDry(let stream):
            self.init(name: "StreamDry", summary: "\(stream)", info: "stream \(stream) dry")
        case .setBufferLength(let stream, let milliseconds):
            self.init(
                name: "SetBufferLength", summary: "\(stream) \(milliseconds) ms",
                info: "buffer \(milliseconds) ms")
        case .streamIsRecorded(let stream):
            self.init(
                name: "StreamIsRecorded", summary: "\(stream)",
                info: "stream \(stream) is recorded")
        case .pingRequest(let time):
            self.init(name: "PingRequest", summary: "\(time)", info: "ping request")
        case .pingResponse(let time):
            self.init(name: "PingResponse", summary: "\(time)", info: "ping response")
        case .other(let event):
            self.init(name: "UserControl", summary: "event \(event)", info: "event \(event)")
        }
    }
}
