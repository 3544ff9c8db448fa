import Glibc

/// Text that is no address with a port, and what is wrong with it.
package struct AddressError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Fault: Hashable, Sendable {
        case portMissing
        case portInvalid(String)
        case bracketMissing
        case bracketsNeeded
        case hostUnknown(String, reason: String)
    }

    package let text: String
    package let fault: Fault

    /// Without the text, for who names it himself.
    package var reason: String {
        if case .hostUnknown(_, let reason) = fault { reason } else { description }
    }

    package var description: String {
        switch fault {
        case .portMissing: "\"\(text)\" has no port; write HOST:PORT, [IPv6]:PORT or :PORT"
        case .portInvalid(let port): "\"\(port)\" in \"\(text)\" is no port; ports are 0 to 65535"
        case .bracketMissing: "\"\(text)\" has no closing bracket; write [IPv6]:PORT"
        case .bracketsNeeded: "\"\(text)\" is ambiguous; write an IPv6 address as [IPv6]:PORT"
        case .hostUnknown(let host, let reason):
            "the host \"\(host)\" in \"\(text)\" was not found: \(reason)"
        }
    }
}

extension SocketAddress {
    /// Reads `HOST:PORT`, `[IPv6]:PORT` or `:PORT`, the last meaning every address of this machine.
    ///
    /// A host that is a name is looked up, which may wait for a name server: for the start of the
    /// program only.
    package init(parsing text: String) throws(AddressError) {
        let (host, port) = try Self.split(text)
        if host.isEmpty {
            self = .any(port: port)
        } else {
            self = try Self.resolve(host, port: port, text: text)
        }
    }

    private static func split(_ text: String) throws(AddressError) -> (Substring, UInt16) {
        let host: Substring
        let rest: Substring
        if text.first == "[" {
            guard let bracket = text.firstIndex(of: "]") else {
                throw AddressError(text: text, fault: .bracketMissing)
            }
            host = text[text.index(after: text.startIndex)..<bracket]
            rest = text[text.index(after: bracket)...]
        } else {
            let colon = text.lastIndex(of: ":") ?? text.endIndex
            host = text[..<colon]
            rest = text[colon...]
            guard !host.contains(":") else {
                throw AddressError(text: text, fault: .bracketsNeeded)
            }
        }
        guard rest.first == ":", rest.count > 1 else {
            throw AddressError(text: text, fault: .portMissing)
        }
        let digits = rest.dropFirst()
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits) else {
            throw AddressError(text: text, fault: .portInvalid(String(digits)))
        }
        return (host, port)
    }

    private static func resolve(
        _ host: Substring, port: UInt16, text: String
    ) throws(AddressError) -> SocketAddress {
        do {
            return try all(of: String(host), port: port)[0]
        } catch {
            throw AddressError(text: text, fault: error.fault)
        }
    }

    /// Every address of a host, at least one, in the order the system prefers.
    ///
    /// - Parameter numericOnly: an address is read and a name refused; otherwise a name is looked up,
    ///   which may wait for a name server.
    package static func all(
        of host: String, port: UInt16, numericOnly: Bool = false
    ) throws(AddressError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV | (numericOnly ? AI_NUMERICHOST : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard error == 0 else {
            throw AddressError(
                text: host, fault: .hostUnknown(host, reason: String(cString: gai_strerror(error))))
        }
        var found: [SocketAddress] = []
        var entry = list
        while let current = entry {
            var storage = sockaddr_storage()
            let length = Int(current.pointee.ai_addrlen)
            withUnsafeMutableBytes(of: &storage) { bytes in
                bytes.copyMemory(
                    from: UnsafeRawBufferPointer(start: current.pointee.ai_addr, count: length))
            }
            if let address = SocketAddress(storage), !found.contains(address) {
                found.append(address)
            }
            entry = current.pointee.ai_next
        }
        guard !found.isEmpty else {
            throw AddressError(
                text: host, fault: .hostUnknown(host, reason: "it has no IP address"))
        }
        return found
    }
}
