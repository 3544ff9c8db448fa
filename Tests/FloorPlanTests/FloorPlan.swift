/// The floors and what each target may import (ARCHITECTURE, "The floors").
///
/// The compiler lets a target import whatever its dependencies depend on; only this table says no.
enum FloorPlan {
    struct Target {
        let name: String
        let floor: Int
        /// Modules of our own and from outside; the standard library needs no word.
        let imports: Set<String>
        let isC: Bool

        init(_ name: String, floor: Int, imports: Set<String> = [], isC: Bool = false) {
            self.name = name
            self.floor = floor
            self.imports = imports
            self.isC = isC
        }
    }

    static let targets = [
        Target("RTMP", floor: 0),
        Target("Telemetry", floor: 0, imports: ["Synchronization"]),
        Target("CPosix", floor: -1, isC: true),
        Target("Posix", floor: 0, imports: ["Synchronization", "Glibc", "CPosix"]),
        Target("COpenSSL", floor: -1, isC: true),
        Target("Security", floor: 0, imports: ["COpenSSL"]),
        Target("Relay", floor: 1, imports: ["RTMP"]),
        Target(
            "RTMPServer", floor: 2,
            imports: ["RTMP", "Relay", "Telemetry", "Posix", "Security", "Synchronization"]),
        Target(
            "Recording", floor: 2,
            imports: ["RTMP", "Relay", "Telemetry", "Posix", "Synchronization"]),
        Target(
            "RTMPClient", floor: 2, imports: ["RTMP", "Posix", "Security", "Synchronization"]),
        Target("Monitor", floor: 2, imports: ["RTMP", "Telemetry"]),
        Target("Console", floor: 3, imports: ["Monitor", "Telemetry", "TOMLKit"]),
        Target("CNcurses", floor: -1, isC: true),
        Target("CursesTerminal", floor: 4, imports: ["Console", "Posix", "CNcurses"]),
        Target(
            "rtmp-top", floor: 5,
            imports: [
                "RTMP", "Relay", "Telemetry", "Posix", "Security", "RTMPServer", "Recording",
                "Monitor",
                "Console", "CursesTerminal", "ArgumentParser", "FoundationEssentials",
                "Synchronization",
            ]),
        Target(
            "rtmp-client", floor: 5,
            imports: [
                "RTMP", "Telemetry", "Posix", "Security", "RTMPClient", "Recording", "Monitor",
                "ArgumentParser",
            ]),
    ]

    /// Words that a target may not hold because it starts no thread and reads no clock.
    static let clockless = ["RTMP", "Relay", "Monitor", "Console"]
    static let clocks = [
        "ContinuousClock", "SuspendingClock", "Date()", "Thread(", "Task {", "Task.sleep",
    ]
}
