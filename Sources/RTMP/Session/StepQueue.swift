/// Steps that wait to be handed out. Emptied before the next message is read, so one message bounds it.
struct StepQueue {
    private var steps: [ServerStep] = []
    private var next = 0

    mutating func append(_ step: ServerStep) {
        steps.append(step)
    }

    mutating func append(_ more: [ServerStep]) {
        steps += more
    }

    mutating func popFirst() -> ServerStep? {
        guard next < steps.count else { return nil }
        defer {
            next += 1
            if next == steps.count {
                steps.removeAll(keepingCapacity: steps.capacity <= 64)
                next = 0
            }
        }
        return steps[next]
    }
}
