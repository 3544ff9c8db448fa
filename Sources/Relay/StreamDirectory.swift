package import RTMP

/// The streams of a server by key, and the keys that are held.
///
/// A stream exists while somebody publishes, plays or waits; `Stream` is whatever handle the engine
/// shares between its threads.
package struct StreamDirectory<Stream> {
    package let capacity: Int
    package private(set) var streams: [StreamKey: Stream] = [:]
    package var holds = HoldList()

    package init(capacity: Int) {
        self.capacity = capacity
    }

    package var count: Int { streams.count }

    package subscript(key: StreamKey) -> Stream? { streams[key] }

    /// The stream of that key, made if there is none; nil: there are too many.
    package mutating func findOrCreate(_ key: StreamKey, make: () -> Stream) -> Stream? {
        if let stream = streams[key] { return stream }
        guard streams.count < capacity else { return nil }
        let stream = make()
        streams[key] = stream
        return stream
    }

    /// Removes a stream that nobody uses any more.
    package mutating func remove(_ key: StreamKey) {
        streams[key] = nil
    }
}

extension StreamDirectory: Sendable where Stream: Sendable {}
