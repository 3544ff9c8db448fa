import RTMP

/// AMF0 and, behind the switch, AMF3: values or an `AMFError`.
///
/// The first byte: bit 0 puts the switch to AMF3 in front, bit 1 reads a command as well, bit 2 one of
/// type 17, bit 3 takes the rest as choices of a script. What was understood can be written, and
/// means the same then.
enum AMFTarget {
    private static let commandStart = AMF0Encoder.bytes(["play", 4, .null])

    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let options = input.byte()
        let rest =
            options & 8 == 0
            ? Array(input.rest)
            : (options & 2 == 0 ? [] : commandStart) + AMFScript.values(4, &input)
        let body = (options & 1 == 0 ? [] : [0x11]) + rest
        if options & 2 != 0 { checkCommand(body, isAMF3: options & 4 != 0) }
        guard let values = try? decode(body, Limits()) else { return }
        // References are written out, and what was cut off at the end is closed, each of which may
        // count more than it did.
        var limits = Limits()
        limits.amfDepth += 1
        limits.amfNodes *= 4
        limits.amfStringBytes *= 4
        let again = AMF0Encoder.bytes(values)
        do {
            let read = try decode(again, limits)
            hold(read == values, "decode(encode(values)): \(read), not \(values)")
        } catch {
            hold(false, "what we write is read: \(error), \(values)")
        }
    }

    private static func checkCommand(_ body: [UInt8], isAMF3: Bool) {
        let message = Message(
            type: isAMF3 ? .commandAMF3 : .commandAMF0, messageStreamID: 1, timestamp: 0,
            payload: Payload(body))
        guard let command = try? Command.decode(message, limits: Limits()) else { return }
        hold(command.message().messageStreamID == 1, "a command goes out where it came from")
    }

    private static func decode(_ bytes: [UInt8], _ limits: Limits) throws(AMFError) -> [AMFValue] {
        let payload = Payload(bytes)
        return try AMF0Decoder.values(
            of: UnsafeRawBufferPointer(start: payload.pointer, count: payload.count),
            limits: limits)
    }
}
