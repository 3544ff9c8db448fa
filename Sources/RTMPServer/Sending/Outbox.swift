/// Bytes that wait for the socket in order: handshake and replies, never media.
///
/// Keeps its bytes in memory of its own, so that a gathered write may point into it.
struct Outbox: ~Copyable {
    /// SEC-8: a peer that makes us answer and does not read the answers is closed beyond this.
    static let limitBytes = 256 * 1024

    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private var sent = 0
    private var end = 0

    init() {}

    deinit {
        base?.deallocate()
    }

    var count: Int { end - sent }
    var isEmpty: Bool { count == 0 }
    var isOverLimit: Bool { count > Outbox.limitBytes }

    /// What is not sent yet; the pointer holds until the outbox changes.
    var unsent: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base.map { $0 + sent }, count: count)
    }

    mutating func append(_ bytes: [UInt8]) {
        reserve(bytes.count)
        bytes.withUnsafeBytes { source in
            guard let base, let start = source.baseAddress else { return }
            (base + end).copyMemory(from: start, byteCount: source.count)
        }
        end += bytes.count
    }

    mutating func advance(by length: Int) {
        sent += length
        // Given back whole: an idle player keeps no reply buffer.
        if isEmpty { removeAll() }
    }

    mutating func removeAll() {
        base?.deallocate()
        base = nil
        capacity = 0
        sent = 0
        end = 0
    }

    private mutating func reserve(_ more: Int) {
        guard end + more > capacity else { return }
        let grown = max(2 * count, count + more, 256)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 8)
        if let base {
            moved.copyMemory(from: base + sent, byteCount: count)
            base.deallocate()
        }
        end -= sent
        sent = 0
        base = moved
        capacity = grown
    }
}
