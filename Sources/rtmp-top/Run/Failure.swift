import Posix

/// Why the program ends without having done what was asked: a sentence and an exit code.
struct Failure: Error {
    let code: Int32
    let sentence: String

    static func usage(_ sentence: String) -> Failure { Failure(code: 2, sentence: sentence) }
    static func expectation(_ sentence: String) -> Failure { Failure(code: 1, sentence: sentence) }
    static func cannotListen(_ sentence: String) -> Failure {
        Failure(code: 3, sentence: sentence)
    }
    static func `internal`(_ sentence: String) -> Failure { Failure(code: 4, sentence: sentence) }

    /// What the system refuses at the start, where nothing can be done about it.
    static func unlessStarted<Part: ~Copyable>(
        _ start: () throws(PosixError) -> Part
    ) throws(Failure) -> Part {
        do {
            return try start()
        } catch {
            throw .internal("cannot start: \(error)")
        }
    }
}
