import ArgumentParser
import RTMP
import Recording

struct Repair: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes FLV files whole that were never finished, in place.",
        discussion: """
            Cuts behind the last whole tag, adds what is missing there, and writes duration, size \
            and index into the metadata where it has room for them.
            """)

    @Argument(help: ArgumentHelp("FLV files.", valueName: "file"))
    var files: [String]

    func run() throws {
        var failures: [Failure] = []
        for file in files {
            do throws(FLVRepairError) {
                print(RepairSentence.of(try FLVRepair(file), file))
            } catch {
                failures.append(Failure(code: Failure.usage, "\(error)"))
            }
        }
        for failure in failures.dropLast() { Terminal.say(failure.sentence) }
        if let last = failures.last { throw last }
    }
}

/// What was done to a file, in words.
enum RepairSentence {
    static func of(_ repair: FLVRepair, _ name: String) -> String {
        let figures = repair.file.figures
        let content =
            "\(figures.tags) tags, \(Figure.clock(.milliseconds(figures.durationMilliseconds)))"
        if repair.wasWhole { return "\(name): whole, \(content)" }
        var done: [String] = []
        if let damage = repair.file.damage { done.append("\(damage)") }
        if repair.before > repair.after { done.append("cut \(repair.before - repair.after) bytes") }
        if repair.after > repair.before {
            done.append("added \(repair.after - repair.before) bytes")
        }
        done.append(
            repair.file.metadata == nil
                ? "flags written, the metadata has no room for figures" : "metadata written")
        return "\(name): repaired, \(content): " + done.joined(separator: ", ")
    }
}
