import RTMP
import TestSupport
import Testing

@Suite struct StatusTests {
    /// T-CMD-23, CMD-6; nginx c418e9c
    @Test func `level, code and description stand in that order, on the stream's id`() {
        let message = Status(.error, "NetStream.Publish.BadName", "Taken.").onStatus(on: 7)
        #expect(
            Line.text(message)
                == "onStatus 0 null {level: error, code: NetStream.Publish.BadName, "
                + "description: Taken.} @7")
    }
}
