import Telemetry
import Testing

@testable import Monitor

/// `--schema` against the lines themselves.
@Suite struct EventSchemaTests {
    private static let written: LineBatch = {
        let snapshot = Demo().snapshot(at: 40)
        let lines = StatisticsLines(snapshot: snapshot, startedAtNanoseconds: 0)
        var all = LineBatch()
        for (kind, _, _) in EventWriterTests.kinds {
            all.append {
                $0.add(
                    JournalEntry(Event(atNanoseconds: 0, kind: kind), wallClockMilliseconds: 0),
                    startedAtNanoseconds: 0)
            }
        }
        all.append { lines.writeServer(into: &$0) }
        for stream in snapshot.streams { all.append { lines.write(stream, into: &$0) } }
        for session in snapshot.sessions { all.append { lines.write(session, into: &$0) } }
        for entry in snapshot.trace.newest(100) {
            all.append { TraceLine.write(chunk: entry, startedAtNanoseconds: 0, into: &$0) }
            all.append { TraceLine.write(message: entry, startedAtNanoseconds: 0, into: &$0) }
        }
        return all
    }()

    @Test func `every line has the keys of the schema, in its order and of its types`() throws {
        var seen: Set<String> = []
        for bytes in Self.written {
            let line = try JSONReader.line(bytes)
            guard case .text(let name)? = line["ev"] else {
                Issue.record("no name")
                continue
            }
            seen.insert(name)
            let keys = try #require(EventSchema.keys(of: name), "\(name)")
            let present = keys.filter { !$0.mayBeMissing || line[$0.name] != nil }
            #expect(line.keys == ["v", "t", "ms", "ev"] + present.map(\.name), "\(name)")
            for key in present {
                let value = try #require(line[key.name])
                #expect(fits(value, key), "\(name) \(key.name): \(value)")
            }
        }
        #expect(seen == Set(EventSchema.events.map(\.name)))
    }

    @Test func `the schema is one line of JSON with every event`() throws {
        let schema = try JSONReader.line(Array(EventSchema.text.utf8))
        guard case .array(let lines)? = schema["oneOf"] else {
            Issue.record("no oneOf")
            return
        }
        #expect(lines.count == EventSchema.events.count)
        let first = try #require(lines.first)
        #expect(first["properties"]?["ev"]?["const"] == .text("server.start"))
        #expect(first["required"]?.keys == [])
    }

    private func fits(_ value: JSONReader.Value, _ key: EventSchema.Key) -> Bool {
        switch (value, key.type) {
        case (.null, _): key.mayBeNull
        case (.number(let number), "i"): number == number.rounded()
        case (.number, "n"), (.text, "s"), (.bool, "b"), (.object, "o"): true
        case (.array(let values), "ss"):
            values.allSatisfy { if case .text = $0 { true } else { false } }
        case (.text(let level), "l"): ["error", "warn", "info", "debug", "trace"].contains(level)
        default: false
        }
    }
}
