/// The forms a view can be written in.
package enum ViewForm: String, CaseIterable, Sendable {
    case txt
    case ansi
    case csv
    case json
    case jsonl
    case md
    /// Of the trace alone.
    case hex
    case pcapng

    /// What `w` says of it.
    var words: String {
        switch self {
        case .txt: "the screen"
        case .ansi: "the screen with its colours"
        case .csv: "the rows, every field"
        case .json: "one document"
        case .jsonl: "an object a row"
        case .md: "a table for an issue tracker"
        case .hex: "the bytes kept of these chunks, for text2pcap"
        case .pcapng: "these sessions, for Wireshark"
        }
    }

    /// Its key in the menu of `w`.
    var letter: Character {
        switch self {
        case .txt: "t"
        case .ansi: "a"
        case .csv: "c"
        case .json: "j"
        case .jsonl: "l"
        case .md: "m"
        case .hex: "h"
        case .pcapng: "p"
        }
    }
}
