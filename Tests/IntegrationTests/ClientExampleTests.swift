import Foundation
import Posix
import RTMPClient
import Testing

// The example of specs/003-rtmp-client/spec.md, word for word.

func relay(from source: String, to target: String) throws(ClientError) {
    let player = try Player(from: source)
    let publisher = try Publisher(to: target)
    while case .media(let packet) = try player.next() {
        try publisher.send(packet)
    }
    publisher.finish()
    player.finish()
}

@Suite struct ClientExampleTests {
    @Test func `the example of the specification is this one`() throws {
        let here = URL(filePath: #filePath)
        let page = try String(
            contentsOf: URL(filePath: "../../specs/003-rtmp-client/spec.md", relativeTo: here),
            encoding: .utf8)
        let example = try #require(
            page.firstMatch(of: /(?s)```swift\nimport RTMPClient\n\n(.*?)```/))
        #expect(try String(contentsOf: here, encoding: .utf8).contains(example.1))
    }

    @Test func `the example carries a stream from one name to another`() throws {
        let rig = try TestServer()
        let (source, target) = (rig.url("live/a"), rig.url("live/b"))
        let outcome = Lock<ClientError?>(nil)
        let thread = try Posix.Thread.start(name: "relay") {
            do throws(ClientError) {
                try relay(from: source, to: target)
            } catch {
                outcome.withLock { $0 = error }
            }
        }
        _ = try rig.publisher(of: "live/b")
        let player = try Player(from: target)
        let publisher = try Publisher(to: source)
        let keyframe = try #require(
            MediaPacket(
                kind: .video, timestampMilliseconds: 0, bytes: TestMedia.keyframe(1)))
        try publisher.send(keyframe)
        publisher.finish()
        var got: [[UInt8]] = []
        while case .media(let packet) = try player.next(within: .seconds(10)) {
            got.append(packet.bytes)
        }
        thread.join()
        player.finish()
        #expect(outcome.withLock { $0 } == nil)
        #expect(got == [TestMedia.keyframe(1)])
    }
}
