import Monitor

/// What the configuration says of recording. The server takes it where neither the command line nor the
/// environment says otherwise; the console keeps it as it was when it saves.
package struct RecordSettings: Hashable, Sendable {
    package var all = false
    package var streams: [String] = []
    package var folder = "recordings"
    package var segmentMilliseconds: UInt64?

    package init() {}

    static let section = "record"

    /// What was expected instead; nil: it was taken.
    mutating func take(_ key: String, _ value: SettingValue) -> String? {
        switch key {
        case "all":
            guard let flag = value.flag else { return "expected true or false" }
            all = flag
        case "streams":
            guard case .list(let names) = value, !names.contains("") else {
                return "expected a list of names like [\"live/camera\", \"studio/*\"]"
            }
            streams = names
        case "dir":
            guard let path = value.text, !path.isEmpty else {
                return "expected the path of a folder"
            }
            folder = path
        case "segment":
            let time = value.text.flatMap { try? WrittenDuration.milliseconds(of: $0) }
            guard let time, time > 0 else {
                return "expected \(WrittenDuration.example), a year at most"
            }
            segmentMilliseconds = time
        default:
            return "there is no such setting"
        }
        return nil
    }

    /// As TOML, each with its help.
    var text: String {
        let segment =
            segmentMilliseconds.map {
                "segment = \(SettingTable.quoted(WrittenDuration.text(milliseconds: $0)))"
            } ?? "# segment = \"10m\""
        return """
            [\(Self.section)]
            # every publish, as --record-all does
            all = \(all)
            # these, with * for anything: "live/camera", "studio/*"
            streams = [\(streams.map(SettingTable.quoted).joined(separator: ", "))]
            # the folder
            dir = \(SettingTable.quoted(folder))
            # a new file so often
            \(segment)

            """
    }
}
