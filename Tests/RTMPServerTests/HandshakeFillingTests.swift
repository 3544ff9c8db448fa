import Testing

@testable import RTMPServer

@Suite struct HandshakeFillingTests {
    @Test(arguments: [0, 1, 8, 1504, 1528])
    func `as many bytes are made as are asked for`(count: Int) {
        #expect(HandshakeFilling(seed: 1).make(count: count).count == count)
    }

    @Test func `no two fillings have a word in common`() {
        let filling = HandshakeFilling(seed: 7)
        var words: Set<[UInt8]> = []
        for _ in 0..<100 {
            let bytes = filling.make(count: 1528)
            for start in stride(from: 0, to: bytes.count, by: 8) {
                words.insert(Array(bytes[start..<start + 8]))
            }
        }
        #expect(words.count == 100 * 1528 / 8)
    }

    @Test func `another seed gives other bytes`() {
        #expect(
            HandshakeFilling(seed: 1).make(count: 64) != HandshakeFilling(seed: 2).make(count: 64))
    }
}
