/// AMF0 bytes to values (AMF 0 specification, chapter 2), one decoder for one message.
///
/// The depth of recursion is bounded by `Limits.amfDepth` before each level (AMF-5).
package struct AMF0Decoder {
    private var budget: AMFBudget
    /// Objects and arrays in the order they began (AMF 0, 2.9).
    private var targets: [AMFBudget.Target] = []
    /// Its reference tables live as long as the message.
    private var amf3 = AMF3Decoder()
    /// AMF3 was met.
    package private(set) var hasSwitched = false

    package init(limits: Limits) {
        budget = AMFBudget(limits: limits)
    }

    /// All values of a message body.
    package static func values(
        of bytes: UnsafeRawBufferPointer, limits: Limits
    ) throws(AMFError) -> [AMFValue] {
        var decoder = AMF0Decoder(limits: limits)
        var cursor = ByteCursor(bytes)
        var values: [AMFValue] = []
        while !cursor.isEmpty {
            values.append(try decoder.next(&cursor))
        }
        return values
    }

    /// Moves a cursor over a command or data message to its first value.
    ///
    /// Types 17 and 15 begin with a format selector, of which only 0 is defined; some senders leave
    /// it out and begin with the name (AMF-10).
    package static func skipFormatSelector(of type: MessageType, _ cursor: inout ByteCursor) {
        guard type == .commandAMF3 || type == .dataAMF3, cursor.peek() == 0 else { return }
        _ = cursor.skip(1)
    }

    /// The next value. The cursor ends where the message ends: a missing object end is forgiven
    /// there, and nowhere else (AMF-3).
    package mutating func next(_ cursor: inout ByteCursor) throws(AMFError) -> AMFValue {
        try value(&cursor, depth: 0)
    }

    /// `depth`: how many containers are open around the value.
    private mutating func value(
        _ cursor: inout ByteCursor, depth: Int
    ) throws(AMFError) -> AMFValue {
        guard let marker = cursor.readUInt8() else { throw .truncated }
        if marker == AMF0Marker.avmPlus {
            hasSwitched = true
            return try amf3.value(&cursor, &budget, depth: depth)
        }
        try budget.takeNode()
        switch marker {
        case AMF0Marker.number:
            return .number(try present(cursor.readFloat64()))
        case AMF0Marker.boolean:
            return .boolean(try present(cursor.readUInt8()) != 0)
        case AMF0Marker.string:
            return .string(try shortString(&cursor))
        case AMF0Marker.longString:
            return .string(try longString(&cursor))
        case AMF0Marker.xmlDocument:
            return .xmlDocument(try longString(&cursor))
        case AMF0Marker.null:
            return .null
        case AMF0Marker.undefined:
            return .undefined
        case AMF0Marker.unsupported:
            return .unsupported
        case AMF0Marker.date:
            let milliseconds = try present(cursor.readFloat64())
            _ = try present(cursor.readUInt16())  // time zone: reserved
            return .date(milliseconds: milliseconds)
        case AMF0Marker.reference:
            let index = Int(try present(cursor.readUInt16()))
            return try budget.resolve(index, in: targets, depth: depth)
        case AMF0Marker.object:
            return try complex(&cursor, depth: depth) {
                (decoder, cursor) throws(AMFError) in
                .object(try decoder.properties(&cursor, depth: depth + 1))
            }
        case AMF0Marker.ecmaArray:
            return try complex(&cursor, depth: depth) {
                (decoder, cursor) throws(AMFError) in
                // A hint: 0 and 0xFFFFFFFF both come with two entries (AMF-2).
                _ = try present(cursor.readUInt32())
                return .ecmaArray(try decoder.properties(&cursor, depth: depth + 1))
            }
        case AMF0Marker.typedObject:
            return try complex(&cursor, depth: depth) {
                (decoder, cursor) throws(AMFError) in
                let className = try decoder.shortString(&cursor)
                return .typedObject(
                    className: className, try decoder.properties(&cursor, depth: depth + 1))
            }
        case AMF0Marker.strictArray:
            return try complex(&cursor, depth: depth) {
                (decoder, cursor) throws(AMFError) in
                .strictArray(try decoder.elements(&cursor, depth: depth + 1))
            }
        case AMF0Marker.objectEnd:
            throw .misplacedObjectEnd
        default:
            throw .unknownMarker(marker)
        }
    }

    /// Decodes a container and enters it in the reference table.
    private mutating func complex(
        _ cursor: inout ByteCursor, depth: Int,
        _ content: (inout AMF0Decoder, inout ByteCursor) throws(AMFError) -> AMFValue
    ) throws(AMFError) -> AMFValue {
        let index = targets.count
        targets.append(budget.open())
        try budget.enter(depth: depth + 1)
        let value = try content(&self, &cursor)
        budget.close(&targets[index], value: value, depth: depth + 1)
        return value
    }

    private mutating func properties(
        _ cursor: inout ByteCursor, depth: Int
    ) throws(AMFError) -> [AMFProperty] {
        var properties: [AMFProperty] = []
        while true {
            // Envivio encoders leave the end of the outermost object out (AMF-3).
            if depth == 1, cursor.isEmpty { return properties }
            let key = try shortString(&cursor)
            // An empty name is a name, unless the end marker follows (AMF-6).
            if key.isEmpty, cursor.peek() == AMF0Marker.objectEnd {
                _ = cursor.skip(1)
                return properties
            }
            // What connect has.
            if properties.isEmpty, depth == 1 { properties.reserveCapacity(6) }
            properties.append(AMFProperty(key: key, value: try value(&cursor, depth: depth)))
        }
    }

    private mutating func elements(
        _ cursor: inout ByteCursor, depth: Int
    ) throws(AMFError) -> [AMFValue] {
        let count = Int(try present(cursor.readUInt32()))
        // Every value has at least its marker.
        guard count <= cursor.count else { throw .countBeyondEnd(count) }
        var values: [AMFValue] = []
        for _ in 0..<count {
            values.append(try value(&cursor, depth: depth))
        }
        return values
    }

    private mutating func shortString(_ cursor: inout ByteCursor) throws(AMFError) -> [UInt8] {
        let length = Int(try present(cursor.readUInt16()))
        return try string(&cursor, length: length)
    }

    private mutating func longString(_ cursor: inout ByteCursor) throws(AMFError) -> [UInt8] {
        let length = Int(try present(cursor.readUInt32()))
        return try string(&cursor, length: length)
    }

    private mutating func string(
        _ cursor: inout ByteCursor, length: Int
    ) throws(AMFError) -> [UInt8] {
        let bytes = try present(cursor.read(length))
        try budget.takeString(length)
        return Array(bytes)
    }
}

/// A value whose bytes must be there: within a message, what is missing never comes.
func present<Value>(_ value: Value?) throws(AMFError) -> Value {
    guard let value else { throw .truncated }
    return value
}
