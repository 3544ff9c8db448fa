/// A network in CIDR form, to which an address with its port may belong.
struct Network: Sendable {
    private let bits: [UInt8]
    private let length: Int

    /// nil: no address with a prefix length, which is then a part of a text like any other.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), length >= 0,
            let bits = Self.address(parts[0]), length <= bits.count * 8
        else { return nil }
        self.bits = bits
        self.length = length
    }

    /// `192.0.2.1:5000` or `[2001:db8::1]:5000`
    @Sendable func contains(_ peer: String) -> Bool {
        let host: Substring
        if peer.hasPrefix("[") {
            host = peer.dropFirst().prefix { $0 != "]" }
        } else {
            host = peer[..<(peer.lastIndex(of: ":") ?? peer.endIndex)]
        }
        guard let address = Self.address(host), address.count == bits.count else { return false }
        return (0..<length).allSatisfy { bit in
            let mask = UInt8(0x80) >> (bit % 8)
            return address[bit / 8] & mask == bits[bit / 8] & mask
        }
    }

    private static func address(_ text: Substring) -> [UInt8]? {
        text.contains(":") ? version6(text) : version4(text)
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0) }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    /// Eight groups, of which one run of zeros may be left out. No dotted form.
    private static func version6(_ text: Substring) -> [UInt8]? {
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let gap = groups.firstIndex(where: \.isEmpty) else {
            return groups.count == 8 ? bytes(groups) : nil
        }
        let head = groups[..<gap].filter { !$0.isEmpty }
        let tail = groups[(gap + 1)...].filter { !$0.isEmpty }
        guard head.count + tail.count < 8, let first = bytes(head), let last = bytes(tail) else {
            return nil
        }
        return first + [UInt8](repeating: 0, count: 16 - first.count - last.count) + last
    }

    private static func bytes(_ groups: some Collection<Substring>) -> [UInt8]? {
        var bytes: [UInt8] = []
        for group in groups {
            guard group.count <= 4, let value = UInt16(group, radix: 16) else { return nil }
            bytes += [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        return bytes
    }
}
