import RTMP
import TestSupport
import Testing

extension Dialogue {
    static let publishers = [
        obs, ffmpegPublish, gstreamerPublish, fmle, haivision, flashPublish, hardware,
    ]

    /// T-CMD-01
    static let obs = Dialogue("OBS publishes") { peer in
        peer.shakesHands()
        peer.sends(.setChunkSize(4096))
        peer.sends(
            "connect", 1,
            object: [
                "app": "live", "type": "nonprivate",
                "flashVer": "FMLE/3.0 (compatible; FMSc/1.0)",
                "swfUrl": "rtmp://localhost:1935/live", "tcUrl": "rtmp://localhost:1935/live",
            ])
        peer.expects(connectAnswers(1))
        peer.sends("releaseStream", 2, "camera")
        peer.sends("FCPublish", 3, "camera")
        peer.sends("createStream", 4)
        peer.expects("_result 2 null null", "_result 3 null null", onFCPublish, "_result 4 null 1")
        peer.sends("publish", 5, "camera", "live", on: 1, chunkStream: 4)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends(.dataAMF0, setDataFrame, on: 1)
        peer.sends(.audio, audioHeader, on: 1)
        peer.sends(.video, videoHeader, on: 1)
        peer.sends(.video, keyframe, on: 1, at: 40)
        peer.sends(.audio, audioFrame, on: 1, at: 42)
        peer.expectsNothing()
        peer.sends("FCUnpublish", 6, "camera")
        peer.sends("deleteStream", 7, 1)
        peer.expects(unpublished(on: 0, name: "onFCUnpublish"), "_result 6 null null")
        peer.expectsSteps(
            "handshakeDone simple", "control setChunkSize 4096", "connect live",
            "publish live/camera @1", "metadata \(metadataLength) bytes at 0 @1",
            "audio 4 bytes at 0 @1", "video 12 bytes at 0 @1", "video 10 bytes at 40 @1",
            "audio 4 bytes at 42 @1", "publishEnded @1")
    }

