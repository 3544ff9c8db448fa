/// A value whose copies share one place in memory until one of them is changed.
///
/// For large values that many hold and few change: a copy costs a reference.
@dynamicMemberLookup
public struct Shared<Value: Sendable>: Sendable {
    // Sendable because it is written only while one copy holds it.
    @usableFromInline
    final class Box: @unchecked Sendable {
        @usableFromInline var value: Value

        @usableFromInline
        init(_ value: Value) {
            self.value = value
        }
    }

    @usableFromInline var box: Box

    public init(_ value: Value) {
        box = Box(value)
    }

    @inlinable public var value: Value {
        @inline(__always) get { box.value }
    }

    @inlinable public subscript<Member>(dynamicMember member: WritableKeyPath<Value, Member>)
        -> Member
    {
        @inline(__always) get { box.value[keyPath: member] }
        set {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
            box.value[keyPath: member] = newValue
        }
    }
}

/// What is read of every session at every look. A member that is found by its path alone costs a walk
/// along that path wherever another module asks for it: a fifth of a look at a thousand sessions.
extension Shared where Value == ConnectionFacts {
    package var role: ConnectionFacts.Role {
        get { box.value.role }
        set { self[dynamicMember: \.role] = newValue }
    }

    package var stream: SafeText? {
        get { box.value.stream }
        set { self[dynamicMember: \.stream] = newValue }
    }

    package var close: CloseReport? {
        get { box.value.close }
        set { self[dynamicMember: \.close] = newValue }
    }

    package var isTraced: Bool {
        get { box.value.isTraced }
        set { self[dynamicMember: \.isTraced] = newValue }
    }
}
