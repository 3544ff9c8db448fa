import RTMP
import Testing

@testable import RTMPServer

@Suite struct ServerConfigurationTests {
    @Test func `two messages of the greatest length may be under way, however long that is`() {
        var configuration = ServerConfiguration(listen: [])
        #expect(configuration.session.limits.partialBytes == 20 << 20)
        configuration.maximumMessageBytes = 16 << 20
        #expect(configuration.session.limits.mediaMessageBytes == 16 << 20)
        #expect(configuration.session.limits.partialBytes == 32 << 20)
    }
}
