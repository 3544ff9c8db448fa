// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A target of the floor plan: what it may import stands here and nowhere else.
/// `FloorPlanTests` holds the imports of the sources against this table.
func floor(_ name: String, imports: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: strict)
}

func suite(_ name: String, tests: [Target.Dependency]) -> Target {
    .testTarget(
        name: name,
        dependencies: tests + ["TestSupport"],
        path: "Tests/\(name)",
        swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

let package = Package(
    name: "rtmp-top",
    products: [
        .executable(name: "rtmp-top", targets: ["rtmp-top"]),
        .executable(name: "rtmp-client", targets: ["rtmp-client"]),
        .library(name: "RTMPClient", targets: ["RTMPClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // Floor 0: foundations. They do not know one another.
        floor("RTMP"),
        floor("Telemetry"),
        .target(name: "CPosix"),
        floor("Posix", imports: ["CPosix"]),
        .target(
            name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        floor("Security", imports: ["COpenSSL"]),

        // Floor 1: policy.
        floor("Relay", imports: ["RTMP"]),

        // Floor 2: runtime.
        floor("RTMPServer", imports: ["RTMP", "Relay", "Telemetry", "Posix", "Security"]),
        floor("Recording", imports: ["RTMP", "Relay", "Telemetry", "Posix"]),
        floor("RTMPClient", imports: ["RTMP", "Posix", "Security"]),
        floor("Monitor", imports: ["RTMP", "Telemetry"]),

        // Floor 3: presentation.
        floor("Console", imports: ["Monitor", "Telemetry", tomlKit]),

        // Floor 4: terminal.
        .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw")]),
        floor("CursesTerminal", imports: ["Console", "Posix", "CNcurses"]),

        // Floor 5: executables.
        .executableTarget(
            name: "rtmp-top",
            dependencies: [
                "RTMPServer", "Recording", "Monitor", "Console", "CursesTerminal", "Telemetry",
                "RTMP", "Relay", "Posix", "Security", argumentParser,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "rtmp-client",
            dependencies: [
                "RTMPClient", "Recording", "Monitor", "Telemetry", "RTMP", "Posix", "Security",
                argumentParser,
            ],
            swiftSettings: strict),

        // Tests.
        .target(
            name: "CTestCertificates", path: "Tests/CTestCertificates",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(
            name: "TestSupport",
            dependencies: ["RTMP", "CTestCertificates"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        suite("RTMPTests", tests: ["RTMP", "Security"]),
        suite("TelemetryTests", tests: ["Telemetry"]),
        suite("PosixTests", tests: ["Posix"]),
        suite("SecurityTests", tests: ["Security", "Posix", "CTestCertificates"]),
        suite("RelayTests", tests: ["Relay", "RTMP"]),
        suite("RTMPServerTests", tests: ["RTMPServer", "RTMP", "Relay", "Telemetry", "Posix"]),
        suite("RecordingTests", tests: ["Recording", "RTMP", "Relay", "Telemetry", "Posix"]),
        suite("MonitorTests", tests: ["Monitor", "RTMP", "Telemetry"]),
        suite("ConsoleTests", tests: ["Console", "Monitor", "Telemetry"]),
        suite("CursesTerminalTests", tests: ["CursesTerminal", "Console", "Monitor", "Posix"]),
        suite(
            "IntegrationTests",
            tests: [
                "RTMPServer", "Recording", "RTMPClient", "RTMP", "Relay", "Monitor", "Console",
                "Telemetry", "Posix", "Security",
            ]),
        suite(
            "RtmpTopTests", tests: ["rtmp-top", "Recording", "Console", "Monitor", "Posix"]),
        suite("InteropTests", tests: ["Posix"]),
        suite("FloorPlanTests", tests: []),
    ]
)

// The fuzzers need libFuzzer and lld, so they are there only when asked for: Tests/Fuzz/run.
if Context.environment["RTMP_TOP_FUZZ"] != nil {
    package.products.append(.executable(name: "Fuzz", targets: ["Fuzz"]))
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: ["RTMP", "Monitor", "Telemetry", "TestSupport"],
            path: "Tests/Fuzz",
            exclude: ["Found", "README.md", "run"],
            swiftSettings: strict))
}

// What the hot path costs without a peer: Tests/Benchmarks/micro.
if Context.environment["RTMP_TOP_BENCHMARKS"] != nil {
    package.products.append(.executable(name: "Micro", targets: ["Micro"]))
    package.targets.append(
        .executableTarget(
            name: "Micro",
            dependencies: ["RTMP", "Relay", "Recording", "Monitor", "Telemetry", "Posix"],
            path: "Tests/Benchmarks/Micro",
            swiftSettings: strict))
}
