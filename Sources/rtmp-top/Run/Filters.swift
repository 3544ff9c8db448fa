import Monitor

/// The filters of the command line, understood before anything starts.
struct Filters {
    /// `--filter`: what is told and shown; nil: everything.
    let sessions: FilterPredicate<SessionRow>?
    /// `--trace`: whose chunks are written; nil: nobody's.
    let traced: FilterPredicate<SessionRow>?
    /// nil: no lines of the trace.
    let traceLevel: EventWriter.TraceLevel?

    init(_ arguments: Arguments) throws(Failure) {
        sessions = try Self.predicate(arguments.console.filter, option: "--filter")
        traced = try Self.predicate(arguments.output.trace, option: "--trace")
        traceLevel =
            switch arguments.output.traceLevel {
            case _ where traced == nil: nil
            case .chunk: .chunk
            case .message: .message
            }
    }

    private static func predicate(
        _ text: String?, option: String
    ) throws(Failure) -> FilterPredicate<SessionRow>? {
        guard let text else { return nil }
        do {
            return try FilterPredicate(text)
        } catch {
            throw .usage("\(option) '\(text)': \(error)")
        }
    }
}
