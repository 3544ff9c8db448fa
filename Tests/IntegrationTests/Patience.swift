import Posix
import RTMPServer

/// Under a sanitizer, in a crowd of tests, everything takes tens of times as long as on a desk. What a
/// test does not ask for must not happen to it because of that.
enum Patience {
    /// Until something that should happen is said not to.
    static let seconds = 60
    static var nanoseconds: UInt64 { UInt64(seconds) * ServerConfiguration.second }

    /// A server that ends no peer for being slow, until a test says when it shall.
    static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration(listen: [.loopback(port: 0)])
        let never = 3600 * ServerConfiguration.second
        configuration.handshakeTimeoutNanoseconds = never
        configuration.connectTimeoutNanoseconds = never
        configuration.actionTimeoutNanoseconds = never
        configuration.idleTimeoutNanoseconds = never
        configuration.pingTimeoutNanoseconds = never
        configuration.overrunTimeoutNanoseconds = never
        return configuration
    }
}
