import Glibc

/// An IPv4 or IPv6 address with a port, held inline.
///
/// An IPv4-mapped IPv6 address is the IPv4 address it stands for (URL-5), so a peer reads and
/// compares the same whichever socket it came in by.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    private enum Host: Hashable {
        /// Every address of this machine, IPv6 and IPv4.
        case any
        /// In the order of the wire, first byte highest.
        case v4(UInt32)
        case v6(high: UInt64, low: UInt64, scope: UInt32)
    }

    private let kind: Host
    package let port: UInt16

    private init(_ kind: Host, port: UInt16) {
        self.kind = kind
        self.port = port
    }

    /// Every address of this machine; port 0 lets the system choose one.
    package static func any(port: UInt16) -> SocketAddress { SocketAddress(.any, port: port) }

    /// This machine over IPv4; port 0 lets the system choose one.
    package static func loopback(port: UInt16) -> SocketAddress {
        SocketAddress(.v4(0x7F00_0001), port: port)
    }

    var isAny: Bool { kind == .any }

    package var isIPv6: Bool {
        switch kind {
        case .v4: false
        case .any, .v6: true
        }
    }

    /// Whom limits on one address count together: an IPv6 host has its whole /64 to choose from.
    package var site: UInt64 {
        switch kind {
        case .any: 0
        case .v4(let bits): UInt64(bits)
        case .v6(let high, _, _): high
        }
    }

    // MARK: Text

    /// The address alone, without brackets: `1.2.3.4`, `::1`, `fe80::1%eth0`; `*` for any.
    package var host: String {
        switch kind {
        case .any: "*"
        case .v4(let bits): Self.dotted(bits)
        case .v6: numericHost
        }
    }

    /// `1.2.3.4:5`, `[::1]:5`, `:5`: what `init(parsing:)` reads.
    package var description: String {
        switch kind {
        case .any: ":\(port)"
        case .v4: "\(host):\(port)"
        case .v6: "[\(host)]:\(port)"
        }
    }

    /// Every connection is told by its address: no library is asked for four numbers.
    private static func dotted(_ bits: UInt32) -> String {
        "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }

    private var numericHost: String {
        withSockaddr { address, length in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
                let error = getnameinfo(
                    address, length, text.baseAddress, socklen_t(text.count), nil, 0,
                    NI_NUMERICHOST)
                guard error == 0, let start = text.baseAddress else { return "?" }
                return String(cString: start)
            }
        }
    }

    // MARK: The system's form

    /// nil for a family that is neither IPv4 nor IPv6.
    init?(_ storage: sockaddr_storage) {
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = withUnsafeBytes(of: storage) { $0.load(as: sockaddr_in.self) }
            self.init(
                .v4(UInt32(bigEndian: address.sin_addr.s_addr)),
                port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = withUnsafeBytes(of: storage) { $0.load(as: sockaddr_in6.self) }
            let port = UInt16(bigEndian: address.sin6_port)
            let (high, low) = withUnsafeBytes(of: address.sin6_addr) {
                (
                    UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            if high == 0, low >> 32 == 0xFFFF {
                self.init(.v4(UInt32(truncatingIfNeeded: low)), port: port)
            } else {
                self.init(.v6(high: high, low: low, scope: address.sin6_scope_id), port: port)
            }
        default:
            return nil
        }
    }

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch kind {
        case .any: Self.with(Self.sockaddrIPv6(0, 0, scope: 0, port: port), body)
        case .v6(let high, let low, let scope):
            Self.with(Self.sockaddrIPv6(high, low, scope: scope, port: port), body)
        case .v4(let bits): Self.with(Self.sockaddrIPv4(bits, port: port), body)
        }
    }

    /// What stands in for `any` on a machine without IPv6.
    var anyIPv4: SocketAddress { SocketAddress(.v4(0), port: port) }

    private static func sockaddrIPv4(_ bits: UInt32, port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = bits.bigEndian
        return address
    }

    private static func sockaddrIPv6(
        _ high: UInt64, _ low: UInt64, scope: UInt32, port: UInt16
    ) -> sockaddr_in6 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_scope_id = scope
        withUnsafeMutableBytes(of: &address.sin6_addr) {
            $0.storeBytes(of: high.bigEndian, as: UInt64.self)
            $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return address
    }

    private static func with<Address, Result>(
        _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafeBytes(of: address) { bytes in
            body(
                bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }
}
