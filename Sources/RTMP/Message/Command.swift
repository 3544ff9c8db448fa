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
