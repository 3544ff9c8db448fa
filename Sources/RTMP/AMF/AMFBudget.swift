/// What the values of one message may still cost, shared by the AMF0 and the AMF3 decoder.
///
/// References make a small message stand for a large tree: an object that refers twice to an object
/// that refers twice … doubles with every level. So a reference is charged what its target weighs,
/// and whoever walks the values later (compares, encodes, shows) walks no more than the limits say.
struct AMFBudget {
    private let limits: Limits
    private var nodes = 0
    private var stringBytes = 0
    /// The deepest container since it was last set.
    private var deepest = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// A complex value that a later reference may name.
    struct Target {
        /// nil while it is being decoded: it can only be named from within.
        fileprivate var value: AMFValue?
        fileprivate var nodes: Int
        fileprivate var stringBytes: Int
        /// Levels of containers, itself included.
        fileprivate var height: Int
    }

    mutating func takeNode() throws(AMFError) {
        nodes += 1
        guard nodes <= limits.amfNodes else { throw .tooManyValues(limit: limits.amfNodes) }
    }

    mutating func takeString(_ length: Int) throws(AMFError) {
        stringBytes += length
        guard stringBytes <= limits.amfStringBytes else {
            throw .tooManyStringBytes(limit: limits.amfStringBytes)
        }
    }

    /// Before the content of a container; `depth` counts it and those around it.
    mutating func enter(depth: Int) throws(AMFError) {
        deepest = max(deepest, depth)
        guard depth <= limits.amfDepth else { throw .tooDeep(limit: limits.amfDepth) }
    }

    /// Opens a complex value. The target keeps the figures so far until `close` makes weights of them.
    mutating func open() -> Target {
        defer { deepest = 0 }
        return Target(value: nil, nodes: nodes, stringBytes: stringBytes, height: deepest)
    }

    mutating func close(_ target: inout Target, value: AMFValue, depth: Int) {
        let outerDeepest = target.height
        target.value = value
        target.nodes = nodes - target.nodes
        target.stringBytes = stringBytes - target.stringBytes
        target.height = max(deepest - depth + 1, 1)
        deepest = max(deepest, outerDeepest)
    }

    /// The value a reference stands for, charged as if it were written out.
    ///
    /// A value that refers to itself would be endless; there the reference reads as undefined.
    mutating func resolve(
        _ index: Int, in targets: [Target], depth: Int
    ) throws(AMFError) -> AMFValue {
        guard targets.indices.contains(index) else { throw .referenceOutOfRange(index) }
        let target = targets[index]
        guard let value = target.value else { return .undefined }
        nodes += target.nodes
        guard nodes <= limits.amfNodes else { throw .tooManyValues(limit: limits.amfNodes) }
        try takeString(target.stringBytes)
        try enter(depth: depth + target.height)
        return value
    }
}
