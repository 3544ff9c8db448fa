internal import TOMLKit

/// Reads themes from TOML text. The caller reads files; nothing here touches the disk.
///
/// Role names hold dots and are literal, though TOML would read `text.dim` as a table inside
/// `text`: such keys are quoted before the text is handed to the parser.
package enum ThemeFile {
    package struct Failure: Error, Hashable, CustomStringConvertible, Sendable {
        /// `dark.toml: roles.sev.warn: no colour "yelow"`.
        package let description: String
    }

    package struct Parsed: Sendable {
        package var theme: Theme
        /// Keys nobody reads, each with its line.
        package var warnings: [String]
    }

    /// Reads one theme.
    ///
    /// `file` names it in messages; `find` gives the text of a theme that is inherited from, by name,
    /// before the built-in ones are asked.
    package static func parse(
        _ text: String, file: String, find: (String) -> String? = { _ in nil }
    ) throws(Failure) -> Parsed {
        try parse(text, file: file, find: find, heirs: [])
    }

    private static func parse(
        _ text: String, file: String, find: (String) -> String?, heirs: [String]
    ) throws(Failure) -> Parsed {
        let root: TOMLTable
        do {
            root = try TOMLTable(string: quotingRoleNames(text))
        } catch let error as TOMLParseError {
            throw Failure(
                description: "\(file): line \(error.source.begin.line): \(error.description)")
        } catch {
            throw Failure(description: "\(file): \(error)")
        }
        var reader = ThemeReader(file: file, text: text)
        let parent = try reader.string("inherits", in: root) ?? ""
        let name = try reader.string("name", in: root) ?? file
        var theme = Theme(name: name)
        if !parent.isEmpty {
            guard !heirs.contains(parent), parent != name else {
                throw Failure(description: "\(file): inherits: \(parent) inherits from itself")
            }
            guard let parentText = find(parent) ?? BuiltInThemes.text(named: parent) else {
                throw Failure(description: "\(file): inherits: there is no theme \"\(parent)\"")
            }
            let inherited = try parse(
                parentText, file: parent + ".toml", find: find, heirs: heirs + [name])
            theme = inherited.theme
            theme.name = name
            reader.warnings += inherited.warnings
        }
        try reader.read(root, into: &theme)
        return withExtendedLifetime(root) { Parsed(theme: theme, warnings: reader.warnings) }
    }

    /// Puts quotes around bare dotted keys of the role tables; lines stay lines.
    static func quotingRoleNames(_ text: String) -> String {
        var isRoleTable = false
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let start = line.drop { $0 == " " || $0 == "\t" }
            if start.first == "[" {
                isRoleTable = start.hasPrefix("[roles")
                return String(line)
            }
            guard isRoleTable, let equals = start.firstIndex(of: "=") else { return String(line) }
            let key = start[..<equals].trimmingBlanks()
            guard key.contains("."), !key.contains("\""), !key.contains("'"), !key.contains("#")
            else { return String(line) }
            return "\"\(key)\" " + start[equals...]
        }
        return lines.joined(separator: "\n")
    }
}

/// Takes the tables of one file into a theme, keeping what it did not understand.
private struct ThemeReader {
    let file: String
    let text: String
    var warnings: [String] = []
    private var palette: [String: Colour] = [:]

    init(file: String, text: String) {
        self.file = file
        self.text = text
    }

    mutating func read(_ root: TOMLTable, into theme: inout Theme) throws(ThemeFile.Failure) {
        var background: Colour?
        for key in root.keys {
            switch key {
            case "name", "inherits", "palette", "roles", "roles-16", "roles-mono": break
            case "description": theme.description = try string(key, in: root) ?? ""
            case "background": background = try colour(try string(key, in: root) ?? "", key: key)
            case "check":
                let word = try string(key, in: root) ?? ""
                guard let ground = Theme.Ground(rawValue: word) else {
                    throw failure(key, "\"\(word)\" is neither dark nor light")
                }
                theme.ground = ground
            default: warn(key)
            }
        }
        if let table = try table("palette", in: root) {
            for (name, value) in try flatten(table, path: "palette") {
                palette[name] = try colour(value, key: "palette.\(name)")
            }
        }
        if let background {
            for index in theme.styles.indices where theme.styles[index].background == .standard {
                theme.styles[index].background = background
            }
        }
        try readRoles("roles", in: root) { role, style in
            var style = style
            if style.background == .standard, let background { style.background = background }
            theme.styles[Int(role.rawValue)] = style
        }
        try readRoles("roles-16", in: root) { theme.stylesFor16[$0] = $1 }
        try readRoles("roles-mono", in: root) { theme.stylesForMono[$0] = $1 }
    }

