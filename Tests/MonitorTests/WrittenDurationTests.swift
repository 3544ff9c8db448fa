import Monitor
import Testing

@Suite struct WrittenDurationTests {
    @Test(arguments: [
        ("500ms", 500), ("10s", 10_000), ("2m", 120_000), ("1h", 3_600_000), ("0s", 0),
        ("8760h", 31_536_000_000),
    ])
    func `a length of time is a number and its unit`(text: String, milliseconds: UInt64) throws {
        #expect(try WrittenDuration.milliseconds(of: text) == milliseconds)
    }

    @Test(arguments: ["", "10", "s", "-1s", "1.5s", "10 s", "10S", "1d", "٣s"])
    func `anything else is none`(text: String) {
        #expect(throws: WrittenDuration.Fault.malformed) {
            try WrittenDuration.milliseconds(of: text)
        }
    }

    @Test(arguments: ["8761h", "99999999999999999999s", "18446744073709551615h"])
    func `a year is the longest`(text: String) {
        #expect(throws: WrittenDuration.Fault.tooLong) {
            try WrittenDuration.milliseconds(of: text)
        }
    }

    @Test(arguments: ["0s", "500ms", "1500ms", "90s", "2m", "1h"])
    func `it is shown as it is written`(text: String) throws {
        let milliseconds = try WrittenDuration.milliseconds(of: text)
        #expect(WrittenDuration.text(milliseconds: milliseconds) == text)
    }
}
