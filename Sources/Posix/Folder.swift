import CPosix
import Glibc

/// What stands in folders: names, new and old.
package enum Folder {
    /// Makes the folder and those it lies in, where they are missing; by default for whoever the umask
    /// lets in.
    package static func create(_ path: String, mode: UInt32 = 0o777) throws(PosixError) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.dropLast().lastIndex(of: "/"),
            slash > path.startIndex
        else { throw PosixError("mkdir") }
        try create(String(path[..<slash]), mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw PosixError("mkdir") }
    }

    /// The names of all that is in it, in order.
    package static func names(in path: String) throws(PosixError) -> [String] {
        guard let folder = opendir(path) else { throw PosixError("opendir") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Gives a file another name, but never that of a file that is there (EEXIST).
    package static func rename(_ path: String, to newPath: String) throws(PosixError) {
        guard cposix_rename_new(path, newPath) == 0 else { throw PosixError("rename") }
    }

    package static func remove(_ path: String) throws(PosixError) {
        guard unlink(path) == 0 else { throw PosixError("unlink") }
    }

    package static func hasFile(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }
}
