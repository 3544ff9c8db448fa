import Glibc

/// A value and the mutex that guards it.
///
/// A pthread mutex, because `Synchronization.Mutex` collapses under contention and confuses the
/// thread sanitizer. Never held across a system call that may wait.
public final class Lock<Value: ~Copyable>: @unchecked Sendable {
    // Sendable because the value is reached through `withLock` alone, one thread at a time.
    @usableFromInline var value: Value
    @usableFromInline let mutex = Mutex()

    public init(_ value: consuming sending Value) {
        self.value = value
    }

    @inlinable
    public func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        mutex.lock()
        defer { mutex.unlock() }
        return try body(&value)
    }
}

/// The mutex itself, at an address that does not move.
@usableFromInline
struct Mutex: ~Copyable {
    private let pointer: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        pointer = .allocate(capacity: 1)
        pointer.initialize(to: pthread_mutex_t())
        let error = pthread_mutex_init(pointer, nil)
        precondition(error == 0, "a mutex can be made")
    }

    deinit {
        pthread_mutex_destroy(pointer)
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }

    @usableFromInline
    func lock() {
        let error = pthread_mutex_lock(pointer)
        precondition(error == 0, "a lock is not taken twice by one thread")
    }

    @usableFromInline
    func unlock() {
        let error = pthread_mutex_unlock(pointer)
        precondition(error == 0, "a lock is let go by its holder")
    }
}