    /// T-CMD-02: publish on chunk stream 8; data and audio share chunk stream 4, video has 6.
    static let ffmpegPublish = Dialogue("ffmpeg publishes") { peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: [
                "app": "live", "type": "nonprivate", "flashVer": "FMLE/3.0 (compatible; Lavf60.16)",
                "tcUrl": "rtmp://localhost:1935/live",
            ])
        peer.expects(connectAnswers(1))
        // It copies our chunk size to its own writer (CH-16).
        peer.sends(.setChunkSize(60000))
        peer.sends("releaseStream", 2, "test")
        peer.sends("FCPublish", 3, "test")
        peer.sends("createStream", 4)
        peer.expects("_result 2 null null", "_result 3 null null", onFCPublish, "_result 4 null 1")
        peer.sends("publish", 5, "test", "live", on: 1, chunkStream: 8)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends(.dataAMF0, setDataFrame, on: 1)
        peer.sends(.video, videoHeader, on: 1, chunkStream: 6)
        peer.sends(.audio, audioHeader, on: 1)
        // Its timecode stream: no name in front, so not data we know (AMF-9).
        peer.sends(.dataAMF0, [0, 0, 0, 0], on: 1)
        peer.sends(.video, keyframe, on: 1, at: 33, chunkStream: 6)
        peer.sends("FCUnpublish", 6, "test")
        peer.sends("deleteStream", 7, 1)
        peer.expects(unpublished(on: 0, name: "onFCUnpublish"), "_result 6 null null")
        peer.expectsSteps(
            "handshakeDone simple", "connect live", "control setChunkSize 60000",
            "publish live/test @1", "metadata \(metadataLength) bytes at 0 @1",
            "video 12 bytes at 0 @1", "audio 4 bytes at 0 @1",
            "ignored \(IgnoredMessage.malformed(.dataAMF0))", "video 10 bytes at 33 @1",
            "publishEnded @1")
    }

    /// T-CMD-05: transaction 0 everywhere but connect and createStream; the first onStatus on the
    /// stream must be Publish.Start.
    static let gstreamerPublish = Dialogue("GStreamer publishes") { peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: ["app": "live", "type": "nonprivate", "tcUrl": "rtmp://localhost/live"])
        peer.expects(connectAnswers(1))
        peer.sends(.setChunkSize(65536))
        peer.sends("releaseStream", 0, "test")
        peer.sends("FCPublish", 0, "test")
        peer.sends("createStream", 2)
        peer.expects(onFCPublish, "_result 2 null 1")
        peer.sends("publish", 0, "test", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends(.video, keyframe, on: 1)
        peer.sends("FCUnpublish", 0, "test")
        peer.sends("deleteStream", 0, 1)
        peer.expects(unpublished(on: 0, name: "onFCUnpublish"))
        peer.expectsSteps(
            "handshakeDone simple", "connect live", "control setChunkSize 65536",
            "publish live/test @1", "video 10 bytes at 0 @1", "publishEnded @1")
    }

    static let fmle = Dialogue("Flash Media Live Encoder publishes") { peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: [
                "app": "live/_definst_", "flashVer": "FMLE/3.2", "swfUrl": "rtmp://localhost/live",
                "tcUrl": "rtmp://localhost/live/_definst_",
            ])
        peer.expects(connectAnswers(1))
        peer.sends("releaseStream", 2, "camera")
        peer.sends("FCPublish", 3, "camera")
        peer.expects("_result 2 null null", "_result 3 null null", onFCPublish)
        peer.sends("createStream", 4)
        peer.expects("_result 4 null 1")
        peer.sends("publish", 5, "camera", "live", on: 1, chunkStream: 8)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends(.audio, audioFrame, on: 1)
        peer.sends("closeStream", 0, on: 1)
        peer.expects(unpublished(on: 1))
        peer.expectsSteps(
            "handshakeDone simple", "connect live", "publish live/camera @1",
            "audio 4 bytes at 0 @1", "publishEnded @1")
    }

    /// T-CMD-06, T-CMD-19, srs #844
    static let haivision = Dialogue("Haivision asks for bandwidth and turns the order round") {
        peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1, object: ["app": "live", "tcUrl": "rtmp://localhost/live"])
        peer.expects(connectAnswers(1))
        peer.sends("_checkbw", 2)
        peer.expects("_result 2 null null")
        peer.sends("createStream", 3)
        peer.expects("_result 3 null 1")
        peer.sends("releaseStream", 4, "camera")
        peer.sends("FCPublish", 5, "camera")
        peer.expects("_result 4 null null", "_result 5 null null", onFCPublish)
        peer.sends("publish", 6, "camera", "live", on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.expectsSteps("handshakeDone simple", "connect live", "publish live/camera @1")
    }

    /// T-CMD-07: AMF3 commands, no FCPublish, several NetStreams, one of them plays.
    static let flashPublish = Dialogue("Flash Player publishes and plays with two NetStreams") {
        peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: [
                "app": "live", "flashVer": "WIN 32,0,0,465", "swfUrl": "http://localhost/a.swf",
                "tcUrl": "rtmp://localhost/live", "objectEncoding": 3,
            ])
        peer.expects(connectAnswers(1))
        peer.sends("createStream", 2)
        peer.sends("createStream", 3)
        peer.expects("_result 2 null 1", "_result 3 null 2")
        let publish = AMF0Encoder.bytes(["publish", 0, .null, "camera", "live"])
        peer.sends(.commandAMF3, [0] + publish, on: 1)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends("play", 0, "other", on: 2)
        peer.expects(
            "streamBegin 2", playReset("other", on: 2), playStart("other", on: 2),
            "data |RtmpSampleAccess true true @2")
        peer.sends(.audio, audioFrame, on: 1)
        peer.sends(.audio, audioFrame, on: 2)
        peer.sends("deleteStream", 0, 2)
        peer.sends("closeStream", 0, on: 1)
        peer.expects(unpublished(on: 1))
        peer.expectsSteps(
            "handshakeDone simple", "connect live", "publish live/camera @1",
            "play live/other from -2 @2", "audio 4 bytes at 0 @1",
            "ignored \(IgnoredMessage.mediaWithoutPublish(.audio))", "playEnded @2",
            "publishEnded @1")
    }

    /// No createStream, no type; control on odd chunk streams; a ping to the server
    /// (mediamtx PR #4909, nginx 6ab1460, membrane PR #81; CMD-8).
    static let hardware = Dialogue("a camera leaves out what it can") { peer in
        peer.shakesHands()
        peer.sends(ControlMessage.setChunkSize(1024).message(), on: 5)
        peer.sends("connect", 1, object: ["app": "cam", "tcUrl": "rtmp://localhost/cam"])
        peer.expects(connectAnswers(1))
        peer.sends("publish", 2, "1", on: 0)
        peer.expects("streamBegin 1", publishStart(on: 1))
        peer.sends(.video, videoHeader, on: 0)
        peer.sends(.pingRequest(0x0D0F))
        peer.expects("pingResponse 3343")
        peer.sends(.video, keyframe, on: 1)
        peer.expectsSteps(
            "handshakeDone simple", "control setChunkSize 1024", "connect cam", "publish cam/1 @1",
            "video 12 bytes at 0 @1", "userControl pingRequest 3343", "video 10 bytes at 0 @1")
    }
}
