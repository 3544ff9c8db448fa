/// A value of AMF0 or AMF3, in one model for both (AMF 0 specification, chapter 2).
package enum AMFValue: Sendable {
    case number(Double)
    case boolean(Bool)
    /// The bytes as they came; not always valid UTF-8 (AMF-6).
    case string([UInt8])
    case object([AMFProperty])
    case null
    case undefined
    /// The associative count is a hint and is not kept (AMF-2).
    case ecmaArray([AMFProperty])
    case strictArray([AMFValue])
    case date(milliseconds: Double)
    case unsupported
    case xmlDocument([UInt8])
    case typedObject(className: [UInt8], [AMFProperty])
    /// AMF3 only.
    case byteArray([UInt8])
}

/// A key and its value, in the order they came, duplicates kept (AMF-1).
package struct AMFProperty: Hashable, Sendable {
    package var key: [UInt8]
    package var value: AMFValue

    package init(key: [UInt8], value: AMFValue) {
        self.key = key
        self.value = value
    }

    package init(_ key: String, _ value: AMFValue) {
        self.init(key: Array(key.utf8), value: value)
    }
}

extension AMFValue {
    package static func text(_ text: String) -> AMFValue { .string(Array(text.utf8)) }

    /// The text of a string, with replacement characters where it is not UTF-8 (AMF-6).
    package var string: String? {
        if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    package var number: Double? {
        if case .number(let value) = self { value } else { nil }
    }

    package var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// A Boolean, or a Number as some clients write one.
    package var flag: Bool? {
        switch self {
        case .boolean(let value): value
        case .number(let value): value != 0
        default: nil
        }
    }

    /// What an object, an ECMA array or a typed object holds: interchangeable for us (AMF-8).
    package var properties: [AMFProperty]? {
        switch self {
        case .object(let properties), .ecmaArray(let properties), .typedObject(_, let properties):
            properties
        case .number, .boolean, .string, .null, .undefined, .strictArray, .date, .unsupported,
            .xmlDocument, .byteArray:
            nil
        }
    }

    /// The value of a property, of the last one if the key is there twice (AMF-1).
    package subscript(key: String) -> AMFValue? {
        properties?.last { $0.key.elementsEqual(key.utf8) }?.value
    }
}

extension AMFValue: Hashable {
    /// Byte by byte: a NaN equals the same NaN, and −0 is not 0.
    package static func == (a: AMFValue, b: AMFValue) -> Bool {
        switch (a, b) {
        case (.number(let a), .number(let b)), (.date(let a), .date(let b)):
            a.bitPattern == b.bitPattern
        case (.boolean(let a), .boolean(let b)): a == b
        case (.string(let a), .string(let b)), (.xmlDocument(let a), .xmlDocument(let b)),
            (.byteArray(let a), .byteArray(let b)):
            a == b
        case (.object(let a), .object(let b)), (.ecmaArray(let a), .ecmaArray(let b)): a == b
        case (.strictArray(let a), .strictArray(let b)): a == b
        case (.typedObject(let nameA, let a), .typedObject(let nameB, let b)):
            nameA == nameB && a == b
        case (.null, .null), (.undefined, .undefined), (.unsupported, .unsupported): true
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .number(let value), .date(let value): hasher.combine(value.bitPattern)
        case .boolean(let value): hasher.combine(value)
        case .string(let bytes), .xmlDocument(let bytes), .byteArray(let bytes):
            hasher.combine(bytes)
        case .object(let properties), .ecmaArray(let properties): hasher.combine(properties)
        case .strictArray(let values): hasher.combine(values)
        case .typedObject(let name, let properties):
            hasher.combine(name)
            hasher.combine(properties)
        case .null, .undefined, .unsupported: break
        }
    }
}

extension AMFValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(integerLiteral value: Int) { self = .number(Double(value)) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }

    /// An object, its properties in the order written.
    package init(dictionaryLiteral elements: (String, AMFValue)...) {
        self = .object(elements.map { AMFProperty($0, $1) })
    }
}
