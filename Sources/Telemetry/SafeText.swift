/// Text from outside, made harmless once, where it enters the process.
///
/// Views, logs, files and JSON Lines take only this type for anything a peer could have written.
package struct SafeText: Hashable, Sendable, CustomStringConvertible {
    /// Printable, escaped where the original was not (`\x1b`, `\u{202e}`, `\xff`), at most 256 cells.
    package let description: String
    /// The original held something that had to be escaped.
    package let isEscaped: Bool

    package init(_ text: String) {
        description = text
        isEscaped = false
    }
}
