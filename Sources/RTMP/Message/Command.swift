/// A command message, types 20 and 17 (RTMP 1.0, 7.2).
package struct Command: Sendable {
    package var name: String
    /// Opaque: echoed bit by bit (CMD-1).
    package var transaction: Double
    /// The command object, null where there is none.
    package var object: AMFValue
    package var arguments: [AMFValue]
    package var messageStreamID: MessageStreamID

    package init(
        name: String, transaction: Double, object: AMFValue, arguments: [AMFValue],
        messageStreamID: MessageStreamID
    ) {
        self.name = name
        self.transaction = transaction
        self.object = object
        self.arguments = arguments
        self.messageStreamID = messageStreamID
    }
}

extension Command {
    /// Name, start, duration and reset of `play`: nobody reads further arguments, so an error behind
    /// them is trailing bytes (AMF-7).
    private static let argumentsRead = 4

    /// Reads a message of type 20 or 17 (AMF-10); nil if it does not begin with a name and a number.
    package static func decode(
        _ message: Message, limits: Limits
    ) throws(AMFError) -> Command? {
        let payload = message.payload
        // The closure of `withUnsafeBytes` would lose the type of the error.
        defer { withExtendedLifetime(payload) {} }
        let values = try values(
            of: UnsafeRawBufferPointer(start: payload.pointer, count: payload.count),
            type: message.type, limits: limits)
        guard values.count >= 2, let name = values[0].string, let transaction = values[1].number
        else { return nil }
        return Command(
            name: name, transaction: transaction, object: values.count > 2 ? values[2] : .null,
            arguments: Array(values.dropFirst(3)), messageStreamID: message.messageStreamID)
    }

    private static func values(
        of bytes: UnsafeRawBufferPointer, type: MessageType, limits: Limits
    ) throws(AMFError) -> [AMFValue] {
        var cursor = ByteCursor(bytes)
        AMF0Decoder.skipFormatSelector(of: type, &cursor)
        var decoder = AMF0Decoder(limits: limits)
        var values: [AMFValue] = []
        while !cursor.isEmpty {
            do {
                values.append(try decoder.next(&cursor))
            } catch {
                guard values.count >= 3 + argumentsRead else { throw error }
                break
            }
        }
        return values
    }

    package func message() -> Message {
        let body = AMF0Encoder.bytes([.text(name), .number(transaction), object] + arguments)
        return Message(
            type: .commandAMF0, messageStreamID: messageStreamID, timestamp: 0,
            payload: Payload(body))
    }
}

extension Command {
    /// Whether the peer waits for an answer: transaction 0 asks for none (RTMP 1.0, 7.2.1).
    var expectsAnswer: Bool { transaction != 0 }

    func argument(_ index: Int) -> AMFValue? {
        index < arguments.count ? arguments[index] : nil
    }

    /// `_result` on the NetConnection with the transaction of this command (CMD-1).
    func result(object: AMFValue = .null, _ value: AMFValue = .null) -> Message {
        answer("_result", object: object, value)
    }

    func error(_ status: Status) -> Message {
        answer("_error", object: .null, .object(status.properties))
    }

    private func answer(_ name: String, object: AMFValue, _ value: AMFValue) -> Message {
        Command(
            name: name, transaction: transaction, object: object, arguments: [value],
            messageStreamID: 0
        ).message()
    }
}
