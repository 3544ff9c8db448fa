import Glibc

/// What is awaited of one descriptor, and what came of it.
package struct Readiness: Sendable {
    package struct Interest: OptionSet, Sendable {
        package let rawValue: Int16

        package init(rawValue: Int16) {
            self.rawValue = rawValue
        }

        package static let readable = Interest(rawValue: Int16(POLLIN))
        package static let writable = Interest(rawValue: Int16(POLLOUT))
    }

    package let descriptor: Int32
    package var interest: Interest
    /// A call would not wait: there are bytes or room, an end or an error.
    package private(set) var isReady = false

    package init(_ descriptor: Int32, _ interest: Interest) {
        self.descriptor = descriptor
        self.interest = interest
    }

    /// Waits until one of a few descriptors is ready, or the time is over (poll).
    ///
    /// Unlike a poller it takes regular files too: they are always ready. Without a timeout it waits
    /// for ever. It may end early with nothing ready, when a signal came.
    package static func wait(
        for awaited: inout [Readiness], timeoutNanoseconds: UInt64? = nil
    ) throws(PosixError) {
        var list = awaited.map {
            pollfd(fd: $0.descriptor, events: $0.interest.rawValue, revents: 0)
        }
        // Rounded up, so that nobody wakes a moment before the time and waits again.
        let milliseconds = timeoutNanoseconds.map { Int32(clamping: ($0 + 999_999) / 1_000_000) }
        let count = poll(&list, nfds_t(list.count), milliseconds ?? -1)
        guard count != -1 || errno == EINTR else { throw PosixError("poll") }
        for index in awaited.indices {
            awaited[index].isReady = count > 0 && list[index].revents != 0
        }
    }
}
