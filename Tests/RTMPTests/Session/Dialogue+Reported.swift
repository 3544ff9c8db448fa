import RTMP
import TestSupport
import Testing

/// Peers that broke other programs, as their users told it: the rows of contracts/interop.md.
extension Dialogue {
    static let reported = [
        portZero, adobeAuthentication, doubledSlash, withoutStreamKey, envivio, dji, glive,
        streamlabs, oddMetadata, vodTrack, earlyHEVC, bareHeaders, deltasOfLongMessages,
    ]

    /// Row 16, srs #1754
    private static let portZero = Dialogue("tcUrl spells out port 0") { peer in
        peer.shakesHands()
        peer.sends("connect", 1, object: ["tcUrl": "rtmp://localhost:0/live"])
        peer.expects(connectAnswers(1))
        peer.expectsSteps("handshakeDone simple", "connect live")
    }

    /// Row 75, gortmplib #76
    private static let adobeAuthentication = Dialogue("the app is a query and nothing else") {
        peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: [
                "app": "?authmod=adobe&user=me", "tcUrl": "rtmp://localhost/?authmod=adobe&user=me",
            ])
        peer.expects(connectAnswers(1))
        peer.sends("publish", 2, "camera")
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.expectsSteps("handshakeDone simple", "connect ", "publish camera @1")
    }

    /// Row 64, prism #73
    private static let doubledSlash = Dialogue("tcUrl has two slashes, and nobody says who it is") {
        peer in
        peer.shakesHands()
        peer.sends("connect", 1, object: ["app": "/live", "tcUrl": "rtmp://localhost//live"])
        peer.expects(connectAnswers(1))
        peer.sends("publish", 2, "camera")
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.expectsSteps("handshakeDone simple", "connect live", "publish live/camera @1")
    }

    /// Rows 10 and 11: srs #3018, OME #303, srs #834
    private static let withoutStreamKey = Dialogue("OBS has the whole address as its server") {
        peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: ["app": "live/camera", "tcUrl": "rtmp://localhost:1935/live/camera"])
        peer.expects(connectAnswers(1))
        peer.sends("releaseStream", 2, "")
        peer.sends("FCPublish", 3, "")
        peer.sends("createStream", 4)
        peer.expects("_result 2 null null", "_result 3 null null", onFCPublish, "_result 4 null 1")
        peer.sends("publish", 5, "", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.expectsSteps("handshakeDone simple", "connect live/camera", "publish live/camera @1")
    }

    /// Row 23, nginx 3072454: the connect object has no end.
    private static let envivio = Dialogue("Envivio leaves the connect object open") { peer in
        peer.shakesHands()
        let connect = AMF0Encoder.bytes([
            "connect", 1, ["tcUrl": "rtmp://localhost/live", "app": "live"],
        ])
        peer.sends(.commandAMF0, Array(connect.dropLast(3)), on: 0)
        peer.expects(connectAnswers(1))
        peer.expectsSteps("handshakeDone simple", "connect live")
    }

    /// Rows 27, 29 and 50: frames without a NAL unit, with an empty one, with a delimiter alone; the
    /// header again and again; metadata behind media; a composition time below zero.
    private static let dji = Dialogue("a drone repeats headers and sends empty frames") { peer in
        peer.becomesReady()
        peer.sends("publish", 3, "drone", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends(.video, videoHeader, on: 1)
        peer.sends(.video, [0x17, 1, 0, 0, 0], on: 1)
        peer.sends(.dataAMF0, setDataFrame, on: 1, at: 20)
        peer.sends(.video, videoHeader, on: 1, at: 40)
        peer.sends(.video, [0x27, 1, 0, 0, 0, 0, 0, 0, 0], on: 1, at: 40)
        peer.sends(.video, [0x27, 1, 0, 0, 0, 0, 0, 0, 2, 9, 0xF0], on: 1, at: 80)
        peer.sends(.video, videoHeader, on: 1, at: 120)
        peer.sends(.video, [0x27, 1, 0xFF, 0xFF, 0xD8, 0, 0, 0, 1, 0x41], on: 1, at: 120)
        peer.expectsNothing()
        peer.expectsSteps(
            "publish live/drone @1", "video 12 bytes at 0 @1", "video 5 bytes at 0 @1",
            "metadata \(metadataLength) bytes at 20 @1", "video 12 bytes at 40 @1",
            "video 9 bytes at 40 @1", "video 11 bytes at 80 @1", "video 12 bytes at 120 @1",
            "video 10 bytes at 120 @1")
    }

    /// Row 31, mediamtx #4002
    private static let glive = Dialogue("a camera's time stands still at first") { peer in
        peer.becomesReady()
        peer.sends("publish", 3, "camera", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        for _ in 0..<3 { peer.sends(.video, keyframe, on: 1, at: 7) }
        peer.sends(.video, keyframe, on: 1, at: 47)
        peer.expectsSteps(
            "publish live/camera @1", "video 10 bytes at 7 @1", "video 10 bytes at 7 @1",
            "video 10 bytes at 7 @1", "video 10 bytes at 47 @1")
    }

    /// Row 32, mediamtx #2352
    private static let streamlabs = Dialogue("sound comes seconds after the picture") { peer in
        peer.becomesReady()
        peer.sends("publish", 3, "screen", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends(.video, videoHeader, on: 1)
        peer.sends(.video, keyframe, on: 1)
        peer.sends(.audio, audioHeader, on: 1, at: 3000)
        peer.sends(.audio, audioFrame, on: 1, at: 3000)
        peer.expectsSteps(
            "publish live/screen @1", "video 12 bytes at 0 @1", "video 10 bytes at 0 @1",
            "audio 4 bytes at 3000 @1", "audio 4 bytes at 3000 @1")
    }

    /// Rows 30, 35 and 46: nothing in it, only a size, codecs by name, a strict array.
    private static let oddMetadata = Dialogue("metadata says nothing, or says it oddly") { peer in
        peer.becomesReady()
        peer.sends("publish", 3, "camera", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        let values: [[AMFValue]] = [
            [], [.null], [[:]], [.ecmaArray([])], [["width": 1920, "height": 1080]],
            [["videocodecid": "avc1", "audiocodecid": "mp4a"]],
            [["videocodecid": 1_752_589_105, "tracks": .strictArray([["id": 1], .null])]],
        ]
        for value in values {
            peer.sends(
                .dataAMF0, AMF0Encoder.bytes(["@setDataFrame", "onMetaData"] + value), on: 1)
        }
        peer.expectsNothing()
        let lengths = values.map { AMF0Encoder.bytes(["onMetaData"] + $0).count }
        peer.expectsSteps(
            ["publish live/camera @1"] + lengths.map { "metadata \($0) bytes at 0 @1" })
    }

    /// Row 45, mediamtx #2986: more than a short string can hold.
    private static let vodTrack = Dialogue("OBS tells of its VOD track") { peer in
        peer.becomesReady()
        peer.sends("publish", 3, "camera", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        let data = AMF0Encoder.bytes([
            "additionalMedia",
            [
                "processingIntents": .strictArray(["ArchiveProgramNarrationAudio"]),
                "media": .string([UInt8](repeating: 0x78, count: 66_000)),
            ],
        ])
        peer.sends(.dataAMF0, data, on: 1)
        peer.sends(.video, keyframe, on: 1)
        peer.expectsSteps(
            "publish live/camera @1", "data \(data.count) bytes at 0 @1", "video 10 bytes at 0 @1")
    }

    /// Row 67, veovera #8: headers cut short, a packet type that there is not.
    private static let earlyHEVC = Dialogue("a beta encoder gets HEVC wrong") { peer in
        peer.becomesReady()
        peer.sends("publish", 3, "camera", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends(.video, [0x90, 0x68, 0x76, 0x63], on: 1)
        peer.sends(.video, [0x90, 0x68, 0x76, 0x63, 0x31], on: 1)
        peer.sends(.video, [0x9F, 0x68, 0x76, 0x63, 0x31, 0], on: 1)
        peer.sends(.video, [0x91, 0x68, 0x76, 0x63, 0x31, 0, 0, 0, 1], on: 1)
        peer.expectsNothing()
        peer.expectsSteps(
            "publish live/camera @1", "ignored \(IgnoredMessage.malformed(.video))",
            "video 5 bytes at 0 @1", "video 6 bytes at 0 @1", "video 9 bytes at 0 @1")
    }

    /// Rows 52 and 60: librtmp's answer to a ping opens its chunk stream with type 1; an
    /// acknowledgement has no header but type 3.
    private static let bareHeaders = Dialogue("control messages come with hardly a header") {
        peer in
        peer.becomesReady()
        peer.sends(bytes: [0x42, 0, 0, 0, 0, 0, 6, 4, 0, 7, 0, 0, 0x0D, 0x0F])
        peer.sends(bytes: [0x02, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 3, 0xD0, 0x90])
        peer.sends(bytes: [0xC2, 0, 7, 0xA1, 0x71])
        peer.expectsNothing()
        peer.expectsSteps(
            "userControl pingResponse 3343", "control acknowledgement 250000",
            "control acknowledgement 500081")
    }

    /// Rows 56, 70 and 73: a delta counts once a message, however many chunks it has; type 3 adds it
    /// again; types 1 to 3 mean the message stream of the type 0 before.
    private static let deltasOfLongMessages = Dialogue("long messages are told apart by deltas") {
        peer in
        peer.becomesReady()
        peer.sends("publish", 3, "camera", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        let headers: [[UInt8]] = [
            [0x06, 0, 3, 0xE8, 0, 1, 0x2C, 9, 1, 0, 0, 0], [0x46, 0, 0, 20, 0, 1, 0x2C, 9],
            [0xC6], [0x86, 0, 0, 30], [0xC6],
        ]
        for header in headers {
            let payload = [0x27, 1, 0, 0, 0] + [UInt8](repeating: 0x41, count: 295)
            peer.sends(
                bytes: header + payload[..<128] + [0xC6] + payload[128..<256] + [0xC6]
                    + payload[256...])
        }
        peer.expectsSteps(
            ["publish live/camera @1"]
                + [1000, 1020, 1040, 1070, 1100].map { "video 300 bytes at \($0) @1" })
    }
}
