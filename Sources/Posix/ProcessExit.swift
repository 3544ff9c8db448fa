import Glibc

/// The end of the process.
package enum ProcessExit {
    /// Ends it from any thread, at once: nothing is flushed and no handler runs.
    package static func now(_ code: Int32) -> Never {
        _exit(code)
    }
}
