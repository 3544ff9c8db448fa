import Testing

@testable import rtmp_top

@Suite struct HeadlessRunTests {
    @Test(
        arguments: [
            ([], false), (["--record-all"], false),
            (["--log-level", "debug"], false), (["--stats", "1s"], true),
            (["--filter", "role:pub"], true), (["--trace", "role:pub"], true),
            (["--expect", "count(role:pub) >= 1"], true),
            (["--exit-when", "count(role:pub) >= 1"], true),
        ] as [([String], Bool)])
    func `sessions are looked at if anybody asks for what is seen there`(
        options: [String], wants: Bool
    ) throws {
        let arguments = try Arguments.read(["--headless"] + options)
        #expect(
            HeadlessRun.wantsFigures(arguments.output, try Filters(arguments)) == wants)
    }
}
