internal import TOMLKit

/// The configuration as text (DESIGN §24). The caller reads and writes files.
///
/// A value that is wrong keeps its default and is told of; the rest of the file counts.
package enum SettingsFile {
    package struct Parsed: Sendable {
        package var settings = Settings()
        /// `config.toml: line 3: console.refresh: expected one of 10 4 2 1 0.5 0.2`.
        package var faults: [String] = []
        /// The first one that keeps the server from doing what the file wants of it.
        package var recordFault: String?
        /// It is TOML.
        package var isReadable = true

        package init() {}
    }

    package static func parse(_ text: String, file: String) -> Parsed {
        var parsed = Parsed()
        let root: TOMLTable
        do {
            root = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            parsed.faults = ["\(file): line \(error.source.begin.line): \(error.description)"]
            parsed.isReadable = false
            return parsed
        } catch {
            parsed.faults = ["\(file): \(error)"]
            parsed.isReadable = false
            return parsed
        }
        for section in root.keys {
            guard let table = root[section]?.table else {
                let fault = fault(file, text, [section], "expected a table [\(section)]")
                parsed.faults.append(fault)
                if section == RecordSettings.section { parsed.recordFault = fault }
                continue
            }
            for key in table.keys {
                let reason = take(table, section, key, into: &parsed.settings)
                guard let reason else { continue }
                let fault = fault(file, text, [section, key], reason)
                parsed.faults.append(fault)
                if section == RecordSettings.section, parsed.recordFault == nil {
                    parsed.recordFault = fault
                }
            }
        }
        return withExtendedLifetime(root) { parsed }
    }

    /// Every setting with its help, as a file to start from or to keep.
    package static func text(_ settings: Settings) -> String {
        var text = ""
        var section = ""
        for setting in SettingTable.settings {
            let parts = setting.name.split(separator: ".", maxSplits: 1)
            guard parts.count == 2 else { continue }
            if parts[0] != section {
                section = String(parts[0])
                text += "\(text.isEmpty ? "" : "\n")[\(section)]\n"
            }
            text += "# \(setting.help)\n\(parts[1]) = \(setting.literal(settings))\n"
        }
        for change in settings.keys {
            let action = change.action?.name ?? "none"
            text += "\(SettingTable.quoted(change.key.name)) = \(SettingTable.quoted(action))\n"
        }
        text += "\n" + settings.record.text
        let widths = settings.columns.widths.sorted { $0.key.rawValue < $1.key.rawValue }
        guard !widths.isEmpty else { return text }
        text += "\n[connections.width]\n"
        for (column, width) in widths {
            text += "\(SettingTable.quoted(column.name)) = \(width)\n"
        }
        return text
    }

    /// What was expected instead; nil: it was taken.
    private static func take(
        _ table: TOMLTable, _ section: String, _ key: String, into settings: inout Settings
    ) -> String? {
        if section == "connections", key == "width" { return takeWidths(table, into: &settings) }
        guard let value = table[key].flatMap(SettingValue.init(toml:)) else {
            return "expected a text, a number, true, false or a list of texts"
        }
        if section == RecordSettings.section { return settings.record.take(key, value) }
        if let setting = SettingTable.settings.first(where: { $0.name == "\(section).\(key)" }) {
            return setting.change(&settings, value).map { "expected \($0)" }
        }
        guard section == "keys" else { return "there is no such setting" }
        switch KeyMap.Change.parse(key: key, action: value.text ?? "") {
        case .success(let change):
            settings.keys.append(change)
            return nil
        case .failure(let fault): return fault.description
        }
    }

    private static func takeWidths(_ table: TOMLTable, into settings: inout Settings) -> String? {
        guard let widths = table["width"]?.table else { return "expected a table" }
        for name in widths.keys {
            guard let column = SessionColumn(name: name) else {
                return "there is no column \"\(name)\""
            }
            guard let width = widths[name]?.int, ColumnChoice.widthRange.contains(width) else {
                return "\(name): expected a width from 1 to 200"
            }
            settings.columns.widths[column] = width
        }
        return nil
    }

    private static func fault(
        _ file: String, _ text: String, _ path: [String], _ reason: String
    ) -> String {
        let place = line(of: path, in: text).map { "line \($0): " } ?? ""
        return "\(file): \(place)\(path.joined(separator: ".")): \(reason)"
    }

    /// TOMLKit does not say where a key stood.
    private static func line(of path: [String], in text: String) -> Int? {
        var section = ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = line.filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "\r" }
            if words.hasPrefix("[") {
                section = String(words.dropFirst().prefix { $0 != "]" })
                if section == path.joined(separator: ".") { return index + 1 }
            } else if let equals = words.firstIndex(of: "="), let key = path.last,
                section == path.dropLast().joined(separator: "."), words[..<equals] == key
            {
                return index + 1
            }
        }
        return nil
    }
}

extension SettingValue {
    init?(toml value: any TOMLValueConvertible) {
        if let text = value.string {
            self = .text(text)
        } else if let flag = value.bool {
            self = .flag(flag)
        } else if let number = value.int {
            self = .number(Double(number))
        } else if let number = value.double {
            self = .number(number)
        } else if let array = value.array {
            var texts: [String] = []
            for element in array {
                guard let text = element.string else { return nil }
                texts.append(text)
            }
            self = .list(texts)
        } else {
            return nil
        }
    }
}
