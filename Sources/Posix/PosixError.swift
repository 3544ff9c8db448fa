import CPosix
import Glibc

/// A call to the system that failed, and why.
///
/// "Would block" and "interrupted" never get this far: they are results of the calls concerned.
package struct PosixError: Error, Hashable, Sendable, CustomStringConvertible {
    package let call: String
    package let code: Int32

    package init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// Takes the reason from `errno`, so this comes directly after the call.
    init(_ call: String) {
        self.init(call, code: errno)
    }

    /// `bind: Address already in use`, whatever the locale.
    package var description: String { "\(call): \(reason)" }

    package var reason: String {
        guard let text = cposix_error_text(code) else { return "error \(code)" }
        return String(cString: text)
    }
}

/// How much a read or a write did.
package enum IOResult: Hashable, Sendable {
    case bytes(Int)
    case wouldBlock
    /// Only of reads: the other side has written its last byte.
    case endOfFile
}

/// Repeats a call for as long as a signal interrupts it.
@inline(__always)
func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

/// Turns what `read`, `recv`, `write` or `send` returned into a result.
@inline(__always)
func ioResult(_ count: Int, _ call: StaticString) throws(PosixError) -> IOResult {
    if count >= 0 { return .bytes(count) }
    if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
    throw PosixError(call.description)
}
