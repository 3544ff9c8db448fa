import RTMP
import Testing

/// URL-1 … URL-5, a table for each rule (T-URL-01 … T-URL-03).
@Suite struct RTMPURLTests {
    private func parse(_ text: String) throws -> RTMPURL { try RTMPURL(parsing: text) }

    // MARK: URL-1: scheme and port

    @Test(
        arguments: [
            ("rtmp://host/live/s", .rtmp, 1935), ("rtmps://host/live/s", .rtmps, 443),
            ("RTMP://host/live/s", .rtmp, 1935), ("rtmp://host:1936/live/s", .rtmp, 1936),
            ("rtmps://host:1936/live/s", .rtmps, 1936), ("rtmp://host:/live/s", .rtmp, 1935),
            ("rtmp://host:0/live/s", .rtmp, 1935), ("rtmps://host:0/live/s", .rtmps, 443),
            ("rtmp://host:65535/live/s", .rtmp, 65535), ("rtmp://host:00080/live/s", .rtmp, 80),
        ] as [(String, RTMPURL.Scheme, UInt16)])
    func `scheme and port (URL-1, T-URL-01)`(
        text: String, scheme: RTMPURL.Scheme, port: UInt16
    ) throws {
        let url = try parse(text)
        #expect(url.scheme == scheme)
        #expect(url.port == port)
        #expect(url.host == "host")
    }

    @Test(
        arguments: [
            ("", .noScheme), ("live/camera", .noScheme), ("://host/a", .noScheme),
            ("rtmp:host", .noScheme),
            ("rtmp:/host/a", .noScheme), ("-", .noScheme),
            ("rtmpe://host/a/b", .unsupportedScheme("rtmpe")),
            ("rtmpt://host/a/b", .unsupportedScheme("rtmpt")),
            ("rtmpte://host/a/b", .unsupportedScheme("rtmpte")),
            ("rtmpts://host/a/b", .unsupportedScheme("rtmpts")),
            ("rtmfp://host/a/b", .unsupportedScheme("rtmfp")),
            ("http://host/a/b", .unsupportedScheme("http")),
            ("rtmp://host:70000/a/b", .portOutOfRange("70000")),
            ("rtmp://host:65536/a/b", .portOutOfRange("65536")),
            ("rtmp://host:-1/a/b", .portOutOfRange("-1")),
            ("rtmp://host:+1/a", .portOutOfRange("+1")),
            ("rtmp://host:x/a/b", .portOutOfRange("x")),
            ("rtmp:///live/s", .emptyHost), ("rtmp://:1935/live/s", .emptyHost),
            ("rtmp://", .emptyHost),
            ("rtmp://user@/live", .emptyHost), ("rtmp://a\tb/live", .illegalCharacter),
            ("rtmp://host/live\n/x", .illegalCharacter),
            ("rtmp://ho<st/a", .malformedHost("ho<st")),
        ] as [(String, RTMPURL.Fault)])
    func `what is refused, and why (URL-1, T-URL-01)`(text: String, fault: RTMPURL.Fault) {
        #expect(throws: fault) { try parse(text) }
        #expect(!"\(fault)".isEmpty)
    }

    // MARK: URL-2: app and stream

