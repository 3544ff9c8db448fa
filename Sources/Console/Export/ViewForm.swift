/// The forms a view can be written in.
package enum ViewForm: String, CaseIterable, Sendable {
    case txt
    case ansi
    case csv
    case json
    case jsonl
    case md
}
