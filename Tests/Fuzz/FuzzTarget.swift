/// What can be fuzzed. The body of each target stands in the file of its name.
enum FuzzTarget: String, CaseIterable {
    case session
    case chunk
    case amf
    case media
    case names
    case filter
    case trace
    case client
    case flv
    case url

    func run(_ bytes: [UInt8]) {
        switch self {
        case .session: SessionTarget.run(bytes)
        case .chunk: ChunkTarget.run(bytes)
        case .amf: AMFTarget.run(bytes)
        case .media: MediaTarget.run(bytes)
        case .names: NamesTarget.run(bytes)
        case .filter: FilterTarget.run(bytes)
        case .trace: TraceTarget.run(bytes)
        case .client: ClientTarget.run(bytes)
        case .flv: FLVTarget.run(bytes)
        case .url: URLTarget.run(bytes)
        }
    }
}