    @Test(arguments: [
        ("rtmp://h/live/camera", "live", "camera"),
        ("rtmp://h/a/b/c/d", "a/b/c", "d"),
        ("rtmp://h/live/camera?key=1", "live", "camera?key=1"),
        ("rtmp://h/live/camera/", "live", "camera"),
        ("rtmp://h/live/camera/?key=1", "live", "camera?key=1"),
        // One segment is the app.
        ("rtmp://h/live", "live", ""), ("rtmp://h/live/", "live", ""),
        ("rtmp://h/live?key=a/b", "live?key=a/b", ""), ("rtmp://h/live/?k=v", "live?k=v", ""),
        ("rtmp://h", "", ""), ("rtmp://h/", "", ""),
        ("rtmp://h?authmod=adobe&user=x", "?authmod=adobe&user=x", ""),
        // The fragment names the stream, decoded.
        ("rtmp://h/live/room#camera", "live/room", "camera"),
        ("rtmp://h/live?key=1#cam%20era%3F", "live?key=1", "cam era?"),
        ("rtmp://h/live#", "live", ""), ("rtmp://h#s", "", "s"),
        // The query holds anything.
        ("rtmp://h/live/s?u=rtmp://o/p/q&m=a@b", "live", "s?u=rtmp://o/p/q&m=a@b"),
        // Instances and files.
        ("rtmp://h/live/_definst_/camera", "live/_definst_", "camera"),
        ("rtmp://h/vod/_definst_/dir/clip", "vod/_definst_", "dir/clip"),
        ("rtmp://h/live/_definst_", "live/_definst_", ""),
        ("rtmp://h/vod/mp4:dir/clip.mp4", "vod", "mp4:dir/clip.mp4"),
        ("rtmp://h/vod/i/mp4:dir/clip.mp4?x=1", "vod/i", "mp4:dir/clip.mp4?x=1"),
        ("rtmp://h/vod/flv:clip", "vod", "flv:clip"),
        // Nothing is decoded in a path.
        ("rtmp://h/live/cam%20era", "live", "cam%20era"),
        ("rtmp://h/live//camera", "live", "camera"),
    ])
    func `where the app ends and the stream begins (URL-2, T-URL-01)`(
        text: String, app: String, stream: String
    ) throws {
        let url = try parse(text)
        #expect(url.app == app)
        #expect(url.stream == stream)
    }

    @Test func `librtmp's options behind a space override (URL-2)`() throws {
        let url = try parse(
            "rtmp://h/a/b/c app=a playpath=b/c?x=1 tcUrl=rtmp://h:1/a swfUrl=http://x/y.swf "
                + "pageUrl=http://x/ flashVer=LNX\\2010 live=1 buffer=2000 timeout=5")
        #expect(url.app == "a")
        #expect(url.stream == "b/c?x=1")
        #expect(url.tcURL == "rtmp://h:1/a")
        #expect(url.options[.swfURL] == "http://x/y.swf")
        #expect(url.options[.pageURL] == "http://x/")
        #expect(url.options[.flashVersion] == "LNX 10")
        let configuration = ClientConfiguration(role: .play, url: url)
        #expect(configuration.tcURL == "rtmp://h:1/a")
        #expect(configuration.flashVersion == "LNX 10")
        #expect(configuration.swfURL == "http://x/y.swf")
        #expect(configuration.pageURL == "http://x/")
        #expect(throws: RTMPURL.Fault.unknownOption("token")) { try parse("rtmp://h/a token=x") }
        #expect(throws: RTMPURL.Fault.unknownOption("x")) { try parse("rtmp://h/a x") }
    }

    // MARK: URL-3: tcUrl

    @Test(arguments: [
        ("rtmp://h/live/s", "rtmp://h/live"), ("rtmp://h:1935/live/s", "rtmp://h:1935/live"),
        ("rtmp://h:0/live/s", "rtmp://h/live"), ("RTMPS://h/live/s?key=1", "rtmps://h/live"),
        ("rtmp://me:secret@h/live/s", "rtmp://h/live"),
        ("rtmp://h/live?k=1#s", "rtmp://h/live?k=1"),
        ("rtmp://[::1]:1936/live/s", "rtmp://[::1]:1936/live"),
        ("rtmp://[fe80::1%25eth0]/live/s", "rtmp://[fe80::1%25eth0]/live"),
        ("rtmp://h", "rtmp://h/"), ("rtmp://h/a/b/c", "rtmp://h/a/b"),
    ])
    func `tcUrl has no user, no fragment, no port that was not written (URL-3, T-URL-02)`(
        text: String, tcURL: String
    ) throws {
        #expect(try parse(text).tcURL == tcURL)
    }

