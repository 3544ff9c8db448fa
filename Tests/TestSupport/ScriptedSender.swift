package import RTMP

/// One side of a talk that a test writes down, and the short words it has for messages.
package protocol ScriptedSender: AnyObject {
    func sends(_ message: Message, on chunkStream: ChunkStreamID)
}

extension ScriptedSender {
    package func sends(_ message: Message) {
        sends(message, on: 3)
    }

    package func sends(_ control: ControlMessage) {
        sends(control.message(), on: 2)
    }

    package func sends(_ event: UserControlEvent) {
        sends(event.message(), on: 2)
    }

    /// A command with its transaction and arguments; the command object is null.
    package func sends(
        _ name: String, _ transaction: Double, object: AMFValue = .null, _ arguments: AMFValue...,
        on messageStream: MessageStreamID = 0, chunkStream: ChunkStreamID = 3
    ) {
        let command = Command(
            name: name, transaction: transaction, object: object, arguments: arguments,
            messageStreamID: messageStream)
        sends(command.message(), on: chunkStream)
    }

    package func sends(
        _ type: MessageType, _ payload: [UInt8], on messageStream: MessageStreamID,
        at timestamp: UInt32 = 0, chunkStream: ChunkStreamID = 4
    ) {
        let message = Message(
            type: type, messageStreamID: messageStream, timestamp: timestamp,
            payload: Payload(payload))
        sends(message, on: chunkStream)
    }
}
