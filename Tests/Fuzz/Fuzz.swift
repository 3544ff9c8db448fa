import Glibc

/// libFuzzer's loop: it runs the body with every input it makes up (FuzzerInterface.h).
///
/// Declared here because the library comes with `-sanitize=fuzzer` and has no module.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// One executable for all targets; `FUZZ_TARGET` chooses, `all` lists them.
///
/// By the environment and not by an argument, because libFuzzer starts itself again with its own
/// arguments to minimise a crash. `FUZZ_SEEDS=folder` writes the target's seeds and ends.
@main
enum Fuzz {
    private static let target: FuzzTarget = {
        guard let name = environment("FUZZ_TARGET"), let target = FuzzTarget(rawValue: name) else {
            print("FUZZ_TARGET must be one of: \(known)")
            exit(64)
        }
        return target
    }()

    private static let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")

    static func main() throws {
        if environment("FUZZ_TARGET") == "all" { return print(known) }
        if let folder = environment("FUZZ_SEEDS") {
            try Seeds.write(of: target, to: folder)
            return
        }
        _ = target
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(
            runDriver(&count, &arguments) { bytes, count in
                Fuzz.target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
                return 0
            })
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}

/// Ends the run with the input that broke a rule; libFuzzer keeps it.
func hold(_ isTrue: Bool, _ rule: @autoclosure () -> String) {
    if !isTrue { fatalError("broken: " + rule()) }
}
