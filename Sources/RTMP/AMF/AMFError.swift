/// Why bytes are not AMF. The message they stand in is lost, the connection mostly not (AMF-7).
package enum AMFError: Error, Equatable, Sendable {
    /// The bytes end inside a value, or a length says more than is left (AMF-4).
    case truncated
    /// An AMF0 marker that is reserved (MovieClip, RecordSet) or unknown.
    case unknownMarker(UInt8)
    /// An AMF3 marker that is unknown or that we do not decode (vectors, dictionary).
    case unknownAMF3Marker(UInt8)
    /// An object end where a value must stand.
    case misplacedObjectEnd
    /// A strict array that declares more values than bytes are left (AMF-4).
    case countBeyondEnd(Int)
    case referenceOutOfRange(Int)
    /// An AMF3 object that writes itself in a form of its own.
    case externalizable
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    /// References that multiply strings (see `Limits.amfStringBytes`).
    case tooManyStringBytes(limit: Int)
}

extension AMFError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated: "the value is cut off"
        case .unknownMarker(let marker): "AMF0 marker \(marker) has no meaning"
        case .unknownAMF3Marker(let marker): "AMF3 marker \(marker) has no meaning here"
        case .misplacedObjectEnd: "an object end stands where a value must"
        case .countBeyondEnd(let count): "an array declares \(count) values, more than bytes left"
        case .referenceOutOfRange(let index): "reference \(index) points nowhere"
        case .externalizable: "an externalizable object cannot be decoded"
        case .tooDeep(let limit): "nested deeper than \(limit)"
        case .tooManyValues(let limit): "more than \(limit) values"
        case .tooManyStringBytes(let limit): "more than \(limit) bytes of strings"
        }
    }
}
