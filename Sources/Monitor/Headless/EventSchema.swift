/// The JSON Schema of every line of `--headless` (`--schema`; specs/001-rtmp-server/contracts/events.md).
package enum EventSchema {
    /// Each event and its keys behind `v`, `t`, `ms` and `ev`, in their order.
    ///
    /// A key stands with its type: `i` integer, `n` number, `s` text, `b` flag, `o` object, `ss`
    /// texts, `l` level; `?` behind it: may be null; `~` before it: may be missing.
    static let events: [(name: String, keys: String)] = [
        ("server.start", "listen:ss tls_listen:ss version:s pid:i"),
        ("server.stop", "why:s"),
        ("session.accept", "s:i level:l peer:s listener:s tls:b"),
        ("session.refused", "level:l peer:s why:s"),
        ("tls.done", "s:i level:l version:s cipher:s took_ms:i"),
        ("hs.done", "s:i level:l kind:s took_ms:i"),
        ("hs.fail", "s:i level:l why:s got_b:i"),
        (
            "rtmp.connect",
            "s:i level:l app:s flashver:s tcurl:s object_encoding:i client:s?"
        ),
        ("rtmp.publish", "s:i level:l stream:s accepted:b code:s"),
        ("rtmp.play", "s:i level:l stream:s accepted:b code:s"),
        ("rtmp.pause", "s:i level:l stream:s paused:b"),
        ("rtmp.unknown", "s:i level:l command:s"),
        ("stream.start", "s:i level:l stream:s"),
        ("stream.end", "level:l stream:s why:s"),
        ("media.config", "s:i level:l stream:s track:i kind:s codec:s detail:o"),
        ("media.meta", "s:i level:l stream:s metadata:s"),
        ("media.first", "s:i level:l stream:s after_ms:i"),
        ("media.jump", "s:i level:l stream:s kind:s from:i to:i"),
        ("media.drop", "s:i level:l stream:s frames:i why:s"),
        ("ctrl.ack_window", "s:i level:l dir:s value:i"),
        ("ctrl.chunk_size", "s:i level:l dir:s value:i"),
        ("ctrl.bandwidth", "s:i level:l dir:s value:i limit:s"),
        ("ctrl.user", "s:i level:l dir:s event:s value:i"),
        (
            "session.close",
            "s:i level:l who:s why:s detail:s state:s lasted_ms:i in_b:i out_b:i"
        ),
        ("record.start", "level:l stream:s path:s"),
        ("record.segment", "level:l stream:s path:s bytes:i duration_ms:i next:s"),
        ("record.end", "level:l stream:s path:s bytes:i duration_ms:i files:i why:s"),
        ("record.fail", "level:l stream:s path:s bytes:i duration_ms:i why:s"),
        ("record.skip", "level:l stream:s frames:i"),
        ("record.repair", "level:l path:s bytes:i duration_ms:i cut_b:i"),
        ("admin.kill", "s:i level:l detail:s"),
        ("admin.hold", "level:l stream:s hold_s:i"),
        ("admin.lift", "level:l stream:s"),
        ("admin.reconnect", "s:i level:l asked:b ~tcurl:s"),
        ("admin.note", "s:i level:l detail:s"),
        ("console.lost", "level:l"),
        ("console.detached", "level:l"),
        ("console.resumed", "level:l"),
        ("admin.trace", "level:l detail:s"),
        ("tls.certificate", "level:l file:s taken:b detail:s"),
        ("missed", "level:l count:i what:s"),
        ("note", "level:l source:s detail:s"),
        (
            "stats.server",
            """
            connections:i publishers:i players:i in_bps:i out_bps:i rss_b:i? cpu_pct:n? idle:i \
            handshaking:i accepted:i closed:i refused:i hs_failed:i in_b:i out_b:i queue_b:i \
            drop:i fds:i? missed:i
            """
        ),
        (
            "stats.stream",
            """
            stream:s publishers:i players:i in_bps:i out_bps:i gop_ms:i? window_b:i \
            window_messages:i up_ms:i record:s? record_path:s? record_b:i? record_ms:i?
            """
        ),
        (
            "stats.session",
            """
            s:i role:s stream:s? in_b:i out_b:i in_bps:i out_bps:i fps:n? gop_ms:i? av_ms:i? \
            rtt_ms:n? queue_b:i queue_ms:i drop:i ack_in:i ack_out:i win_in:i win_out:i \
            tls:s? cipher:s?
            """
        ),
        (
            "trace.chunk",
            """
            s:i dir:s at:i csid:i fmt:i hdr_b:i pay_b:i ~ts:i ~dts:i ~len:i ~type:i ~msid:i msg:i
            """
        ),
        (
            "trace.message",
            "s:i dir:s at:i csid:i ts:i len:i type:i msid:i chunks:i info:s msg:i"
        ),
    ]

    /// One key of a line.
    struct Key: Equatable {
        let name: String
        let type: String
        let mayBeNull: Bool
        let mayBeMissing: Bool

        init(_ text: Substring) {
            let parts = text.split(separator: ":")
            let type = parts.last ?? ""
            mayBeMissing = text.hasPrefix("~")
            mayBeNull = type.hasSuffix("?")
            name = String((parts.first ?? "").drop { $0 == "~" })
            self.type = String(type.prefix { $0 != "?" })
        }
    }

    static func keys(of event: String) -> [Key]? {
        events.first { $0.name == event }.map { $0.keys.split(separator: " ").map(Key.init) }
    }

    /// Keys may be added (`"v":1`), so others than these are allowed.
    package static var text: String {
        var schema = JSONObject()
        schema.add("$schema", "https://json-schema.org/draft/2020-12/schema")
        schema.add("title", "A line of rtmp-top --headless")
        schema.add(
            "oneOf", events.map { line($0.name, $0.keys.split(separator: " ").map(Key.init)) })
        return String(decoding: schema.line, as: UTF8.self)
    }

    private static func line(_ name: String, _ keys: [Key]) -> JSONObject {
        var properties = JSONObject()
        properties.add(constant(1), named: "v")
        properties.add(object("string", format: "date-time"), named: "t")
        properties.add(object("integer"), named: "ms")
        properties.add(constant(name), named: "ev")
        for key in keys { properties.add(property(key), named: key.name) }
        var line = JSONObject()
        line.add("type", "object")
        line.add("properties", properties)
        line.add(
            "required", ["v", "t", "ms", "ev"] + keys.filter { !$0.mayBeMissing }.map(\.name))
        return line
    }

    private static func property(_ key: Key) -> JSONObject {
        var property = JSONObject()
        let word: String
        switch key.type {
        case "i": word = "integer"
        case "n": word = "number"
        case "b": word = "boolean"
        case "o": word = "object"
        case "ss": word = "array"
        default: word = "string"
        }
        if key.mayBeNull {
            property.add("type", [word, "null"])
        } else {
            property.add("type", word)
        }
        if key.type == "ss" { property.add("items", object("string")) }
        if key.type == "l" { property.add("enum", ["error", "warn", "info", "debug", "trace"]) }
        return property
    }

    private static func object(_ type: String, format: String? = nil) -> JSONObject {
        var object = JSONObject()
        object.add("type", type)
        if let format { object.add("format", format) }
        return object
    }

    private static func constant(_ value: String) -> JSONObject {
        var object = JSONObject()
        object.add("const", value)
        return object
    }

    private static func constant(_ value: Int) -> JSONObject {
        var object = JSONObject()
        object.add("const", value)
        return object
    }
}
