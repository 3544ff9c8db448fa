import RTMP

/// What clients write into app, tcUrl and stream name; the fields stand one after another, a zero
/// byte between them.
///
/// A key holds no control character, no empty segment, no `..`, at most 512 bytes, and is its own
/// normal form.
enum NamesTarget {
    static func run(_ bytes: [UInt8]) {
        let fields = bytes.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func field(_ index: Int) -> String { index < fields.count ? fields[index] : "" }

        let app = StreamName.app(fields.count > 3 ? field(0) : nil, tcURL: field(1))
        let resolved = StreamName.resolve(field(2), in: app)
        _ = StreamName.parameter(field(3), in: [resolved.query] + app.parameters)
        let bare = StreamName.withoutQuotes(field(1))
        hold(StreamName.withoutQuotes(bare) == bare, "quotes are taken off at once")
        hold(!app.path.contains("//") && !app.path.hasPrefix("/"), "app is normal: \(app.path)")

        guard let key = resolved.key else { return }
        let text = key.description
        let segments = text.utf8.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        hold(text.utf8.count <= StreamName.keyBytesMaximum, "a key is bounded")
        hold(!segments.contains { $0.isEmpty }, "no segment is empty: \(text)")
        hold(!segments.contains { $0.elementsEqual("..".utf8) }, "no segment is ..: \(text)")
        hold(!key.name.isEmpty, "a key has a name")
        hold(
            text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
            "no control characters")
        // The same key by its own text, unless it holds once more what is taken off once.
        guard !key.name.contains(":"), !key.app.contains("_definst_") else { return }
        let plain = StreamName.app(key.app, tcURL: "")
        hold(StreamName.resolve(key.name, in: plain).key == key, "a key is its own normal form")
    }
}
