/// Where to listen, as the command line says it: `HOST:PORT`, `[IPv6]:PORT`, `:PORT`.
///
/// An empty host means all addresses, IPv6 and IPv4; port 0 takes a free port.
struct AddressArgument: Hashable, Sendable, CustomStringConvertible {
    let host: String
    let port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    static func parse(_ text: String) throws -> AddressArgument {
        guard let colon = text.lastIndex(of: ":") else {
            throw WrongValue("give HOST:PORT, [IPv6]:PORT or :PORT")
        }
        let portText = text[text.index(after: colon)...]
        guard portText.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(portText)
        else { throw WrongValue("the port is a number from 0 to 65535") }
        var host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.count > 2 else {
                throw WrongValue("an IPv6 address stands in brackets: [::1]:1935")
            }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw WrongValue("an IPv6 address stands in brackets: [::1]:1935")
        }
        return AddressArgument(host: String(host), port: port)
    }

    var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
