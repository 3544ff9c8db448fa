/// The body of a file's first tag: `onMetaData` with figures that are known only at the end.
///
/// It keeps its length whatever the figures are, so that it can be written over in place (FLV-1,
/// FLV-2): numbers have a fixed size, and the index of keyframes shares a reserved room with filling
/// text. Until then `duration` is 0, which players take for unknown.
package struct FLVMetadata: Sendable {
    /// Everything but the index and its filling, in order; our figures among it.
    private var properties: [AMFProperty]
    private var isECMAArray = true
    /// Bytes of the index and its filling.
    private var reservedBytes: Int

    /// What only the file itself knows: replaced in a new file, and not sent on (FLV-6).
    private enum Key {
        static let duration = Array("duration".utf8)
        static let fileSize = Array("filesize".utf8)
        static let lastTimestamp = Array("lasttimestamp".utf8)
        static let lastKeyframe = Array("lastkeyframetimestamp".utf8)
        static let keyframes = Array("keyframes".utf8)
        static let filling = Array("reserved".utf8)
        static let numbers = [duration, fileSize, lastTimestamp, lastKeyframe]
        static let ofFiles = numbers + [keyframes, filling]
    }

    private static let name: AMFValue = "onMetaData"
    private static let amfNodesMaximum = 1 << 17

    /// Of a new file, with the publisher's values if it sent any: the payload of its `onMetaData`.
    ///
    /// `keyframesMaximum`: room for an index of so many (18 bytes each); 0 or 1 for none.
    package init(publisher: Payload?, keyframesMaximum: Int, limits: Limits) {
        properties = Key.numbers.map { AMFProperty(key: $0, value: 0) }
        let values = publisher.flatMap { Self.values(of: $0, limits: limits) }
        properties += (values?.properties ?? []).filter { !Key.ofFiles.contains($0.key) }
        reservedBytes =
            keyframesMaximum > 1
            ? Self.indexLength(count: keyframesMaximum) + Self.fillingMinimum : 0
    }

    /// Of a file that is there, ours or another's; nil if writing it over would change its length.
    package init?(of body: Payload, limits: Limits) {
        guard let values = Self.values(of: body, limits: limits), let all = values.properties else {
            return nil
        }
        if case .object = values { isECMAArray = false }
        properties = all.filter { $0.key != Key.keyframes && $0.key != Key.filling }
        reservedBytes = 0
        reservedBytes = body.count - self.body(FLVFigures()).count
        let reserved = all.filter { $0.key == Key.keyframes || $0.key == Key.filling }
        guard reservedBytes == reserved.reduce(0, { $0 + Self.length(of: $1) }),
            reservedBytes == 0 || reservedBytes >= Self.fillingMinimum
        else { return nil }
    }

    /// How many keyframes the room holds.
    package var keyframesMaximum: Int {
        let room = reservedBytes - Self.fillingMinimum - Self.indexLength(count: 0)
        return max(0, room / Self.bytesOfKeyframe)
    }

    /// The payload with these figures; always of the same length.
    package func body(_ figures: FLVFigures) -> [UInt8] {
        let numbers: [([UInt8], Double)] = [
            (Key.duration, Double(figures.durationMilliseconds) / 1000),
            (Key.fileSize, Double(figures.fileBytes)),
            (Key.lastTimestamp, Double(figures.lastTimestamp) / 1000),
            (Key.lastKeyframe, Double(figures.lastKeyframeTimestamp ?? 0) / 1000),
        ]
        var all = properties.map { property in
            guard case .number = property.value,
                let figure = numbers.first(where: { $0.0 == property.key })
            else { return property }
            return AMFProperty(key: property.key, value: .number(figure.1))
        }
        all += reserved(figures.keyframes)
        return AMF0Encoder.bytes([Self.name, isECMAArray ? .ecmaArray(all) : .object(all)])
    }

    // MARK: The index

    private static let bytesOfKeyframe = 2 * 9
    /// The key, and an array without a string in it.
    private static let fillingMinimum = 2 + Key.filling.count + 5
    /// ffmpeg refuses metadata with a string of 1024 bytes.
    private static let fillingString = 1000

    /// The index, if there is one, and what fills the room up to its length.
    private func reserved(_ keyframes: [FLVFigures.Keyframe]) -> [AMFProperty] {
        guard reservedBytes > 0 else { return [] }
        var result: [AMFProperty] = []
        var room = reservedBytes
        // ffmpeg calls an index of one invalid.
        if keyframes.count > 1, keyframes.count <= keyframesMaximum {
            let index = Self.index(keyframes)
            result.append(index)
            room -= Self.length(of: index)
        }
        return result + [Self.filling(bytes: room)]
    }

    private static func index(_ keyframes: [FLVFigures.Keyframe]) -> AMFProperty {
        AMFProperty(
            key: Key.keyframes,
            value: [
                "filepositions": .strictArray(keyframes.map { .number(Double($0.position)) }),
                "times": .strictArray(
                    keyframes.map { .number(Double($0.milliseconds) / 1000) }),
            ])
    }

    private static func indexLength(count: Int) -> Int {
        length(of: index([])) + count * bytesOfKeyframe
    }

    /// Text in an array that takes just `bytes`, key included.
    private static func filling(bytes: Int) -> AMFProperty {
        var rest = bytes - fillingMinimum
        var strings: [AMFValue] = []
        while rest > 0 {
            // Marker and length of a string take three bytes: leave none or enough for another.
            var length = min(rest, fillingString + 3)
            if rest - length > 0, rest - length < 3 { length -= 3 }
            guard length >= 3 else {
                strings += Array(repeating: .null, count: rest)
                break
            }
            strings.append(.string(Array(repeating: UInt8(ascii: " "), count: length - 3)))
            rest -= length
        }
        return AMFProperty(key: Key.filling, value: .strictArray(strings))
    }

    private static func length(of property: AMFProperty) -> Int {
        2 + property.key.count + AMF0Encoder.bytes([property.value]).count
    }

    // MARK: Publishing

    /// What a publisher sends for a data tag: `@setDataFrame` before metadata, which loses what is true
    /// of the file only; anything else as it is (FLV-6).
    package static func published(_ tag: FLVTag, limits: Limits) -> Payload {
        guard let values = values(of: tag.payload, limits: limits),
            let properties = values.properties
        else { return tag.payload }
        let kept = properties.filter { !Key.ofFiles.contains($0.key) }
        return Payload(AMF0Encoder.bytes(["@setDataFrame", name, .ecmaArray(kept)]))
    }

    /// The value behind `onMetaData`; nil for any other data.
    private static func values(of payload: Payload, limits: Limits) -> AMFValue? {
        let values = payload.withUnsafeBytes { bytes -> [AMFValue]? in
            // An index of thousands of keyframes is well formed too.
            var limits = limits
            limits.amfNodes = max(limits.amfNodes, amfNodesMaximum)
            // What does not parse is no metadata; the file is as good without (AMF-7).
            return try? AMF0Decoder.values(of: bytes, limits: limits)
        }
        guard let values, values.count >= 2, values[0] == name else { return nil }
        return values[1]
    }
}
