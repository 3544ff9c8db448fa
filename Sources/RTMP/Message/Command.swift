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
        values.reserveCapacity(4)
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
        Self.message(name, transaction: transaction, on: messageStreamID) { encoder in
            encoder.encode(object)
            for argument in arguments { encoder.encode(argument) }
        }
    }

    /// A command whose object and arguments are written by `body`.
    static func message(
        _ name: String, transaction: Double, on messageStreamID: MessageStreamID,
        _ body: (inout AMF0Encoder) -> Void
    ) -> Message {
        var encoder = AMF0Encoder()
        encoder.encode(text: name)
        encoder.encode(.number(transaction))
        body(&encoder)
        return Message(
            type: .commandAMF0, messageStreamID: messageStreamID, timestamp: 0,
            payload: Payload(encoder.bytes))
    }
}

extension Command {
    /// Whether the peer waits for an answer: transaction 0 asks for none (RTMP 1.0, 7.2.1).
    var expectsAnswer: Bool { transaction != 0 }

    func argument(_ index: Int) -> AMFValue? {
        index < arguments.count ? arguments[index] : nil
    }

    /// `_result` on the NetConnection with the transaction of this command (CMD-1).
    func result(_ value: AMFValue = .null) -> Message {
        Self.message("_result", transaction: transaction, on: 0) { encoder in
            encoder.encode(.null)
            encoder.encode(value)
        }
    }

    /// The same with a status, as connect is answered.
    func result(object: AMFValue, _ status: Status, adding more: [AMFProperty]) -> Message {
        Self.message("_result", transaction: transaction, on: 0) { encoder in
            encoder.encode(object)
            encoder.encode(status, adding: more)
        }
    }

    func error(_ status: Status) -> Message {
        Self.message("_error", transaction: transaction, on: 0) { encoder in
            encoder.encode(.null)
            encoder.encode(status)
        }
    }
}
