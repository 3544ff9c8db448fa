import Glibc

/// The time zone of this machine.
package enum LocalTime {
    /// Seconds east of UTC, now.
    package static func utcOffsetSeconds() -> Int {
        var seconds = time(nil)
        var parts = tm()
        // It fails for years beyond 32 bits only; UTC is then as good.
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return parts.tm_gmtoff
    }
}
