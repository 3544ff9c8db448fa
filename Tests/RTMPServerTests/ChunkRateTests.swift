import Testing

@testable import RTMPServer

/// SEC-2, T-SEC-01: chunks a second, on a clock of the test's own.
@Suite struct ChunkRateTests {
    private let second = ServerConfiguration.second

    @Test func `a second's worth in one read passes, one chunk more is too many`() {
        var rate = ChunkRate(limit: 200, startNanoseconds: second)
        #expect(rate.excess(chunks: 200, nowNanoseconds: second) == nil)
        #expect(rate.excess(chunks: 201, nowNanoseconds: second) == 201)
    }

    @Test func `what is at the limit all the time is never too much`() {
        var rate = ChunkRate(limit: 200, startNanoseconds: 0)
        for tick in 1...100 as ClosedRange<UInt64> {
            #expect(rate.excess(chunks: tick * 20, nowNanoseconds: tick * second / 10) == nil)
        }
    }

    @Test func `a little more than the limit is found out after a second`() {
        var rate = ChunkRate(limit: 200, startNanoseconds: 0)
        for tick in 1...9 as ClosedRange<UInt64> {
            #expect(rate.excess(chunks: tick * 22, nowNanoseconds: tick * second / 10) == nil)
        }
        #expect(rate.excess(chunks: 220, nowNanoseconds: second) == 220)
    }

    @Test func `nothing is saved up while the peer is silent`() {
        var rate = ChunkRate(limit: 200, startNanoseconds: 0)
        #expect(rate.excess(chunks: 10, nowNanoseconds: second / 2) == nil)
        #expect(rate.excess(chunks: 200, nowNanoseconds: 3600 * second) == nil)
        #expect(rate.excess(chunks: 401, nowNanoseconds: 7200 * second) == 201)
    }
}
