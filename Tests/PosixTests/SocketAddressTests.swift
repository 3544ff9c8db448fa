import Glibc
import Testing

@testable import Posix

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1:1935", "127.0.0.1:1935", "127.0.0.1", 1935),
        ("[::1]:1936", "[::1]:1936", "::1", 1936),
        ("[2001:DB8:0:0::7]:65535", "[2001:db8::7]:65535", "2001:db8::7", 65535),
        (":1935", ":1935", "*", 1935),
        ("0.0.0.0:0", "0.0.0.0:0", "0.0.0.0", 0),
        ("[::]:80", "[::]:80", "::", 80),
        ("[::ffff:192.0.2.5]:9", "192.0.2.5:9", "192.0.2.5", 9),
        ("[127.0.0.1]:7", "127.0.0.1:7", "127.0.0.1", 7),
    ])
    func `an address reads back as it was written, IPv4-mapped as IPv4 (URL-5)`(
        text: String, description: String, host: String, port: Int
    ) throws {
        let address = try SocketAddress(parsing: text)
        #expect(address.description == description)
        #expect(address.host == host)
        #expect(Int(address.port) == port)
        #expect(try SocketAddress(parsing: address.description) == address)
    }

    @Test func `a name is looked up`() throws {
        let address = try SocketAddress(parsing: "localhost:1935")
        #expect(["127.0.0.1", "::1"].contains(address.host))
    }

    @Test(arguments: [
        ("1.2.3.4", AddressError.Fault.portMissing),
        ("", .portMissing),
        ("host:", .portMissing),
        ("[::1]", .portMissing),
        ("[::1]1935", .portMissing),
        (":65536", .portInvalid("65536")),
        (":-1", .portInvalid("-1")),
        (":+1", .portInvalid("+1")),
        ("a:b", .portInvalid("b")),
        ("[::1:1935", .bracketMissing),
        ("::1:1935", .bracketsNeeded),
    ])
    func `what is no address is refused with its fault`(
        text: String, fault: AddressError.Fault
    ) {
        #expect(throws: AddressError(text: text, fault: fault)) {
            try SocketAddress(parsing: text)
        }
    }

    @Test func `an unknown host is named in the sentence`() throws {
        let error = try #require(throws: AddressError.self) {
            try SocketAddress(parsing: "1.2.3.4.5.6:1935")
        }
        #expect(
            error.description.hasPrefix(
                "the host \"1.2.3.4.5.6\" in \"1.2.3.4.5.6:1935\" was not found: "))
    }

    @Test func `an address survives the system's form`() throws {
        for text in ["1.2.3.4:5", "[fe80::1%lo]:6"] {
            let address = try SocketAddress(parsing: text)
            let storage = address.withSockaddr { pointer, length in
                var storage = sockaddr_storage()
                withUnsafeMutableBytes(of: &storage) {
                    $0.copyMemory(
                        from: UnsafeRawBufferPointer(start: pointer, count: Int(length)))
                }
                return storage
            }
            #expect(SocketAddress(storage) == address)
            #expect(address.description == text)
        }
    }

    @Test func `an address of another family is none`() {
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_UNIX)
        #expect(SocketAddress(storage) == nil)
    }
}
