/// What a stream is called on this server: app and name after normalisation (CMD-23).
package struct StreamKey: Hashable, Sendable, CustomStringConvertible {
    package let app: String
    package let name: String

    package init(app: String, name: String) {
        self.app = app
        self.name = name
    }

    package var description: String { app.isEmpty ? name : app + "/" + name }
}