    @Test(
        arguments: [
            ("rtmp://h/live/s", nil, []), ("rtmp://me@h/live/s", "me", ["me"]),
            ("rtmp://me:pass@h/live/s", "me:pass", ["me", "pass"]),
            ("rtmp://a:b:c@h/live/s", "a:b:c", ["a", "b", "c"]),
            ("rtmp://m%40e:p%3Ass@h/live/s", "m%40e:p%3Ass", ["m@e", "p:ss"]),
            // The last @ of the authority (URL-4).
            ("rtmp://me@home:pass@h/live/s", "me@home:pass", ["me@home", "pass"]),
            ("rtmp://@h/live/s", "", [""]),
        ] as [(String, String?, [String])])
    func `user information is kept apart and never said (URL-3, T-URL-01)`(
        text: String, userInfo: String?, credentials: [String]
    ) throws {
        let url = try parse(text)
        #expect(url.host == "h")
        #expect(url.userInfo == userInfo)
        #expect(url.credentials == credentials)
        #expect(!url.description.contains("@"))
    }

    // MARK: URL-4: what may stand in a query; the name TLS asks for

    @Test(
        arguments: [
            ("rtmp://h?x=a@b:99/c", "h", 1935), ("rtmp://h/a/b?x=u:p@other:99/", "h", 1935),
            ("rtmp://h#a@b", "h", 1935), ("rtmp://h:80/live/s?t=a:b", "h", 80),
        ] as [(String, String, UInt16)])
    func `the authority ends before path, query and fragment (URL-4, T-URL-01)`(
        text: String, host: String, port: UInt16
    ) throws {
        let url = try parse(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.userInfo == nil)
    }

    @Test(
        arguments: [
            ("rtmps://live.example.org/a/b", "live.example.org"), ("rtmps://192.0.2.1/a/b", nil),
            ("rtmps://[2001:db8::1]/a/b", nil), ("rtmps://1.2.3/a/b", "1.2.3"),
            ("rtmps://1.2.3.256/a/b", "1.2.3.256"),
        ] as [(String, String?)])
    func `TLS asks for a name, not for an address (URL-4, T-URL-03)`(
        text: String, name: String?
    ) throws {
        #expect(try parse(text).serverName == name)
    }

    // MARK: URL-5: IPv6

    @Test(
        arguments: [
            ("rtmp://[::1]:1936/live/s", "::1", 1936), ("rtmp://[::1]/live/s", "::1", 1935),
            ("rtmp://[2001:DB8::1]:/live/s", "2001:DB8::1", 1935),
            ("rtmp://[::ffff:192.0.2.1]/live/s", "::ffff:192.0.2.1", 1935),
            ("rtmp://[fe80::1%25eth0]/live/s", "fe80::1%eth0", 1935),
            ("rtmp://[fe80::1%eth0]:99/live/s", "fe80::1%eth0", 99),
        ] as [(String, String, UInt16)])
    func `IPv6 stands in brackets (URL-5, T-URL-01)`(text: String, host: String, port: UInt16)
        throws
    {
        let url = try parse(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(try parse(url.description) == url)
    }

    @Test(arguments: [
        "rtmp://::1/live/s", "rtmp://[::1/live/s", "rtmp://[::1]x/live", "rtmp://[]/live",
        "rtmp://[1]/live", "rtmp://[::1%25]/a", "rtmp://[::g]/a", "rtmp://2001:db8::1:1935/a",
        "rtmp://[::1%25a%20b]/a",
    ])
    func `what only looks like IPv6 is no host (URL-5)`(text: String) {
        #expect { try parse(text) } throws: { error in
            if case .malformedHost? = error as? RTMPURL.Fault { true } else { false }
        }
    }

    // MARK: Description

    @Test(arguments: [
        ("rtmp://h/live/camera", "rtmp://h/live/camera"), ("rtmp://h/a/b/c", "rtmp://h/a/b/c"),
        ("rtmps://h:1936/live", "rtmps://h:1936/live"), ("rtmp://h/", "rtmp://h/"),
        ("rtmp://[::1]:99/vod/mp4:a/b", "rtmp://[::1]:99/vod/mp4:a/b"),
        ("rtmp://h/live/camera?key=hush", "rtmp://h/live/camera?…"),
        ("rtmp://h/live?k=hush#s?k=hush", "rtmp://h/live?…#s?…"),
        ("rtmp://me:hush@h/live/s app=hush tcUrl=rtmp://x/?hush", "rtmp://h/hush/s"),
    ])
    func `a URL reads as it was written, but for what may be secret (SEC-13)`(
        text: String, shown: String
    ) throws {
        #expect(try parse(text).description == shown)
    }
}
