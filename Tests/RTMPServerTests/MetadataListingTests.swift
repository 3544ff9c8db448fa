import RTMP
import Telemetry
import Testing

@testable import RTMPServer

@Suite struct MetadataListingTests {
    private func listing(_ properties: [AMFProperty]) -> String {
        let bytes = AMF0Encoder.bytes([.text("onMetaData"), .ecmaArray(properties)])
        return MetadataListing.text(of: Payload(bytes)).description
    }

    @Test func `numbers, flags and texts stand on one line, the encoder first`() {
        let text = listing([
            AMFProperty("width", 1920), AMFProperty("framerate", 29.97),
            AMFProperty("stereo", true), AMFProperty("nested", .object([])),
            AMFProperty("encoder", .text("obs-output module (libobs version 30.1.2)")),
        ])
        #expect(
            text == "encoder \"obs-output module (libobs version 30.1.2)\"  width 1920"
                + "  framerate 29.97  stereo true")
    }

    @Test func `the keyframe index of a long recording hides nothing else (AMF-5)`() {
        let times = AMFValue.strictArray(Array(repeating: 2, count: 10_000))
        let text = listing([
            AMFProperty("keyframes", ["times": times, "filepositions": times]),
            AMFProperty("duration", 20_000),
        ])
        #expect(text == "duration 20000")
    }

    @Test func `what a publisher writes cannot draw on the screen (SEC-12)`() {
        let text = listing([AMFProperty("title", .text("\u{1b}[2J"))])
        #expect(text.contains("\\x1b[2J"))
        #expect(!text.contains("\u{1b}"))
    }

    @Test(arguments: [
        ("streamKey", AMFValue.text("hush"), "streamKey \"***\""),
        ("AuthToken", 4711, "AuthToken ***"),
        ("videokeyframe_frequency", 5, "videokeyframe_frequency 5"),
        (
            "source", .text("rtmp://bob:hush@h/live?token=hush&a=1"),
            "source \"rtmp://***@h/live?token=***&a=1\""
        ),
        (
            "source", .text("rtmp://" + String(repeating: "u", count: 60) + ":hush@h/live"),
            "source \"rtmp://***@h/live\""
        ),
    ])
    func `secrets are masked, whatever holds them (SEC-13, T-SEC-06)`(
        name: String, value: AMFValue, shown: String
    ) {
        #expect(listing([AMFProperty(name, value)]) == shown)
    }

    @Test func `metadata that is none says so, or nothing`() {
        #expect(MetadataListing.text(of: Payload([3, 0])).description.hasPrefix("not readable"))
        #expect(MetadataListing.text(of: Payload.empty).description == "")
    }
}
