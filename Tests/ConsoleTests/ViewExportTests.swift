import Console
import Monitor
import Telemetry
import Testing

/// Views for other programs (DESIGN §14, §23).
@Suite struct ViewExportTests {
    private func export(
        _ view: String, filter: String = "", _ snapshot: Snapshot = Demo().snapshot(at: 0)
    ) throws -> ViewExport {
        let state = try SnapshotText.state(
            snapshot, view: view, filter: filter, width: 120, height: 40)
        return try #require(ViewExport(snapshot, state))
    }

    @Test func `csv has a column for each field of the filter, and the rows that are shown`() throws
    {
        let lines = try export("connections", filter: "role:play").csv.split(separator: "\n")
        let header = try #require(lines.first)
        #expect(header.hasPrefix("id,role,state,app,stream,peer,port,client,"))
        #expect(header.split(separator: ",").count == SessionRow.filterFields.count)
        #expect(lines.dropFirst().map { $0.prefix(3) } == ["9,P", "12,", "15,"])
        #expect(lines[2].contains(",3910000,"))
    }

    @Test(arguments: [
        ("=cmd()", "'=cmd()"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
        ("-x", "'-x"), ("@x", "'@x"), ("plain", "plain"),
    ])
    func `no cell of a table is a formula or breaks its row`(name: String, cell: String) throws {
        var snapshot = Demo().snapshot(at: 0)
        snapshot.streams.removeAll()
        snapshot.streams.append(
            StreamRow(key: SafeText(name), state: .waiting, publisher: nil, players: []))
        let csv = try export("streams", snapshot).csv
        #expect(csv.split(separator: "\n").last?.hasPrefix(cell + ",waiting,") == true)
    }

    @Test func `JSON is one document, JSON lines an object a row`() throws {
        let export = try export("streams", filter: "state:live")
        #expect(
            export.json.hasPrefix(
                #"{"v":1,"t":"2026-11-21T14:02:31.000Z","view":"streams","filter":"state:live","#
                    + #""rows":[{"stream":"live/cam1","state":"live","players":2,"#))
        #expect(export.json.hasSuffix("}]}\n"))
        let lines = export.jsonLines.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"stream\":\"live/cam") && $0.hasSuffix("}") })
    }

    @Test func `Markdown is the table of the screen without empty columns`() throws {
        let lines = try export("connections", filter: "role:hs").markdown.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("| ! | ID | ROLE | STATE |"))
        #expect(!lines[0].contains("STREAM"))
        #expect(lines[1].hasPrefix("| --- |") || lines[1].hasPrefix("| ---: |"))
        #expect(lines[2].contains("| #17 | HS | hs:C1 |"))
    }

    @Test func `Markdown takes no marks from peers`() throws {
        var snapshot = Demo().snapshot(at: 0)
        snapshot.streams[0].key = "a|b<i>`c`"
        let text = try export("streams", snapshot).markdown
        #expect(text.contains("a\\|b&lt;i>\\`c\\`"))
    }

    @Test(arguments: ["overview", "connections", "streams", "trace", "events", "#3"])
    func `every view with rows has every form`(view: String) throws {
        let export = try export(view)
        for text in [export.csv, export.json, export.jsonLines, export.markdown] {
            #expect(text.hasSuffix("\n"))
            #expect(text.split(separator: "\n").count >= 1)
        }
    }

    @Test func `help has no rows`() throws {
        let snapshot = Demo().snapshot(at: 0)
        let state = try SnapshotText.state(snapshot, view: "help", width: 80, height: 24)
        #expect(ViewExport(snapshot, state) == nil)
    }
}
