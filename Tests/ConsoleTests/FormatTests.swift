import Testing

@testable import Console

/// How numbers are written (DESIGN §6).
@Suite struct FormatTests {
    @Test(arguments: [
        (0.0, "0"), (52, "52"), (999, "999"), (999.6, "1.00k"), (1000, "1.00k"), (9994, "9.99k"),
        (9996, "10.0k"), (61_240, "61.2k"), (161_000, "161k"), (999_499, "999k"),
        (999_500, "1.00M"), (6_010_000, "6.01M"), (12_400_000, "12.4M"), (7.84e9, "7.84G"),
        (1e15, "1.00P"), (.infinity, "-"), (.nan, "-"),
    ])
    func `three significant digits, at most five cells`(value: Double, text: String) {
        #expect(Format.scaled(value) == text)
        #expect(text.count <= 5)
    }

    @Test func `no size below a thousand petabytes is wider than five cells`() {
        var value = 1.0
        while value < 9.9e17 {
            #expect(Format.scaled(value).count <= 5, "\(value)")
            value *= 1.013
        }
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1.0k"), (1949, "1.9k"), (9949, "9.9k"), (9950, "10k"),
        (999_499, "999k"), (999_500, "1.0M"), (24_000_000, "24M"), (7_840_000_000, "7.8G"),
        (12_000_000_000_000, "12T"),
    ])
    func `a count finds room in four cells`(count: UInt64, text: String) {
        #expect(Format.brief(count) == text)
    }

    @Test(arguments: [
        (0, "00:00"), (251, "04:11"), (3599, "59:59"), (3600, "1h00m"), (6060, "1h41m"),
        (86_399, "23h59m"), (86_400, "1d00h"), (273_600, "3d04h"), (9_000_000, "104d"),
    ])
    func `durations name their two greatest parts`(seconds: UInt64, text: String) {
        #expect(Format.duration(seconds * 1_000_000_000) == text)
    }

    @Test(arguments: [
        (-0.4, 0, "0"), (12.4, 0, "12"), (-3, 0, "-3"), (59.96, 1, "60.0"), (0.05, 2, "0.05"),
        (-0.126, 2, "-0.13"), (1e300, 1, "-"),
    ])
    func `fixed numbers round and keep their decimals`(value: Double, decimals: Int, text: String) {
        #expect(Format.fixed(value, decimals) == text)
    }

    @Test func `units, signs, groups and clocks`() {
        #expect(Format.bytes(812) == "812 B")
        #expect(Format.bytes(4_120_000) == "4.12 MB")
        #expect(Format.bitRate(8_520_000) == "8.52 Mb/s")
        #expect(Format.signed(12) == "+12")
        #expect(Format.signed(-3) == "-3")
        #expect(Format.signed(nil) == "-")
        #expect(Format.grouped(1204) == "1,204")
        #expect(Format.grouped(11_930_000) == "11,930,000")
        #expect(Format.clock(8_024_000_000_000) == "02:13:44")
        #expect(Format.clock(352_424_000_000_000) == "4d01:53:44")
        #expect(
            Format.timeOfDay(1_795_269_751_005, offsetSeconds: 0, milliseconds: true)
                == "14:02:31.005")
        #expect(
            Format.timeOfDay(1_795_269_751_005, offsetSeconds: -7200, milliseconds: false)
                == "12:02:31")
        #expect(Format.timeOfDay(-1, offsetSeconds: 0, milliseconds: true) == "23:59:59.999")
        #expect(Format.count(1, "player") == "1 player")
        #expect(Format.count(2, "player") == "2 players")
    }
}
