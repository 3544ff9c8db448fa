import RTMP
import TestSupport
import Testing

/// A client's way through a session, as it was seen on the wire (RTMP.md §5.1), with the answers it
/// needs. The dialogues stand in files by role.
struct Dialogue: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let play: @Sendable (ScriptedPeer) -> Void

    init(_ description: String, _ play: @escaping @Sendable (ScriptedPeer) -> Void) {
        testDescription = description
        self.play = play
    }

    static let all = publishers + players + reported
}

// MARK: Lines that many dialogues expect

func connectAnswers(_ transaction: Int) -> [String] {
    [
        "windowAcknowledgementSize 2500000",
        "setPeerBandwidth 2500000 dynamic",
        "setChunkSize 60000",
        "streamBegin 0",
        "_result \(transaction) {fmsVer: FMS/3,0,1,123, capabilities: 31} {level: status, "
            + "code: NetConnection.Connect.Success, description: Connection succeeded., "
            + "objectEncoding: 0}",
    ]
}

func status(
    _ code: String, _ description: String, level: String = "status", name: String = "onStatus",
    on messageStream: Int
) -> String {
    "\(name) 0 null {level: \(level), code: \(code), description: \(description)}"
        + (messageStream == 0 ? "" : " @\(messageStream)")
}

func publishStart(on messageStream: Int) -> String {
    status("NetStream.Publish.Start", "Start publishing", on: messageStream)
}

func playReset(_ name: String, on messageStream: Int) -> String {
    status("NetStream.Play.Reset", "Playing and resetting \(name).", on: messageStream)
}

func playStart(_ name: String, on messageStream: Int) -> String {
    status("NetStream.Play.Start", "Started playing \(name).", on: messageStream)
}

func unpublished(on messageStream: Int, name: String = "onStatus") -> String {
    status(
        "NetStream.Unpublish.Success", "The stream is unpublished.", name: name, on: messageStream)
}

let onFCPublish = status(
    "NetStream.Publish.Start", "The stream may be published.", name: "onFCPublish", on: 0)

// MARK: Payloads

let audioHeader: [UInt8] = [0xAF, 0x00, 0x12, 0x10]
let audioFrame: [UInt8] = [0xAF, 0x01, 0x21, 0x10]
let videoHeader: [UInt8] = [0x17, 0x00, 0, 0, 0, 0x01, 0x42, 0xC0, 0x1E, 0xFF, 0xE0, 0x00]
let keyframe: [UInt8] = [0x17, 0x01, 0, 0, 0, 0, 0, 0, 1, 0x65]

/// `@setDataFrame onMetaData {width: 1920}`
let setDataFrame = AMF0Encoder.bytes([
    "@setDataFrame", "onMetaData", .ecmaArray([AMFProperty("width", 1920)]),
])
/// What of it goes on to players.
let metadataLength = setDataFrame.count - 16

extension ScriptedPeer {
    /// Handshake, connect to `live` and createStream: ready for publish or play on stream 1.
    func becomesReady(
        flashVersion: String = "FMLE/3.0 (compatible; FMSc/1.0)",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        shakesHands()
        sends(
            "connect", 1,
            object: [
                "app": "live", "flashVer": .text(flashVersion), "tcUrl": "rtmp://localhost/live",
            ])
        sends("createStream", 2)
        let found = hears()
        #expect(
            found == connectAnswers(1) + ["_result 2 null 1"], sourceLocation: sourceLocation)
        expectsSteps("handshakeDone simple", "connect live", sourceLocation: sourceLocation)
    }

    func expects(_ lines: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let found = hears()
        #expect(found == lines, sourceLocation: sourceLocation)
    }

    func expectsSteps(_ lines: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let found = stepsSinceLastLook()
        #expect(found == lines, sourceLocation: sourceLocation)
    }
}
