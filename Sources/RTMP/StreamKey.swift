/// What a stream is called on this server: app and name after normalisation (CMD-23).
///
/// Clients cut one URL at different places (ffmpeg publishes `a/b` + `c`, another player asks for
/// `a` + `b/c`), so two keys are the same when app and name joined are the same.
package struct StreamKey: Hashable, Sendable, CustomStringConvertible {
    package let app: String
    package let name: String
    /// `app/name`, or the name alone: the identity of the key.
    package let description: String

    package init(app: String, name: String) {
        self.app = app
        self.name = name
        description = app.isEmpty ? name : app + "/" + name
    }

    package static func == (left: StreamKey, right: StreamKey) -> Bool {
        left.description == right.description
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(description)
    }
}
