import Console
import FoundationEssentials
import Posix

/// Finds themes: a file, the folders of themes, those built in.
struct ThemeLibrary {
    private static let fileBytesMaximum = 1 << 20

    /// In the order they are asked.
    let folders: [String]

    /// The user's, the installed one, and `themes/` beside the program or in a folder above it,
    /// where it stands while one works on the program.
    init(environment: (String) -> String?, executable: String) {
        var folders: [String] = []
        if let home = environment("XDG_CONFIG_HOME") ?? environment("HOME").map({ $0 + "/.config" })
        {
            folders.append(home + "/rtmp-top/themes")
        }
        var folder = Self.parent(of: executable)
        folders.append(Self.parent(of: folder) + "/share/rtmp-top/themes")
        for _ in 0..<4 {
            folders.append(folder + "/themes")
            folder = Self.parent(of: folder)
        }
        self.folders = folders
    }

    static func ofThisProgram() -> ThemeLibrary {
        // Without /proc the name it was called by has to do.
        let executable =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments.first ?? ""
        return ThemeLibrary(environment: { Environment[$0] }, executable: executable)
    }

    /// A theme by name or file.
    func theme(_ nameOrFile: String) throws(Failure) -> Theme {
        let source = try text(nameOrFile)
        do {
            return try ThemeFile.parse(source.text, file: source.file, find: text(named:)).theme
        } catch {
            throw .usage("the theme \(error)")
        }
    }

    /// The file itself, to start an own one from.
    func text(_ nameOrFile: String) throws(Failure) -> (text: String, file: String) {
        if nameOrFile.contains("/") || nameOrFile.hasSuffix(".toml") {
            do {
                return (try Self.read(nameOrFile), nameOrFile)
            } catch {
                throw .usage(
                    "the theme \(nameOrFile) cannot be read: \(error.reason)")
            }
        }
        guard let text = text(named: nameOrFile) else {
            let names = known.joined(separator: ", ")
            throw .usage("there is no theme '\(nameOrFile)'; there are \(names)")
        }
        return (text, nameOrFile + ".toml")
    }

    private func text(named name: String) -> String? {
        guard !name.contains("/") else { return nil }
        for folder in folders {
            // A folder without this theme is passed over, whatever the reason.
            if let text = try? Self.read("\(folder)/\(name).toml") { return text }
        }
        return BuiltInThemes.text(named: name)
    }

    /// The names that can be asked for.
    var known: [String] {
        let inFolders = folders.flatMap { folder in
            // A folder that is not there has no themes.
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
                .filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }
        }
        return Set(inFolders + BuiltInThemes.names).sorted()
    }

    private static func read(_ path: String) throws(PosixError) -> String {
        String(decoding: try File.readAll(path, limit: fileBytesMaximum), as: UTF8.self)
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
