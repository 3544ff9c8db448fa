import Testing

@testable import rtmp_top

@Suite struct ArgumentTests {
    @Test(arguments: [("500ms", 500), ("1h", 3_600_000), ("0", 0), ("0s", 0)])
    func `a duration is a number and its unit`(text: String, milliseconds: UInt64) throws {
        #expect(try DurationArgument.parse(text).milliseconds == milliseconds)
    }

    @Test(arguments: [("10", "give a time like 500ms"), ("9999h", "a year is the longest time")])
    func `what is no duration is refused with an example`(text: String, why: String) throws {
        let error = try #require(throws: WrongValue.self) { try DurationArgument.parse(text) }
        #expect(error.description.hasPrefix(why))
    }

    @Test(arguments: [
        ("4096", 4096), ("64KiB", 65536), ("8MiB", 8_388_608), ("1M", 1_000_000),
        ("1k", 1000), ("2GiB", 2_147_483_648), ("12B", 12), ("0", 0),
    ])
    func `a size is bytes, decimal or binary`(text: String, bytes: Int) throws {
        #expect(try SizeArgument.parse(text).bytes == bytes)
    }

    @Test(arguments: ["", "MiB", "-1", "1.5M", "8 MiB", "1X", "9223372036854775807GiB", "2000GiB"])
    func `what is no size is refused with an example`(text: String) {
        #expect(throws: WrongValue.self) { try SizeArgument.parse(text) }
    }

    @Test(arguments: ["", "120", "120x", "0x40", "120x40x1", "-1x4", "1001x20"])
    func `what is no screen size is refused`(text: String) {
        #expect(throws: WrongValue.self) { try ScreenSizeArgument.parse(text) }
    }
}
