import RTMP
import Telemetry

/// Reads a payload from its first byte on and writes down what it read, field by field.
///
/// A byte that is not there ends the reading: payload is kept in part, and peers cut it short.
struct FieldReader {
    private(set) var fields: [TraceDecode.Field] = []
    var depth = 0
    private var cursor: ByteCursor
    /// Address of the first payload byte.
    private let base: Int

    init(_ bytes: UnsafeRawBufferPointer, base: Int) {
        cursor = ByteCursor(bytes)
        self.base = base
    }

    var isEmpty: Bool { cursor.isEmpty }
    var remaining: UnsafeRawBufferPointer { cursor.remaining }
    /// How far the reading is, from the first payload byte on.
    var offset: Int { cursor.offset }
    func peek(_ distance: Int = 0) -> UInt8? { cursor.peek(distance) }

    /// A field over everything that `content` reads, with its fields one deeper.
    mutating func group<Result>(
        _ name: SafeText, _ value: SafeText = "", _ content: (inout FieldReader) -> Result
    ) -> Result {
        let index = fields.count
        let start = cursor.offset
        fields.append(TraceDecode.Field(depth, name, value, nil))
        depth += 1
        let result = content(&self)
        depth -= 1
        fields[index].range = address(start, cursor.offset)
        return result
    }

    /// Index the next field will have.
    var nextIndex: Int { fields.count }

    /// A field without bytes of its own.
    mutating func note(_ name: SafeText, _ value: SafeText) {
        fields.append(TraceDecode.Field(depth, name, value, nil))
    }

    /// A field on bytes that were read before, counted back from here.
    mutating func again(_ name: SafeText, _ value: SafeText, last count: Int = 1) {
        let end = cursor.offset
        fields.append(
            TraceDecode.Field(depth, name, value, address(max(end - count, 0), end)))
    }

    @discardableResult
    mutating func uint8(
        _ name: SafeText, _ words: (UInt8) -> SafeText = { "\($0)" }
    ) -> UInt8? {
        read(name, 1, { $0.readUInt8() }, words)
    }

    @discardableResult
    mutating func uint16(
        _ name: SafeText, _ words: (UInt16) -> SafeText = { "\($0)" }
    ) -> UInt16? {
        read(name, 2, { $0.readUInt16() }, words)
    }

    @discardableResult
    mutating func uint24(
        _ name: SafeText, _ words: (UInt32) -> SafeText = { "\($0)" }
    ) -> UInt32? {
        read(name, 3, { $0.readUInt24() }, words)
    }

    @discardableResult
    mutating func uint32(
        _ name: SafeText, _ words: (UInt32) -> SafeText = { "\($0)" }
    ) -> UInt32? {
        read(name, 4, { $0.readUInt32() }, words)
    }

    @discardableResult
    mutating func float64(_ name: SafeText, _ words: (Double) -> SafeText) -> Double? {
        read(name, 8, { $0.readFloat64() }, words)
    }

    private mutating func read<Value>(
        _ name: SafeText, _ count: Int, _ take: (inout ByteCursor) -> Value?,
        _ words: (Value) -> SafeText
    ) -> Value? {
        let start = cursor.offset
        guard let value = take(&cursor) else { return nil }
        fields.append(
            TraceDecode.Field(depth, name, words(value), address(start, start + count)))
        return value
    }

    /// So many bytes of which as many are taken as were kept; false: some were not.
    @discardableResult
    mutating func bytes(_ name: SafeText, _ count: Int, _ value: SafeText) -> Bool {
        let start = cursor.offset
        let isWhole = cursor.skip(count)
        if !isWhole { _ = cursor.skip(cursor.count) }
        fields.append(
            TraceDecode.Field(depth, name, value, address(start, start + max(count, 0))))
        return isWhole
    }

    /// Without a field of its own.
    mutating func skip(_ count: Int) -> Bool { cursor.skip(count) }

    mutating func readUInt8() -> UInt8? { cursor.readUInt8() }
    mutating func readUInt16() -> UInt16? { cursor.readUInt16() }
    mutating func readUInt32() -> UInt32? { cursor.readUInt32() }
    mutating func read(_ count: Int) -> [UInt8]? { cursor.read(count).map { Array($0) } }

    mutating func next(
        _ decoder: inout AMF0Decoder
    ) -> AMFValue? {
        do { return try decoder.next(&cursor) } catch { return nil }
    }

    /// A field from an offset that was passed to here.
    mutating func add(
        _ name: SafeText, _ value: SafeText, from start: Int, isSecret: Bool = false
    ) {
        var field = TraceDecode.Field(depth, name, value, address(start, cursor.offset))
        field.isSecret = isSecret
        fields.append(field)
    }

    mutating func hide(_ index: Int) {
        guard fields.indices.contains(index) else { return }
        fields[index].isSecret = true
    }

    /// The field at `index` begins earlier: at its length.
    mutating func reach(_ index: Int, from start: Int) {
        guard fields.indices.contains(index), let range = fields[index].range else { return }
        fields[index].range = base + start..<range.upperBound
    }

    /// The group at `index` reaches to here.
    mutating func close(_ index: Int, from start: Int) {
        guard fields.indices.contains(index) else { return }
        fields[index].range = address(start, cursor.offset)
    }

    private func address(_ start: Int, _ end: Int) -> Range<Int> {
        base + start..<base + max(end, start)
    }
}
