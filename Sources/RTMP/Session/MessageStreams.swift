/// The message streams of one connection, each created → publishing or playing → deleted.
///
/// A deleted stream is gone from the table, and its id is not given out again.
struct MessageStreams: Sendable {
    enum State: Sendable {
        case created
        case publishing(StreamKey)
        case playing(StreamKey, isPaused: Bool)
    }

    struct Entry {
        let id: MessageStreamID
        var state: State
        /// What receiveAudio and receiveVideo have turned off, whatever is played meanwhile.
        var unwanted: Set<MediaMessage.Kind> = []
    }

    private let maximum: Int
    private(set) var entries: [Entry] = []
    private var nextID: MessageStreamID = 1

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// A new stream with the next id, counting from 1; nil when there are too many.
    mutating func create() -> MessageStreamID? {
        while self[nextID] != nil || nextID == 0 { nextID &+= 1 }
        return insert(nextID)
    }

    /// The stream a message means: by its id, else the only one there is (CMD-8).
    func resolve(_ id: MessageStreamID) -> MessageStreamID? {
        if self[id] != nil { return id }
        return entries.count == 1 ? entries[0].id : nil
    }

    /// The stream that takes the media a message brings; nil if it does not publish (CMD-12).
    func publisher(_ id: MessageStreamID) -> MessageStreamID? {
        let index = entries.firstIndex { $0.id == id } ?? (entries.count == 1 ? 0 : nil)
        guard let index, case .publishing = entries[index].state else { return nil }
        return entries[index].id
    }

    /// `resolve` for publish and play, which create the stream where nobody called createStream. It
    /// gets the id the peer already uses (CMD-8, CMD-12).
    mutating func resolveOrCreate(_ id: MessageStreamID) -> MessageStreamID? {
        if let known = resolve(id) { return known }
        return id == 0 ? create() : insert(id)
    }

    subscript(id: MessageStreamID) -> State? {
        get { entries.first { $0.id == id }?.state }
        set {
            guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
            if let newValue {
                entries[index].state = newValue
            } else {
                entries.remove(at: index)
            }
        }
    }

    /// The kinds of media a player on this stream does not want (CMD-18).
    func unwanted(on id: MessageStreamID) -> Set<MediaMessage.Kind> {
        entries.first { $0.id == id }?.unwanted ?? []
    }

    /// Said for the stream, so it holds before play too and for whatever is played next.
    mutating func setWants(_ kind: MediaMessage.Kind, _ wants: Bool, on id: MessageStreamID) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        if wants {
            entries[index].unwanted.remove(kind)
        } else {
            entries[index].unwanted.insert(kind)
        }
    }

    /// The other stream of this connection that publishes the key.
    func publisher(of key: StreamKey, besides id: MessageStreamID) -> MessageStreamID? {
        entries.first {
            guard $0.id != id, case .publishing(key) = $0.state else { return false }
            return true
        }?.id
    }

    /// The stream that publishes this key, else the only one that publishes at all.
    func publishing(_ key: StreamKey?) -> MessageStreamID? {
        var found: [MessageStreamID] = []
        for entry in entries {
            guard case .publishing(let published) = entry.state else { continue }
            if published == key { return entry.id }
            found.append(entry.id)
        }
        return found.count == 1 ? found[0] : nil
    }

    private mutating func insert(_ id: MessageStreamID) -> MessageStreamID? {
        guard entries.count < maximum else { return nil }
        entries.append(Entry(id: id, state: .created))
        // An id beyond all others, as a peer may choose, leaves the counter where it is.
        if id >= nextID, id < .max { nextID = id + 1 }
        return id
    }
}
