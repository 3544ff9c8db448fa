/// Goes over the tracks of a multitrack message (RTMP.md §6.2).
struct MultitrackReader {
    /// What one track brought.
    struct Part {
        var fourCC: FourCC
        var track: UInt8
        /// Bytes of the payload.
        var body: Range<Int>
    }

    /// A field or a size passes the end of the message.
    struct Truncated: Error {}

    private enum Layout: UInt8 {
        case oneTrack = 0
        case manyTracks = 1
        case manyTracksManyCodecs = 2
    }

    private let layout: Layout
    private var cursor: ByteCursor
    private var fourCC: FourCC?
    private var isFirst = true

    /// `cursor`: behind the byte with the layout. nil: nobody knows this layout.
    init?(layout: UInt8, _ cursor: ByteCursor) {
        guard let layout = Layout(rawValue: layout) else { return nil }
        self.layout = layout
        self.cursor = cursor
    }

    mutating func next() throws(Truncated) -> Part? {
        // A message of no track at all is truncated.
        guard isFirst || !cursor.isEmpty && layout != .oneTrack else { return nil }
        let track: UInt8
        switch layout {
        case .oneTrack:
            fourCC = try readFourCC()
            guard let number = cursor.readUInt8() else { throw Truncated() }
            track = number
        case .manyTracks:
            if isFirst { fourCC = try readFourCC() }
            guard let number = cursor.readUInt8() else { throw Truncated() }
            track = number
        case .manyTracksManyCodecs:
            fourCC = try readFourCC()
            guard let number = cursor.readUInt8() else { throw Truncated() }
            track = number
        }
        isFirst = false
        var size = cursor.count
        if layout != .oneTrack {
            guard let length = cursor.readUInt24() else { throw Truncated() }
            size = Int(length)
        }
        let start = cursor.offset
        guard let fourCC, cursor.skip(size) else { throw Truncated() }
        return Part(fourCC: fourCC, track: track, body: start..<cursor.offset)
    }

    private mutating func readFourCC() throws(Truncated) -> FourCC {
        guard let value = cursor.readUInt32() else { throw Truncated() }
        return FourCC(rawValue: value)
    }
}