    private mutating func readRoles(
        _ name: String, in root: TOMLTable, store: (Role, CellStyle) -> Void
    ) throws(ThemeFile.Failure) {
        guard let table = try table(name, in: root) else { return }
        for (key, value) in try flatten(table, path: name) {
            guard let role = Role.byName[key] else {
                warn(key, path: "\(name).\(key)")
                continue
            }
            let terminalFirst = name == "roles-16"
            store(
                role,
                try style(value, key: "\(name).\(key)", terminalFirst: terminalFirst))
        }
    }

    /// `FG`, `FG on BG`, then attributes, each after a `+`.
    ///
    /// With `terminalFirst` the names of the terminal's 16 colours win over those of the palette.
    private func style(
        _ text: String, key: String, terminalFirst: Bool
    ) throws(ThemeFile.Failure) -> CellStyle {
        var style = CellStyle()
        var words = text.split(separator: " ").map(String.init)
        while let last = words.last, last.hasPrefix("+") {
            guard let known = Attributes.names.first(where: { $0.name == last.dropFirst() }) else {
                throw failure(key, "no attribute \"\(last)\"")
            }
            style.attributes.insert(known.attribute)
            words.removeLast()
        }
        switch (words.count, words.count == 3 && words[1] == "on") {
        case (0, _): break
        case (1, _): style.foreground = try colour(words[0], key: key, terminalFirst: terminalFirst)
        case (3, true):
            style.foreground = try colour(words[0], key: key, terminalFirst: terminalFirst)
            style.background = try colour(words[2], key: key, terminalFirst: terminalFirst)
        default:
            throw failure(key, "\"\(text)\" is not FG, FG on BG, +attribute")
        }
        return style
    }

    private func colour(
        _ word: String, key: String, terminalFirst: Bool = false
    ) throws(ThemeFile.Failure) -> Colour {
        if word == "default" { return .standard }
        let isBright = word.hasPrefix("bright-")
        let own = Colour.names.firstIndex(of: isBright ? String(word.dropFirst(7)) : word)
            .map { Colour.palette(UInt8($0 + (isBright ? 8 : 0))) }
        if let colour = terminalFirst ? own ?? palette[word] : palette[word] ?? own {
            return colour
        }
        if word.hasPrefix("#"), let colour = hexadecimal(word.dropFirst()) { return colour }
        if let number = UInt8(word) { return .indexed(number) }
        throw failure(key, "no colour \"\(word)\"")
    }

    private func hexadecimal(_ digits: Substring) -> Colour? {
        guard digits.count == 3 || digits.count == 6, let value = UInt32(digits, radix: 16) else {
            return nil
        }
        if digits.count == 3 {
            func double(_ shift: UInt32) -> UInt8 { UInt8(value >> shift & 15) * 17 }
            return .rgb(red: double(8), green: double(4), blue: double(0))
        }
        return .rgb(
            red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
    }

    func string(_ key: String, in table: TOMLTable) throws(ThemeFile.Failure) -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else { throw failure(key, "is not a text") }
        return text
    }

    private func table(_ key: String, in root: TOMLTable) throws(ThemeFile.Failure) -> TOMLTable? {
        guard let value = root[key] else { return nil }
        guard let table = value.table else { throw failure(key, "is not a table") }
        return table
    }

    /// Nested tables mean the same as dotted names.
    private func flatten(
        _ table: TOMLTable, path: String
    ) throws(ThemeFile.Failure) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for key in table.keys {
            guard let value = table[key] else { continue }
            if let inner = value.table {
                for (name, text) in try flatten(inner, path: "\(path).\(key)") {
                    pairs.append(("\(key).\(name)", text))
                }
            } else if let text = value.string {
                pairs.append((key, text))
            } else {
                throw failure("\(path).\(key)", "is not a text")
            }
        }
        return pairs
    }

    private func failure(_ key: String, _ words: String) -> ThemeFile.Failure {
        ThemeFile.Failure(description: "\(file): \(key): \(words)")
    }

    private mutating func warn(_ key: String, path: String? = nil) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let number = lines.firstIndex { line in
            guard let equals = line.firstIndex(of: "=") else {
                return line.trimmingBlanks() == "[\(key)]"
            }
            return line[..<equals].trimmingBlanks().filter { $0 != "\"" } == key
        }
        let place = number.map { "line \($0 + 1): " } ?? ""
        warnings.append("\(file): \(place)unknown key \(path ?? key)")
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> String {
        var rest = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
        while let last = rest.last, last == " " || last == "\t" || last == "\r" {
            rest.removeLast()
        }
        return String(rest)
    }
}
