/// AMF3 bytes to values (AMF 3 specification, chapters 1 and 3), as far as RTMP peers send them.
///
/// Reached from AMF0 by the switch 0x11. The three tables last for one message: strings, objects and
/// the traits of objects are each written once and then referred to by number.
struct AMF3Decoder {
    /// The shape of an object: its class and the names of its sealed members (AMF 3, 3.12).
    private struct Traits {
        var className: [UInt8]
        var members: [[UInt8]]
        var isDynamic: Bool

        /// What each further object of this shape repeats.
        var nameBytes: Int { members.reduce(className.count) { $0 + $1.count } }
    }

    private var strings: [[UInt8]] = []
    private var targets: [AMFBudget.Target] = []
    private var traits: [Traits] = []

    /// `depth`: how many containers are open around the value, those of AMF0 included.
    mutating func value(
        _ cursor: inout ByteCursor, _ budget: inout AMFBudget, depth: Int
    ) throws(AMFError) -> AMFValue {
        try budget.takeNode()
        let marker = try present(cursor.readUInt8())
        switch marker {
        case AMF3Marker.undefined:
            return .undefined
        case AMF3Marker.null:
            return .null
        case AMF3Marker.false:
            return .boolean(false)
        case AMF3Marker.true:
            return .boolean(true)
        case AMF3Marker.integer:
            return .number(Double(try integer(&cursor)))
        case AMF3Marker.double:
            return .number(try present(cursor.readFloat64()))
        case AMF3Marker.string:
            return .string(try string(&cursor, &budget))
        case AMF3Marker.xmlDocument, AMF3Marker.xml:
            return try referable(&cursor, &budget, depth: depth) {
                (_, length, cursor, budget) throws(AMFError) in
                .xmlDocument(try bytes(&cursor, &budget, length: length))
            }
        case AMF3Marker.byteArray:
            return try referable(&cursor, &budget, depth: depth) {
                (_, length, cursor, budget) throws(AMFError) in
                .byteArray(try bytes(&cursor, &budget, length: length))
            }
        case AMF3Marker.date:
            return try referable(&cursor, &budget, depth: depth) {
                (_, _, cursor, _) throws(AMFError) in
                .date(milliseconds: try present(cursor.readFloat64()))
            }
        case AMF3Marker.array:
            return try referable(&cursor, &budget, depth: depth) {
                (decoder, count, cursor, budget) throws(AMFError) in
                try decoder.array(&cursor, &budget, count: count, depth: depth + 1)
            }
        case AMF3Marker.object:
            return try referable(&cursor, &budget, depth: depth) {
                (decoder, header, cursor, budget) throws(AMFError) in
                try decoder.object(&cursor, &budget, header: header, depth: depth + 1)
            }
        default:
            throw .unknownAMF3Marker(marker)
        }
    }

    /// A value of the object table: a reference to an earlier one, or its header and content.
    private mutating func referable(
        _ cursor: inout ByteCursor, _ budget: inout AMFBudget, depth: Int,
        _ content: (
            inout AMF3Decoder, _ header: Int, inout ByteCursor, inout AMFBudget
        ) throws(AMFError) -> AMFValue
    ) throws(AMFError) -> AMFValue {
        let header = try readU29(&cursor)
        guard header & 1 == 1 else {
            return try budget.resolve(Int(header >> 1), in: targets, depth: depth)
        }
        let index = targets.count
        targets.append(budget.open())
        try budget.enter(depth: depth + 1)
        let value = try content(&self, Int(header >> 1), &cursor, &budget)
        budget.close(&targets[index], value: value, depth: depth + 1)
        return value
    }

    /// AMF 3, 3.11: named entries up to an empty name, then `count` values in order.
    private mutating func array(
        _ cursor: inout ByteCursor, _ budget: inout AMFBudget, count: Int, depth: Int
    ) throws(AMFError) -> AMFValue {
        guard count <= cursor.count else { throw .countBeyondEnd(count) }
        var properties = try dynamicMembers(&cursor, &budget, depth: depth)
        var elements: [AMFValue] = []
        for _ in 0..<count {
            elements.append(try value(&cursor, &budget, depth: depth))
        }
        if properties.isEmpty { return .strictArray(elements) }
        for (index, element) in elements.enumerated() {
            properties.append(AMFProperty(String(index), element))
        }
        return .ecmaArray(properties)
    }

