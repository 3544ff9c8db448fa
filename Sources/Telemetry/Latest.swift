import Synchronization

/// The newest value of something one thread changes and one other thread looks at.
///
/// Neither side ever waits: the writer leaves a box and takes back one that was not fetched, the
/// reader fetches the box that lies there. One writer and one reader at a time.
package struct Latest<Value: Sendable>: ~Copyable, @unchecked Sendable {
    // Sendable because the slot is atomic and whoever exchanges a box out of it owns it alone.
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private let slot = Atomic<UnsafeRawPointer?>(nil)

    package init() {}

    package func post(_ value: Value) {
        let box = Unmanaged.passRetained(Box(value)).toOpaque()
        release(slot.exchange(UnsafeRawPointer(box), ordering: .acquiringAndReleasing))
    }

    /// What was posted since the last call; nil if nothing was.
    package func take() -> Value? {
        // Most often there is nothing, and to ask is a read.
        guard slot.load(ordering: .relaxed) != nil,
            let box = slot.exchange(nil, ordering: .acquiringAndReleasing)
        else { return nil }
        return Unmanaged<Box>.fromOpaque(box).takeRetainedValue().value
    }

    private func release(_ box: UnsafeRawPointer?) {
        guard let box else { return }
        Unmanaged<Box>.fromOpaque(box).release()
    }

    deinit {
        release(slot.exchange(nil, ordering: .acquiringAndReleasing))
    }
}
