import Console
import Monitor
import Testing

@testable import rtmp_top

/// `--expect`, `--within`, `--exit-when` over the snapshots of a run.
@Suite struct ExpectationWatchTests {
    private let demo = Demo()

    private func watch(_ words: [String]) throws -> ExpectationWatch {
        let reading = CommandLineReading(
            arguments: ["--headless"] + words, environment: { _ in nil })
        guard case .run(let arguments) = reading else { throw WrongValue("\(reading)") }
        return try ExpectationWatch(arguments.output)
    }

    @Test func `what came true stays true, and all of it ends the run`() throws {
        var watch = try watch(["--expect", "~slow", "--expect", "count(role:pub)=2"])
        #expect(watch.look(at: Demo(sessions: 0).snapshot(at: 0)) == nil)
        #expect(watch.look(at: demo.snapshot(at: 1)) == .end)
        #expect(watch.failure() == nil)
    }

    @Test func `with a time for the run, being met does not end it`() throws {
        var watch = try watch(["--expect", "~slow", "--for", "30s"])
        #expect(watch.look(at: demo.snapshot(at: 0)) == nil)
        #expect(watch.look(at: Demo(sessions: 0).snapshot(at: 1)) == nil)
        #expect(watch.failure() == nil)
    }

    @Test func `what is overdue fails with code 1 and says the last values`() throws {
        var watch = try watch(["--expect", "role:pub & fps>100", "--within", "5s"])
        #expect(watch.look(at: demo.snapshot(at: 0)) == nil)
        #expect(watch.look(at: demo.snapshot(at: 19)) == nil)
        #expect(watch.look(at: demo.snapshot(at: 20)) == .overdue)
        let failure = try #require(watch.failure())
        #expect(failure.code == 1)
        #expect(failure.sentence.contains("expected role:pub & fps>100, which never came true"))
        #expect(failure.sentence.contains("fps: #3 "))
    }

    @Test func `an end that comes first leaves what was not met a failure`() throws {
        var watch = try watch(["--expect", "role:nobody", "--exit-when", "count()>5"])
        #expect(watch.look(at: demo.snapshot(at: 0)) == .end)
        #expect(watch.failure()?.code == 1)
    }

    @Test(arguments: [["--expect", "role:"], ["--exit-when", "count()>x"]])
    func `a wrong condition is wrong usage`(words: [String]) {
        do {
            _ = try watch(words)
            Issue.record("understood")
        } catch let failure as Failure {
            #expect(failure.code == 2)
            #expect(failure.sentence.contains("\(words[0]) '\(words[1])'"))
        } catch {
            Issue.record("\(error)")
        }
    }
}

/// `--script`: steps in their order, each when it is due.
@Suite struct ScriptPlayerTests {
    private let live = Demo().snapshot(at: 0)

    private func outcome(
        _ player: inout ScriptPlayer, at now: UInt64, _ screen: String = ""
    ) throws -> String {
        var surface = Surface(width: 80, height: 1)
        surface.put(screen, x: 0, y: 0)
        let outcome = try player.advance(
            now: now, live: live, theme: Theme(name: "plain"), screen: { surface })
        return switch outcome {
        case .input(let input): "\(input)"
        case .rest(let until): "rest \(until / 1_000_000)"
        case .quit: "quit"
        case .done: "done"
        }
    }

    @Test func `a wait is over when its time is`() throws {
        var player = ScriptPlayer(try KeyScript("wait 500ms 2 quit 3"))
        #expect(try outcome(&player, at: 1_000_000_000) == "rest 1500")
        #expect(try outcome(&player, at: 1_200_000_000) == "rest 1500")
        #expect(try outcome(&player, at: 1_500_000_000).contains("2"))
        #expect(try outcome(&player, at: 1_500_000_000) == "quit")
        #expect(try outcome(&player, at: 1_500_000_000) == "done")
    }

    @Test func `a condition is waited for ten seconds at most`() throws {
        var player = ScriptPlayer(try KeyScript("wait ~slow\nwait count()>99"))
        #expect(try outcome(&player, at: 0) == "rest 50")
        #expect(throws: Failure.self) { try outcome(&player, at: 10_000_000_000) }
    }

    @Test func `text that is not on the screen fails the script with its line`() throws {
        var player = ScriptPlayer(try KeyScript("expect PUB\n\nexpect PLAY"))
        do {
            _ = try outcome(&player, at: 0, "a PUB here")
            Issue.record("found")
        } catch let failure as Failure {
            #expect(failure.code == 1)
            #expect(failure.sentence.hasPrefix("script line 3: \"PLAY\" is not on the screen"))
        }
    }
}