    /// AMF 3, 3.12: traits, sealed members in their order, then dynamic ones.
    private mutating func object(
        _ cursor: inout ByteCursor, _ budget: inout AMFBudget, header: Int, depth: Int
    ) throws(AMFError) -> AMFValue {
        let shape = try objectTraits(&cursor, &budget, header: header)
        var properties: [AMFProperty] = []
        for name in shape.members {
            properties.append(
                AMFProperty(key: name, value: try value(&cursor, &budget, depth: depth)))
        }
        if shape.isDynamic {
            properties += try dynamicMembers(&cursor, &budget, depth: depth)
        }
        if shape.className.isEmpty { return .object(properties) }
        return .typedObject(className: shape.className, properties)
    }

    /// `header`: the object's header without its reference bit.
    private mutating func objectTraits(
        _ cursor: inout ByteCursor, _ budget: inout AMFBudget, header: Int
    ) throws(AMFError) -> Traits {
        guard header & 1 == 1 else {
            let index = header >> 1
            guard traits.indices.contains(index) else { throw .referenceOutOfRange(index) }
            try budget.takeString(traits[index].nameBytes)
            return traits[index]
        }
        guard header & 2 == 0 else { throw .externalizable }
        let count = header >> 3
        guard count <= cursor.count else { throw .countBeyondEnd(count) }
        var shape = Traits(
            className: try string(&cursor, &budget), members: [], isDynamic: header & 4 != 0)
        for _ in 0..<count {
            shape.members.append(try string(&cursor, &budget))
        }
        traits.append(shape)
        return shape
    }

    /// Names and values up to an empty name.
    private mutating func dynamicMembers(
        _ cursor: inout ByteCursor, _ budget: inout AMFBudget, depth: Int
    ) throws(AMFError) -> [AMFProperty] {
        var properties: [AMFProperty] = []
        while true {
            let key = try string(&cursor, &budget)
            if key.isEmpty { return properties }
            properties.append(
                AMFProperty(key: key, value: try value(&cursor, &budget, depth: depth)))
        }
    }

    /// AMF 3, 1.3.2: a reference into the string table, or a length and bytes. The empty string is
    /// never entered.
    private mutating func string(
        _ cursor: inout ByteCursor, _ budget: inout AMFBudget
    ) throws(AMFError) -> [UInt8] {
        let header = Int(try readU29(&cursor))
        guard header & 1 == 1 else {
            guard strings.indices.contains(header >> 1) else {
                throw .referenceOutOfRange(header >> 1)
            }
            let text = strings[header >> 1]
            try budget.takeString(text.count)
            return text
        }
        let text = try bytes(&cursor, &budget, length: header >> 1)
        if !text.isEmpty { strings.append(text) }
        return text
    }

    /// AMF 3, 3.6: 29 bits in two's complement.
    private func integer(_ cursor: inout ByteCursor) throws(AMFError) -> Int32 {
        Int32(bitPattern: try readU29(&cursor) << 3) >> 3
    }
}

private func bytes(
    _ cursor: inout ByteCursor, _ budget: inout AMFBudget, length: Int
) throws(AMFError) -> [UInt8] {
    let bytes = try present(cursor.read(length))
    try budget.takeString(length)
    return Array(bytes)
}

/// AMF 3, 1.3.1: seven bits a byte while the top bit is set, all eight in the fourth.
private func readU29(_ cursor: inout ByteCursor) throws(AMFError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<3 {
        let byte = try present(cursor.readUInt8())
        value = value << 7 | UInt32(byte & 0x7F)
        if byte & 0x80 == 0 { return value }
    }
    return value << 8 | UInt32(try present(cursor.readUInt8()))
}
