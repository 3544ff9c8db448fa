/// Steps that wait to be handed out. Emptied before the next message is read, so one message bounds it.
struct StepQueue<Step> {
    private var steps: [Step] = []
    private var next = 0

    mutating func append(_ step: Step) {
        steps.append(step)
    }

    mutating func append(_ more: [Step]) {
        if steps.isEmpty { steps = more } else { steps += more }
    }

    mutating func popFirst() -> Step? {
        guard next < steps.count else { return nil }
        defer {
            next += 1
            if next == steps.count {
                steps.removeAll(keepingCapacity: false)
                next = 0
            }
        }
        return steps[next]
    }
}
