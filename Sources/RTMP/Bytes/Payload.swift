/// The body of a message: immutable bytes, shared by everyone who sends them on.
///
/// The bytes are copied once, when they arrive, and never written again (architecture, invariant 8),
/// so an instance may cross threads freely.
package final class Payload: @unchecked Sendable {
    // Sendable because both stored properties are `let` and nothing writes through `base` after
    // `init`; the memory is released by the last owner.
    private let base: UnsafeMutableRawPointer
    package let count: Int

    /// Takes over memory made by `UnsafeMutableRawPointer.allocate`, of which `count` bytes are set.
    package init(adopting base: UnsafeMutableRawPointer, count: Int) {
        self.base = base
        self.count = count
    }

    package convenience init(copying bytes: UnsafeRawBufferPointer) {
        let base = UnsafeMutableRawPointer.allocate(
            byteCount: max(bytes.count, 1), alignment: 8)
        if let source = bytes.baseAddress {
            base.copyMemory(from: source, byteCount: bytes.count)
        }
        self.init(adopting: base, count: bytes.count)
    }

    package convenience init(_ bytes: [UInt8]) {
        let base = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 8)
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress {
                base.copyMemory(from: start, byteCount: source.count)
            }
        }
        self.init(adopting: base, count: bytes.count)
    }

    package static let empty = Payload([])

    deinit {
        base.deallocate()
    }

    /// Where the bytes stand, valid while this instance is alive: for gathered writes.
    package var pointer: UnsafeRawPointer { UnsafeRawPointer(base) }

    package subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "payload index within its count")
        return base.load(fromByteOffset: index, as: UInt8.self)
    }

    package func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// A copy as an array, for tests and rare paths.
    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
}
