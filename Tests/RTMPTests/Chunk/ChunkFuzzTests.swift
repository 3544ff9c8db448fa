import RTMP
import TestSupport
import Testing

/// Seeded damage to good bytes (T-CH-30). Oracle: messages or a `ProtocolError`, values or an
/// `AMFError`, the same in every cut, and memory within `Limits`.
@Suite struct ChunkFuzzTests {
    private static let corpus: [[UInt8]] = {
        let chunk = [
            "adobe-audio", "adobe-video", "fmle", "wrapped-delta", "extended-repeated",
            "extended-absent", "extended-type-3-start", "extended-absolute-start",
            "extended-look-alike", "set-chunk-size-inside", "abort", "type-1-continues", "empty",
            "types-mixed",
        ].map { "chunk/\($0)" }
        let commands = ["connect", "create-stream", "publish", "set-data-frame"].map {
            "commands/\($0)"
        }
        return (chunk + commands).compactMap { try? Golden.bytes($0) }
    }()

    /// A few inputs joined, then a few bytes changed, dropped or doubled.
    private func damaged(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = (0..<3).flatMap { _ in
            Self.corpus.randomElement(using: &generator) ?? []
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
            let index = bytes.indices.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.remove(at: index)
            case 3: bytes.insert([0, 0xFF, 0xC6].randomElement(using: &generator) ?? 0, at: index)
            default: bytes.removeSubrange(index...)
            }
        }
        return bytes
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `damaged chunks give messages or one error, in every cut`(seed: UInt64) throws {
        #expect(Self.corpus.count == 18)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<150 as Range<UInt64> {
            let bytes = damaged(&generator)
            var cuts = Cut.all(of: bytes, seed: seed << 32 | round, count: 1)[...]
            let whole = decode(cuts.removeFirst())
            for cut in cuts {
                #expect(decode(cut) == whole)
            }
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `however little a peer sends, memory stays within its bound`(seed: UInt64) {
        var limits = Limits()
        limits.partialBytes = 64 << 10
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            var decoder = ChunkDecoder(limits: limits, startOffset: 0)
            decoder.isAuthorised = true
            var most = 0
            for _ in 0..<20 where error(of: &decoder, fedWith: damaged(&generator)) == nil {
                most = max(most, decoder.partialBytes)
            }
            #expect(most <= 64 << 10)
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `damaged AMF gives values or an AMF error`(seed: UInt64) throws {
        let good = try (Golden.parts("amf0/values") + Golden.parts("amf0/tolerated"))
            .flatMap(\.bytes)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1500 {
            var bytes = good.shuffledPieces(using: &generator)
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let index = bytes.indices.randomElement(using: &generator) ?? 0
                bytes[index] = UInt8.random(in: 0...17, using: &generator)
            }
            do {
                let values = try amf0(bytes)
                // What was understood can be written, and means the same then.
                #expect(try amf0(AMF0Encoder.bytes(values)) == values)
            } catch {
                #expect(error is AMFError)
            }
        }
    }
}

extension [UInt8] {
    /// Three slices of the bytes, joined.
    fileprivate func shuffledPieces(using generator: inout SeededGenerator) -> [UInt8] {
        (0..<3).flatMap { _ in
            let start = Int.random(in: 0..<count, using: &generator)
            return self[start..<Swift.min(count, start + 60)]
        }
    }
}
