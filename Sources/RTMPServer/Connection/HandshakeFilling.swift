import Synchronization

/// What handshake packets are filled with: bytes that are another connection's with no likelihood.
///
/// They need to be nothing else (RTMP 1.0, 5.2.3): they are no secret, the keys of the digest being
/// known to everybody. So they are SplitMix64 from a seed that nobody can foresee, which takes a tenth
/// of the time of bytes that nobody can.
final class HandshakeFilling: Sendable {
    /// Where the next filling begins.
    private let state: Atomic<UInt64>

    init(seed: UInt64) {
        state = Atomic(seed)
    }

    func make(count: Int) -> [UInt8] {
        let words = (count + 7) / 8
        let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
        var word = state.wrappingAdd(
            increment &* UInt64(words), ordering: .relaxed
        ).oldValue
        return [UInt8](unsafeUninitializedCapacity: 8 * words) { bytes, made in
            let raw = UnsafeMutableRawBufferPointer(bytes)
            for index in 0..<words {
                word &+= increment
                var mixed = word
                mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
                mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
                raw.storeBytes(of: mixed ^ mixed >> 31, toByteOffset: 8 * index, as: UInt64.self)
            }
            made = count
        }
    }
}
