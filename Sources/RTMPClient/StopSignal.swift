import Posix
import Synchronization

/// Ends what a client is waiting for, from any thread and for good.
///
/// A `Publisher` or `Player` that waits goes on at once and says so; its owner then takes leave of the
/// server with `finish`.
public final class StopSignal: Sendable {
    private let wakeup: Wakeup
    private let isGiven = Atomic(false)

    public init() throws(ClientError) {
        do throws(PosixError) {
            wakeup = try Wakeup()
        } catch {
            throw .system(error.description)
        }
    }

    /// False: it was given before.
    @discardableResult
    public func give() -> Bool {
        // First, so that whoever wakes knows why.
        let wasGiven = isGiven.exchange(true, ordering: .acquiringAndReleasing)
        // Never drained: whoever waits later finds it too.
        wakeup.signal()
        return !wasGiven
    }

    public var wasGiven: Bool { isGiven.load(ordering: .acquiring) }

    /// Readable once it was given.
    var descriptor: Int32 { wakeup.descriptor }
}
