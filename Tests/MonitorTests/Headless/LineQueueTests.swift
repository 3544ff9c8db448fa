import Testing

@testable import Monitor

@Suite struct LineQueueTests {
    private func missed(_ count: UInt64) -> [UInt8] { Array("missed \(count)\n".utf8) }

    private func put(_ line: String, into queue: inout LineQueue) -> Bool {
        queue.append(Array(line.utf8), missed: missed)
    }

    private func drain(_ queue: inout LineQueue, _ limit: Int = .max) -> String {
        var taken: [UInt8] = []
        queue.drain { bytes in
            taken = Array(bytes.prefix(limit))
            return taken.count
        }
        return String(decoding: taken, as: UTF8.self)
    }

    @Test func `what is taken in pieces comes out whole and in order`() {
        var queue = LineQueue(capacity: 40)
        var taken = ""
        for number in 0..<30 {
            queue.append(Array("line \(number)\n".utf8), missed: missed)
            taken += drain(&queue, 5)
        }
        while !queue.isEmpty { taken += drain(&queue, 5) }
        queue.settle(missed: missed)
        taken += drain(&queue)
        #expect(queue.lost > 0)
        // What was let go is named exactly where it is missing.
        var number = 0
        for line in taken.split(separator: "\n") {
            if line.hasPrefix("missed "), let count = Int(line.dropFirst(7)) {
                number += count
            } else {
                #expect(line == "line \(number)")
                number += 1
            }
        }
        #expect(number == 30)
    }

    @Test func `a full queue loses whole lines and says how many`() {
        var queue = LineQueue(capacity: 20)
        #expect(put("aaaaaaaaaaaaaaa\n", into: &queue))
        #expect(!put("bbbbbbbbbb\n", into: &queue))
        #expect(!put("cccccccccc\n", into: &queue))
        #expect(queue.lost == 2)
        #expect(queue.count == 16)
        #expect(drain(&queue) == "aaaaaaaaaaaaaaa\n")
        #expect(put("dddd\n", into: &queue))
        #expect(drain(&queue) == "missed 2\ndddd\n")
        #expect(put("e\n", into: &queue))
        #expect(drain(&queue) == "e\n")
    }

    @Test(arguments: [(30, "a\nbb\nccc\n"), (8, "a\nbb\n"), (4, "a\n")])
    func `of many lines those that fit are taken whole`(capacity: Int, taken: String) {
        var lines = LineBatch()
        for line in ["a\n", "bb\n", "ccc\n"] { lines.appendText { $0 += line.utf8 } }
        var queue = LineQueue(capacity: capacity)
        queue.append(lines, missed: missed)
        #expect(drain(&queue) == taken)
        #expect(Int(queue.lost) == 3 - taken.split(separator: "\n").count)
    }

    @Test func `losses at the end are settled once`() {
        var queue = LineQueue(capacity: 12)
        queue.append(Array("aaaaaaaaaa\n".utf8), missed: missed)
        queue.append(Array("b\n".utf8), missed: missed)
        queue.settle(missed: missed)
        #expect(drain(&queue) == "aaaaaaaaaa\n")
        queue.settle(missed: missed)
        queue.settle(missed: missed)
        #expect(drain(&queue) == "missed 1\n")
        #expect(queue.isEmpty)
    }

    @Test func `a writer that fails takes nothing`() {
        struct Blocked: Error {}
        var queue = LineQueue(capacity: 100)
        queue.append(Array("a\n".utf8), missed: missed)
        #expect(throws: Blocked.self) { try queue.drain { _ in throw Blocked() } }
        #expect(drain(&queue) == "a\n")
    }
}
