/// Data messages: a name, then values of AMF0.
extension MediaMessage {
    /// `@clearDataFrame` of `onMetaData`: who joins later gets no metadata.
    package var clearsMetadata: Bool {
        guard kind == .data else { return false }
        return payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            return cursor.readName()?.elementsEqual(Name.clearDataFrame) == true
                && cursor.readName()?.elementsEqual(Name.onMetaData) == true
        }
    }

    /// The values stay as they came; in front of the name go the format selector of type 15 (AMF-10)
    /// and `@setDataFrame`.
    static func data(_ original: Message, limits: Limits) -> MediaMessage? {
        guard let message = inAMF0(original, limits: limits) else { return nil }
        return message.payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            AMF0Decoder.skipFormatSelector(of: message.type, &cursor)
            var start = cursor.offset
            guard var name = cursor.readName() else { return nil }
            if name.elementsEqual(Name.setDataFrame) {
                start = cursor.offset
                guard let inner = cursor.readName() else { return nil }
                name = inner
            }
            let payload =
                start == 0
                ? message.payload
                : Payload(copying: UnsafeRawBufferPointer(rebasing: bytes[start...]))
            return MediaMessage(
                kind: name.elementsEqual(Name.onMetaData) ? .metadata : .data, isFrame: false,
                timestamp: message.timestamp, payload: payload)
        }
    }

    /// A message of type 15 whose values change to AMF3 says them in AMF0, as players expect of the
    /// type 18 it leaves with (AMF-10). All others stay as they are. nil: its AMF3 cannot be read.
    private static func inAMF0(_ message: Message, limits: Limits) -> Message? {
        guard message.type == .dataAMF3 else { return message }
        return message.payload.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            AMF0Decoder.skipFormatSelector(of: message.type, &cursor)
            // Without the marker anywhere, nothing needs to be read.
            guard bytes[cursor.offset...].contains(AMF0Marker.avmPlus) else { return message }
            var limits = limits
            limits.amfNodes = limits.amfNodes(ofDataBytes: bytes.count)
            var decoder = AMF0Decoder(limits: limits)
            var values: [AMFValue] = []
            do throws(AMFError) {
                while !cursor.isEmpty { values.append(try decoder.next(&cursor)) }
            } catch {
                return decoder.hasSwitched ? nil : message
            }
            guard decoder.hasSwitched else { return message }
            return Message(
                type: .dataAMF0, messageStreamID: message.messageStreamID,
                timestamp: message.timestamp, payload: Payload(AMF0Encoder.bytes(values)))
        }
    }

    private enum Name {
        static let setDataFrame = "@setDataFrame".utf8
        static let clearDataFrame = "@clearDataFrame".utf8
        static let onMetaData = "onMetaData".utf8
    }
}

extension ByteCursor {
    /// An AMF0 string: marker, length, bytes.
    fileprivate mutating func readName() -> UnsafeRawBufferPointer? {
        guard readUInt8() == 2, let length = readUInt16() else { return nil }
        return read(Int(length))
    }
}
