/// Message types in order of first sight, at most eight: those of one chunk stream, and held inline.
///
/// Type 0 means nothing and is not noted.
package struct MessageTypeList: Equatable, Sendable {
    /// One a byte from the lowest; zero is a free place.
    private var places: UInt64 = 0

    package init() {}

    package mutating func note(_ type: MessageType) {
        var seen = places
        var shift: UInt64 = 0
        while seen != 0 {
            if UInt8(truncatingIfNeeded: seen) == type.rawValue { return }
            seen >>= 8
            shift += 8
        }
        places |= UInt64(type.rawValue) << shift
    }
}

extension MessageTypeList: Sequence {
    package struct Iterator: IteratorProtocol {
        fileprivate var left: UInt64

        package mutating func next() -> MessageType? {
            guard left != 0 else { return nil }
            defer { left >>= 8 }
            return MessageType(rawValue: UInt8(truncatingIfNeeded: left))
        }
    }

    package func makeIterator() -> Iterator { Iterator(left: places) }
}

extension MessageTypeList: ExpressibleByArrayLiteral {
    package init(arrayLiteral types: MessageType...) {
        for type in types { note(type) }
    }
}
