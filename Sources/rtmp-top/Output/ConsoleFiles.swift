import Console

/// The files that a console wants written, on a terminal or without one (console design, §14).
struct ConsoleFiles {
    let configuration: ConfigurationFile

    /// nil: this is no wish for a file.
    func write(_ intent: Intent, theme: Theme) -> Outcome? {
        switch intent {
        case .write(let path, let text): ViewFile.write(text, to: path)
        case .writeBytes(let path, let bytes): ViewFile.write(bytes, to: path)
        case .writeScreen(let path, let surface):
            ViewFile.write(surface.ansi(theme: theme), to: path)
        case .copy(let text, _, toFile: true): StateFile.write(text, to: "clip.txt")
        case .save(let path, let text): configuration.save(text, to: path)
        case .copy, .close, .trace, .inspect, .lift, .record, .reconnect, .note, .theme, .detach,
            .redraw, .quit:
            nil
        }
    }
}
