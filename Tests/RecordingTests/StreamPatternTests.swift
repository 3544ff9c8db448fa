import RTMP
import Recording
import Testing

@Suite struct StreamPatternTests {
    private let key = StreamKey(app: "live", name: "cam-1")

    @Test(arguments: [
        "live/cam-1", "*", "**", "live/*", "*cam-1", "l*1", "live/cam-1*", "*/*", "*i*e*m*",
        "live/cam*-1",
    ])
    func `it is the stream's`(pattern: String) {
        #expect(StreamPattern(pattern).matches(key))
    }

    @Test(arguments: [
        "", "live", "live/cam", "cam-1", "live/cam-11", "live/cam-1*1", "liv*/cam-1-1", "*m*i*",
        "Live/cam-1", "live/cam?1",
    ])
    func `it is another's`(pattern: String) {
        #expect(!StreamPattern(pattern).matches(key))
    }
}
