import RTMP
import TestSupport
import Testing

@Suite struct CommandTests {
    private static let body = AMF0Encoder.bytes(["play", 4, .null, "camera", -2000])

    @Test func `a command comes in as it went out`() throws {
        let message = Command(
            name: "play", transaction: 4, object: .null, arguments: ["camera", -2000],
            messageStreamID: 1
        ).message()
        #expect(message.payload.bytes == Self.body)
        #expect(message.type == .commandAMF0)
        let command = try #require(try decode(Self.body))
        #expect(Line.text(command) == "play 4 null camera -2000 @1")
    }

    /// T-AMF-11, AMF-10
    @Test func `type 17 is the same, with its leading zero or without`() throws {
        for body in [[0] + Self.body, Self.body] {
            let command = try #require(try decode(body, type: .commandAMF3))
            #expect(Line.text(command) == "play 4 null camera -2000 @1")
        }
    }

    /// AMF-10
    @Test func `AMF3 values behind the switch are values like others`() throws {
        let body = AMF0Encoder.bytes(["publish", 5, .null]) + [0x11, 0x06, 0x07, 0x63, 0x61, 0x6D]
        let command = try #require(try decode(body, type: .commandAMF3))
        #expect(Line.text(command) == "publish 5 null cam @1")
    }

    @Test func `a command may end after its transaction`() throws {
        let command = try #require(try decode(AMF0Encoder.bytes(["createStream", 2])))
        #expect(command.object == .null)
        #expect(command.arguments.isEmpty)
    }

    /// CMD-1, T-AMF-14
    @Test(
        arguments: [
            0x3FF0_0000_0000_0000, 0x7FF8_0000_0000_1234, 0xFFF0_0000_0000_0000,
            0x8000_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF,
        ] as [UInt64])
    func `the transaction is kept bit by bit`(_ bits: UInt64) throws {
        let transaction = Double(bitPattern: bits)
        let body = AMF0Encoder.bytes(["call", .number(transaction), .null])
        let command = try #require(try decode(body))
        #expect(command.transaction.bitPattern == bits)
        #expect(command.message().payload.bytes == body)
    }

    @Test(arguments: [
        [], AMF0Encoder.bytes([1, 2]), AMF0Encoder.bytes(["play"]),
        AMF0Encoder.bytes(["play", "4", .null]), AMF0Encoder.bytes([.null, 1, .null]),
    ])
    func `what does not begin with a name and a number is no command`(_ body: [UInt8]) throws {
        #expect(try decode(body) == nil)
    }

    /// AMF-7
    @Test func `an error is forgiven only behind the arguments that anybody reads`() throws {
        let play = AMF0Encoder.bytes(["play", 4, .null, "camera", -2, -1])
        #expect(throws: AMFError.self) { try decode(play + [0xFF]) }
        let whole = play + AMF0Encoder.bytes([true])
        let command = try #require(try decode(whole + [0xFF, 1, 2, 3]))
        #expect(command.arguments.count == 4)
        #expect(throws: AMFError.self) { try decode([2, 0, 9, 0x61]) }
    }

    private func decode(
        _ body: [UInt8], type: MessageType = .commandAMF0
    ) throws -> Command? {
        try Command.decode(
            Message(type: type, messageStreamID: 1, timestamp: 0, payload: Payload(body)),
            limits: Limits())
    }
}
