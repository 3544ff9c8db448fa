/// One end of a captured connection, and the packets it sends.
struct CapturedEndpoint {
    static let finish: UInt8 = 0x01
    static let synchronise: UInt8 = 0x02
    static let push: UInt8 = 0x08
    static let acknowledge: UInt8 = 0x10
    /// What a packet carries at most: with its headers it stays below 64 KiB.
    static let segmentLimit = 32 << 10

    private static let registeredPort: UInt16 = 1935

    /// Four bytes, or sixteen.
    let address: [UInt8]
    let port: UInt16

    init(address: [UInt8], port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `1.2.3.4:5`, `[::1]:5`, `:5`; what is not readable is nobody.
    init(_ text: String) {
        let colon = text.lastIndex(of: ":") ?? text.endIndex
        port = UInt16(text[colon...].dropFirst()) ?? 0
        let host = text[..<colon]
        if host.first == "[" {
            address = Self.longAddress(host.dropFirst().prefix { $0 != "]" && $0 != "%" })
        } else {
            let parts = host.split(separator: ".").compactMap { UInt8($0) }
            address = parts.count == 4 ? parts : [0, 0, 0, 0]
        }
    }

    /// RFC 4291, 2.2: groups of four digits, one run of zeros left out.
    private static func longAddress(_ text: Substring) -> [UInt8] {
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
            .map { half in
                half.split(separator: ":").flatMap { group -> [UInt8] in
                    let value = UInt16(group, radix: 16) ?? 0
                    return [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
                }
            }
        let head = Array((halves.first ?? []).prefix(16))
        let tail = halves.count > 1 ? halves[1].suffix(16 - head.count) : []
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The server as that peer sees it: both have addresses of one kind, and its port is the one by
    /// which readers know RTMP.
    func besides(_ other: CapturedEndpoint) -> CapturedEndpoint {
        let isUnknown = address.allSatisfy { $0 == 0 }
        guard isUnknown || address.count != other.address.count else {
            return CapturedEndpoint(address: address, port: Self.registeredPort)
        }
        // A server on every address was reached on this one by a peer of the same machine.
        let isLoopback =
            other.address.first == 127
            || other.address == Array(repeating: 0, count: 15) + [1]
        return CapturedEndpoint(
            address: isLoopback
                ? other.address : Array(repeating: 0, count: other.address.count),
            port: Self.registeredPort)
    }

    /// IP and TCP around `payload`; TCP without a checksum, as a network card that adds it later
    /// shows it.
    func packet(
        to other: CapturedEndpoint, sequence: UInt32, acknowledged: UInt32, flags: UInt8,
        _ payload: ArraySlice<UInt8> = []
    ) -> [UInt8] {
        var tcp: [UInt8] = []
        tcp += Self.bytes(port) + Self.bytes(other.port)
        tcp += Self.bytes(sequence) + Self.bytes(acknowledged)
        tcp += [5 << 4, flags] + Self.bytes(UInt16.max) + [0, 0, 0, 0]
        let length = UInt16(clamping: tcp.count + payload.count)
        let ip: [UInt8]
        if address.count == 16 {
            ip = [0x60, 0, 0, 0] + Self.bytes(length) + [6, 64] + address + other.address
        } else {
            let head: [UInt8] =
                [0x45, 0] + Self.bytes(length &+ 20) + [0, 0, 0x40, 0, 64, 6]
            let ends = address + other.address
            ip = head + Self.bytes(Self.checksum(head + ends)) + ends
        }
        return ip + tcp + payload
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0)
        }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(truncatingIfNeeded: sum)
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
