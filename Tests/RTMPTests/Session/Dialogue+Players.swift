import RTMP
import TestSupport
import Testing

extension Dialogue {
    static let players = [ffmpegPlay, librtmpPlay, gstreamerPlay, flashPlay]

    /// T-CMD-03: start −2000 is "live or file" in milliseconds that are none.
    static let ffmpegPlay = Dialogue("ffmpeg plays") { peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: [
                "app": "live", "flashVer": "LNX 9,0,124,2", "tcUrl": "rtmp://localhost:1935/live",
                "fpad": false, "capabilities": 15, "audioCodecs": 4071, "videoCodecs": 252,
                "videoFunction": 1,
            ])
        peer.expects(connectAnswers(1))
        peer.sends(.windowAcknowledgementSize(2_500_000))
        peer.sends("createStream", 2)
        peer.sends("getStreamLength", 3, "test")
        peer.expects("_result 2 null 1", "_result 3 null 0")
        peer.sends("play", 4, "test", -2000, on: 1, chunkStream: 8)
        peer.sends(.setBufferLength(1, milliseconds: 3000))
        peer.expects("streamBegin 1", playReset("test", on: 1), playStart("test", on: 1))
        peer.sends(.acknowledgement(1_250_000))
        peer.sends("deleteStream", 5, 1)
        peer.expectsNothing()
        peer.expectsSteps(
            "handshakeDone simple", "connect live", "control windowAcknowledgementSize 2500000",
            "play live/test from -2000 @1", "userControl setBufferLength 1 3000",
            "control acknowledgement 1250000", "playEnded @1")
    }

    /// T-CMD-04; VLC and rtmpdump go the same way. FCUnsubscribe must stay without onFCUnsubscribe.
    static let librtmpPlay = Dialogue("librtmp plays") { peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1,
            object: [
                "app": "live", "flashVer": "LNX 10,0,32,18", "tcUrl": "rtmp://localhost/live",
                "fpad": false, "capabilities": 15, "audioCodecs": 3191, "videoCodecs": 252,
                "videoFunction": 1,
            ])
        peer.expects(connectAnswers(1))
        peer.sends(.windowAcknowledgementSize(5_000_000))
        peer.sends(.setBufferLength(0, milliseconds: 300))
        peer.sends("createStream", 2)
        peer.expects("_result 2 null 1")
        peer.sends("FCSubscribe", 3, "test")
        peer.expects(
            status("NetStream.Play.Start", "Subscribed.", name: "onFCSubscribe", on: 0))
        peer.sends("play", 4, "test", -1000, on: 1, chunkStream: 8)
        peer.sends(.setBufferLength(1, milliseconds: 36_000_000))
        peer.expects("streamBegin 1", playReset("test", on: 1), playStart("test", on: 1))
        peer.sends("pause", 5, true, 0, on: 1, chunkStream: 8)
        peer.expects(status("NetStream.Pause.Notify", "Paused.", on: 1))
        peer.sends("pause", 6, false, 0, on: 1, chunkStream: 8)
        peer.expects(status("NetStream.Unpause.Notify", "Unpaused.", on: 1))
        peer.sends("seek", 7, 1000, on: 1, chunkStream: 8)
        peer.expects(status("NetStream.Seek.Notify", "Live goes on.", on: 1))
        peer.sends("FCUnsubscribe", 8, "test")
        peer.sends("deleteStream", 9, 1)
        peer.expectsNothing()
        peer.expectsSteps(
            "handshakeDone simple", "connect live", "control windowAcknowledgementSize 5000000",
            "userControl setBufferLength 0 300", "play live/test from -1000 @1",
            "userControl setBufferLength 1 36000000", "paused true @1", "paused false @1",
            "playEnded @1")
    }

    /// T-CMD-05
    static let gstreamerPlay = Dialogue("GStreamer plays") { peer in
        peer.shakesHands()
        peer.sends(
            "connect", 1, object: ["app": "live", "tcUrl": "rtmp://localhost/live"])
        peer.expects(connectAnswers(1))
        peer.sends("createStream", 2)
        peer.expects("_result 2 null 1")
        peer.sends("play", 0, "test", -2, on: 1)
        peer.expects("streamBegin 1", playReset("test", on: 1), playStart("test", on: 1))
        peer.sends("deleteStream", 0, 1)
        peer.expectsSteps(
            "handshakeDone simple", "connect live", "play live/test from -2 @1", "playEnded @1")
    }

    /// T-CMD-16, the session's half; CMD-18.
    static let flashPlay = Dialogue("Flash Player mutes, switches and pauses") { peer in
        peer.becomesReady(flashVersion: "MAC 10,1,0,0")
        peer.sends("play", 0, "low", -2, -1, false, on: 1)
        peer.expects("streamBegin 1", playStart("low", on: 1))
        peer.sends("receiveVideo", 0, false, on: 1)
        peer.expectsNothing()
        peer.sends("receiveVideo", 0, true, on: 1)
        peer.expects(
            status("NetStream.Seek.Notify", "Live goes on.", on: 1), playStart("low", on: 1))
        peer.sends("receiveAudio", 0, false, on: 1)
        peer.sends("play2", 0, ["streamName": "high", "transition": "switch"], on: 1)
        peer.expects("streamBegin 1", playStart("high", on: 1))
        peer.sends("pauseRaw", 0, true, 120, on: 1)
        peer.expects(status("NetStream.Pause.Notify", "Paused.", on: 1))
        peer.sends("closeStream", 0, on: 1)
        peer.expectsSteps(
            "play live/low from -2 @1", "receives video false @1", "receives video true @1",
            "receives audio false @1", "play live/high from -2 @1", "receives audio false @1",
            "paused true @1", "playEnded @1")
    }
}
