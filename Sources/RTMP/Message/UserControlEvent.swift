/// User control events, message type 4 (RTMP 1.0, 7.1.7; RTMP.md PC-8).
package enum UserControlEvent: Hashable, Sendable {
    case streamBegin(MessageStreamID)
    case streamEOF(MessageStreamID)
    case streamDry(MessageStreamID)
    case setBufferLength(MessageStreamID, milliseconds: UInt32)
    case streamIsRecorded(MessageStreamID)
    case pingRequest(UInt32)
    case pingResponse(UInt32)
    /// Anything else: ignored, never refused.
    case other(UInt16)
}
