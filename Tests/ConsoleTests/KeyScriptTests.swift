import Console
import Testing

/// DESIGN §23, scripted keys.
@Suite struct KeyScriptTests {
    /// A step as a word, for a table.
    private func words(_ text: String) throws -> [String] {
        try KeyScript(text).lines.map { line in
            switch line.step {
            case .wait(let milliseconds): "wait \(milliseconds)"
            case .waitUntil(let condition): "until \(condition)"
            case .input(.key(let key)): key.name
            case .input(.resize(let width, let height)): "\(width)x\(height)"
            case .input(.mouse(let mouse)): "\(mouse.act) \(mouse.x),\(mouse.y)"
            case .input(.paste(let text)): "paste \(text)"
            case .input(.hangup): "hangup"
            case .snap(let name): "snap \(name)"
            case .expect(let text): "expect \(text)"
            case .quit: "quit"
            }
        }
    }

    @Test(arguments: [
        ("wait 500ms", ["wait 500"]), ("wait 2s 2", ["wait 2000", "2"]),
        ("wait count(role:play)>=2", ["until count(role:play)>=2"]),
        ("wait \"count(role:play) >= 2\"", ["until count(role:play) >= 2"]),
        ("2Kn", ["2", "K", "n"]), ("<Enter> <Esc><Tab>", ["Enter", "Esc", "Tab"]),
        ("<S-Tab> <F9> <C-d> <^L> <PgDn> <Space>", ["S-Tab", "F9", "^D", "^L", "PgDn", "Space"]),
        ("/role:pub<Enter>", ["/", "r", "o", "l", "e", ":", "p", "u", "b", "Enter"]),
        ("type \"a b\"", ["a", "Space", "b"]), ("\"wait\"", ["w", "a", "i", "t"]),
        ("type #12", ["#", "1", "2"]), ("# a remark\n2 # another", ["2"]),
        ("size 80x24", ["80x24"]), ("snap conns", ["snap conns"]),
        ("expect \"PUB \\\"x\\\"\"", ["expect PUB \"x\""]),
        ("mouse click 10 5", ["press 10,5", "release 10,5"]), ("quit", ["quit"]),
        ("< >", ["<", ">"]), ("", []),
    ])
    func `a script is read word by word`(text: String, steps: [String]) throws {
        #expect(try words(text) == steps)
    }

    @Test(arguments: [
        ("wait", 1), ("2\nwait role:", 2), ("<Nokey>", 1), ("\n\ntype \"open", 3), ("size 80", 1),
        ("snap ../x", 1), ("expect", 1), ("mouse tickle 1 2", 1), ("mouse click 1", 1),
        ("size 0x0", 1),
    ])
    func `a fault names its line`(text: String, line: Int) {
        do {
            _ = try KeyScript(text)
            Issue.record("read")
        } catch {
            #expect(error.line == line)
        }
    }
}
