import Testing

@testable import RTMPServer

/// SEC-10: nobody keeps the worker.
@Suite struct ReadQuantumTests {
    private let turn = ReadQuantum.turnNanoseconds

    @Test func `cheap bytes are soon read in large pieces`() {
        var quantum = ReadQuantum()
        for _ in 0..<3 {
            #expect(quantum.bytes < ReadQuantum.bytesMaximum)
            quantum.note(quantum.bytes, tookNanoseconds: turn / 10)
        }
        #expect(quantum.bytes == ReadQuantum.bytesMaximum)
        quantum.note(quantum.bytes, tookNanoseconds: turn / 10)
        #expect(quantum.bytes == ReadQuantum.bytesMaximum)
    }

    @Test func `after dear bytes no more is read than fits into a turn`() {
        var quantum = ReadQuantum()
        quantum.note(2000, tookNanoseconds: 2 * turn)
        #expect(quantum.bytes == 1000)
        quantum.note(1000, tookNanoseconds: 1000 * turn)
        #expect(quantum.bytes == ReadQuantum.bytesMinimum)
    }

    @Test func `a read that was not full, or filled its turn, says nothing for more`() {
        var quantum = ReadQuantum()
        let first = quantum.bytes
        quantum.note(first - 1, tookNanoseconds: 1)
        quantum.note(first, tookNanoseconds: turn)
        #expect(quantum.bytes == first)
    }
}
