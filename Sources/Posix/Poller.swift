import CPosix
import Glibc

/// What happened to one descriptor, as `Poller.wait` tells it.
package struct PollEvent: Sendable {
    fileprivate var raw = cposix_poll_event()

    package init() {}

    /// What the descriptor was added with.
    package var token: UInt64 { raw.token }
    package var isReadable: Bool { has(CPOSIX_READABLE) }
    package var isWritable: Bool { has(CPOSIX_WRITABLE) }
    /// The peer has sent its last byte; told only where asked for.
    package var isPeerClosed: Bool { has(CPOSIX_PEER_CLOSED) }
    package var isHangup: Bool { has(CPOSIX_HANGUP) }
    package var isError: Bool { has(CPOSIX_ERROR) }

    private func has(_ flag: Int) -> Bool { raw.flags & UInt32(flag) != 0 }
}

/// Waits for many descriptors at once (epoll). Owned by the thread that waits.
///
/// A closed descriptor leaves by itself, as long as nobody holds a duplicate of it.
package struct Poller: ~Copyable, Sendable {
    /// Hang-up and error are always told and need not be asked for.
    package struct Interest: OptionSet, Sendable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        package static let readable = Interest(rawValue: UInt32(CPOSIX_READABLE))
        package static let writable = Interest(rawValue: UInt32(CPOSIX_WRITABLE))
        package static let peerClosed = Interest(rawValue: UInt32(CPOSIX_PEER_CLOSED))
        /// Tell a change once, instead of at every wait for as long as it lasts.
        package static let edge = Interest(rawValue: UInt32(CPOSIX_EDGE))
        /// Of all pollers that wait for the descriptor, wake one. It cannot be modified then.
        package static let exclusive = Interest(rawValue: UInt32(CPOSIX_EXCLUSIVE))
    }

    /// The most events one wait gives, however large the array.
    package static let eventsMaximum = CPOSIX_POLL_EVENTS_MAXIMUM

    private let descriptor: Int32

    package init() throws(PosixError) {
        descriptor = cposix_epoll_create()
        guard descriptor != -1 else { throw PosixError("epoll_create") }
    }

    deinit {
        // After close there is nothing to be done about an error: the descriptor is gone.
        _ = close(descriptor)
    }

    package func add(
        _ descriptor: Int32, token: UInt64, _ interest: Interest
    ) throws(PosixError) {
        guard cposix_epoll_add(self.descriptor, descriptor, token, interest.rawValue) == 0 else {
            throw PosixError("epoll_ctl")
        }
    }

    package func modify(
        _ descriptor: Int32, token: UInt64, _ interest: Interest
    ) throws(PosixError) {
        guard cposix_epoll_modify(self.descriptor, descriptor, token, interest.rawValue) == 0 else {
            throw PosixError("epoll_ctl")
        }
    }

    package func remove(_ descriptor: Int32) throws(PosixError) {
        guard cposix_epoll_remove(self.descriptor, descriptor) == 0 else {
            throw PosixError("epoll_ctl")
        }
    }

    /// Fills `events` from its start and says how many there are.
    ///
    /// Without a timeout it waits for ever. 0 events: the time is over, or a signal came.
    package func wait(
        into events: inout [PollEvent], timeoutNanoseconds: Int64? = nil
    ) throws(PosixError) -> Int {
        let count = events.withUnsafeMutableBufferPointer { events in
            events.withMemoryRebound(to: cposix_poll_event.self) { raw in
                cposix_epoll_wait(
                    descriptor, raw.baseAddress, Int32(clamping: raw.count),
                    timeoutNanoseconds.map { max(0, $0) } ?? -1)
            }
        }
        if count != -1 { return Int(count) }
        if errno == EINTR { return 0 }
        throw PosixError("epoll_wait")
    }
}
