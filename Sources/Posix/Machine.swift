/// What the machine has for this process.
package enum Machine {
    /// Processors this process may run on, at least one.
    ///
    /// From the affinity mask, because whoever pins us to one core wants one worker.
    package static var processors: Int {
        // Without /proc one worker serves well.
        guard let bytes = try? File.readAll("/proc/self/status", limit: 1 << 16) else { return 1 }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let mask = lines.first { $0.hasPrefix("Cpus_allowed:") }?.dropFirst(13) ?? ""
        return max(mask.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }, 1)
    }
}
