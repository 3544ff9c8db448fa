package import RTMP

/// The messages every player needs before media: metadata, sequence headers, track metadata.
///
/// One record per kind, landmark and tracks is in force. A record that was replaced stays while the
/// window still holds media from its time, so that a player may start there.
package struct HeaderTable: Sendable {
    struct Record: Sendable {
        var message: MediaMessage
        /// A message of several tracks is one record.
        var tracks: Set<UInt8>
        var rank: UInt8
        /// Where the message came in.
        var sequence: UInt64
        /// The last place where it is in force: there another one comes in; `UInt64.max` until then.
        var replacedAt: UInt64
    }

    /// More tracks than this are forwarded but not kept for those who join later.
    static let recordsMaximum = 64
    static let bytesMaximum = 4 << 20

    /// In the order of MED-9, within a rank as they came.
    private(set) var records: [Record] = []
    /// Where the newest header came in that is different from the one before.
    private(set) var newestSequence: UInt64?
    /// Headers that were not kept for lack of room.
    private(set) var refused: UInt64 = 0
    private var bytesInForce = 0
    private var recordsInForce = 0
    private var oldestReplacement = UInt64.max

    package init() {}

    /// What a decoder needs now, in the order of MED-9.
    package var inForce: [MediaMessage] {
        records.lazy.filter { $0.replacedAt == .max }.map(\.message)
    }

    /// MED-9: metadata, colour, audio headers, video headers, channel layouts.
    static func rank(of message: borrowing MediaMessage) -> UInt8 {
        switch (message.kind, message.landmark) {
        case (.metadata, _), (.data, _): 0
        case (.video, .trackMetadata): 1
        case (.audio, .trackMetadata): 4
        case (.audio, _): 2
        case (.video, _): 3
        }
    }

    /// Takes a header that came in at `sequence`. The same bytes again change nothing (MED-1).
    package mutating func update(with message: MediaMessage, at sequence: UInt64) {
        let rank = Self.rank(of: message)
        let tracks = message.tracks
        let earlier = records.indices.filter { index in
            let record = records[index]
            return record.replacedAt == .max && record.rank == rank
                && !record.tracks.isDisjoint(with: tracks)
                && record.message.audience.isWithin(message.audience)
        }
        if let last = earlier.last,
            records[last].message.payload.hasSameBytes(as: message.payload)
        {
            return
        }
        // One that has a track besides stays, and goes out before the newer one.
        for index in earlier where records[index].tracks.isSubset(of: tracks) {
            replace(index, at: sequence)
        }
        guard recordsInForce < Self.recordsMaximum,
            bytesInForce + message.payload.count <= Self.bytesMaximum
        else {
            refused += 1
            return
        }
        let record = Record(
            message: message, tracks: tracks, rank: rank, sequence: sequence, replacedAt: .max)
        let index = records.firstIndex { $0.rank > rank } ?? records.endIndex
        records.insert(record, at: index)
        recordsInForce += 1
        bytesInForce += message.payload.count
        newestSequence = sequence
    }

    /// `@clearDataFrame`: whoever joins from here on gets no metadata.
    package mutating func clearMetadata(at sequence: UInt64) {
        if let index = records.firstIndex(where: { $0.replacedAt == .max && $0.rank == 0 }) {
            replace(index, at: sequence)
        }
    }

    /// Nothing from before `sequence` is in force there or later.
    mutating func clear(at sequence: UInt64) {
        for index in records.indices where records[index].replacedAt == .max {
            replace(index, at: sequence &- 1)
        }
        newestSequence = nil
    }

    /// Lets go of records that no message of the window can need.
    package mutating func forget(before sequence: UInt64) {
        guard oldestReplacement < sequence else { return }
        records.removeAll { $0.replacedAt < sequence }
        oldestReplacement = records.reduce(.max) { min($0, $1.replacedAt) }
    }

    private mutating func replace(_ index: Int, at sequence: UInt64) {
        records[index].replacedAt = sequence
        recordsInForce -= 1
        bytesInForce -= records[index].message.payload.count
        oldestReplacement = min(oldestReplacement, sequence)
    }
}

extension MediaMessage.Audience {
    /// Whoever gets this gets the other as well.
    fileprivate func isWithin(_ other: MediaMessage.Audience) -> Bool {
        self == other || other == .everybody
    }
}

extension Payload {
    fileprivate func hasSameBytes(as other: Payload) -> Bool {
        guard self !== other else { return true }
        return withUnsafeBytes { own in other.withUnsafeBytes { own.elementsEqual($0) } }
    }
}
