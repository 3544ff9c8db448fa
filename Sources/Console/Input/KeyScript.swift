package import Monitor

/// Keys from a file or the command line that drive the console (DESIGN §23).
///
/// ```
/// wait 500ms                  time
/// wait count(role:play)>=2    until it holds, 10 s at most
/// 2K                          keys as they are; <Enter> <Esc> <Tab> <F9> <C-d> <PgDn> <Space>
/// type "role:pub"             text into a prompt
/// size 80x24                  resize, where there is no terminal
/// snap conns                  the screen, as conns.txt
/// expect "PUB"                text on the screen, else the script has failed
/// mouse click 10 5
/// quit
/// ```
package struct KeyScript: Sendable {
    package enum Step: Sendable {
        case wait(milliseconds: UInt64)
        case waitUntil(Expectation)
        case input(Input)
        case snap(String)
        case expect(String)
        case quit
    }

    /// A step and where it was written, for whoever has to be told that it failed.
    package struct Line: Sendable {
        package let number: Int
        package let step: Step
    }

    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        package let line: Int
        package let reason: String

        package var description: String { "line \(line): \(reason)" }
    }

    package let lines: [Line]

    package init(_ text: String) throws(Fault) {
        var lines: [Line] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            var words = Words(line, number: index + 1)
            while let word = try words.next() {
                for step in try Self.steps(word, &words) {
                    lines.append(Line(number: index + 1, step: step))
                }
            }
        }
        self.lines = lines
    }

    private static func steps(_ word: Words.Word, _ words: inout Words) throws(Fault) -> [Step] {
        guard !word.isQuoted else { return keys(word.text) }
        switch word.text {
        case "wait":
            let what = try words.required("a time or a condition after wait")
            if let milliseconds = milliseconds(what.text) {
                return [.wait(milliseconds: milliseconds)]
            }
            do {
                return [.waitUntil(try Expectation(what.text))]
            } catch {
                throw words.fault("wait \(what.text): \(error)")
            }
        case "type": return keys(try words.required("a text after type").text)
        case "size":
            let size = try words.required("a size after size").text
            let parts = size.split(separator: "x").map { Int($0) }
            guard parts.count == 2, let width = parts[0], let height = parts[1],
                (1...1000).contains(width), (1...1000).contains(height)
            else { throw words.fault("size takes WIDTHxHEIGHT in cells, not \(size)") }
            return [.input(.resize(width: width, height: height))]
        case "snap":
            let name = try words.required("a name after snap").text
            guard !name.hasPrefix("."), !name.contains("/") else {
                throw words.fault("snap takes a plain name, not \(name)")
            }
            return [.snap(name)]
        case "expect": return [.expect(try words.required("a text after expect").text)]
        case "mouse":
            let act = try words.required("click, right, up or down after mouse").text
            guard let x = Int(try words.required("a column").text),
                let y = Int(try words.required("a row").text)
            else { throw words.fault("mouse takes a column and a row") }
            return try mouse(act, x: x, y: y, words)
        case "quit": return [.quit]
        default: return try bareKeys(word.text, words)
        }
    }

    private static func keys(_ text: String) -> [Step] {
        text.unicodeScalars.map { .input(.key(.character($0))) }
    }

    /// Characters are keys, `<…>` is one by name.
    private static func bareKeys(_ text: String, _ words: Words) throws(Fault) -> [Step] {
        var steps: [Step] = []
        var rest = text[...]
        while let first = rest.unicodeScalars.first {
            if first == "<", let end = rest.firstIndex(of: ">") {
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                guard let key = Key(name: name) else {
                    throw words.fault("there is no key <\(name)>")
                }
                steps.append(.input(.key(key)))
                rest = rest[rest.index(after: end)...]
            } else {
                steps.append(.input(.key(.character(first))))
                rest = Substring(rest.unicodeScalars.dropFirst())
            }
        }
        return steps
    }

    private static func mouse(
        _ act: String, x: Int, y: Int, _ words: Words
    ) throws(Fault) -> [Step] {
        let acts: [Mouse.Act]
        switch act {
        case "click": acts = [.press, .release]
        case "right": acts = [.pressRight]
        case "up": acts = [.wheelUp]
        case "down": acts = [.wheelDown]
        default: throw words.fault("mouse does click, right, up or down, not \(act)")
        }
        return acts.map { .input(.mouse(Mouse($0, x: x, y: y))) }
    }

    private static func milliseconds(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits), number < 86_400_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return number
        case "s": return number * 1000
        case "m": return number * 60_000
        default: return nil
        }
    }
}

/// The words of one line; `#` before a blank begins a remark.
private struct Words {
    struct Word {
        var text: String
        var isQuoted: Bool
    }

    private var rest: Substring.UnicodeScalarView
    private let number: Int

    init(_ line: Substring, number: Int) {
        rest = line.unicodeScalars
        self.number = number
    }

    func fault(_ reason: String) -> KeyScript.Fault {
        KeyScript.Fault(line: number, reason: reason)
    }

    mutating func next() throws(KeyScript.Fault) -> Word? {
        rest = rest.drop { $0.properties.isWhitespace }
        guard let first = rest.first else { return nil }
        if first == "#", rest.dropFirst().first?.properties.isWhitespace ?? true { return nil }
        var text = String.UnicodeScalarView()
        guard first == "\"" else {
            text.append(contentsOf: rest.prefix { !$0.properties.isWhitespace })
            rest = rest.drop { !$0.properties.isWhitespace }
            return Word(text: String(text), isQuoted: false)
        }
        rest = rest.dropFirst()
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return Word(text: String(text), isQuoted: true) }
            if scalar == "\\", let escaped = rest.popFirst() {
                text.append(escaped)
            } else {
                text.append(scalar)
            }
        }
        throw fault("a closing \" is missing")
    }

    mutating func required(_ what: String) throws(KeyScript.Fault) -> Word {
        guard let word = try next() else { throw fault("give \(what)") }
        return word
    }
}
