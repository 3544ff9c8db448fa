import CPosix
import Glibc

/// What this process takes of the machine.
package enum ProcessUsage {
    /// Of all threads, since the start.
    package static func cpuNanoseconds() -> UInt64 { cposix_process_cpu_nanoseconds() }

    /// nil where /proc is not mounted.
    package static func residentBytes() -> UInt64? {
        // Without /proc the number is unknown, whatever the reason.
        guard let bytes = try? File.readAll("/proc/self/statm", limit: 4096) else { return nil }
        let fields = bytes.split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self))
        else { return nil }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// nil where /proc is not mounted.
    package static func openDescriptors() -> Int? {
        // Linux 6.2 and later says the count as the size of the directory; to read it takes its time with
        // thousands of connections.
        var status = stat()
        if stat("/proc/self/fd", &status) == 0, status.st_size > 0 { return Int(status.st_size) }
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        // Not `.`, `..` and the descriptor of the directory itself.
        return entries - 3
    }

    package static func descriptorLimit() -> UInt64 {
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        // It fails for an unknown resource only.
        _ = cposix_descriptor_limit(&soft, &hard)
        return soft
    }

    /// Raises what the process may open as far as it may without privilege, and says the new limit.
    ///
    /// The limit starts at 1024 only for the sake of select(2), which we do not use.
    @discardableResult
    package static func raiseDescriptorLimit() -> UInt64 {
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        // Where it cannot be raised the old limit holds, which the caller is told.
        if cposix_descriptor_limit(&soft, &hard) == 0 { _ = cposix_set_descriptor_limit(hard) }
        return descriptorLimit()
    }
}
