import Foundation

/// A condition that did not come about in time.
struct Impatience: Error, CustomStringConvertible {
    let description: String
}

/// Asks again and again until there is an answer; the time is a bound and never a measure.
func eventually<Value>(
    _ what: @autoclosure () -> String, within seconds: Double = 30,
    _ answer: () async throws -> Value?
) async throws -> Value {
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
        if let value = try await answer() { return value }
        guard ContinuousClock.now < end else {
            throw Impatience(description: "\(seconds) s were not enough for: \(what())")
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}

func eventually(
    _ what: @autoclosure () -> String, within seconds: Double = 30,
    _ holds: () async throws -> Bool
) async throws {
    _ = try await eventually(what(), within: seconds) { try await holds() ? true : nil }
}
