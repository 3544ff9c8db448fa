/// A value whose copies share one place in memory until one of them is changed.
///
/// For large values that many hold and few change: a copy costs a reference. Public, so that a member is
/// read and written where it stands: called from another module, it is found by a walk along its path.
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
        @inline(__always) set {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
            box.value[keyPath: member] = newValue
        }
    }
}
