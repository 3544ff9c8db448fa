import RTMP
import Testing

@Suite struct ByteCursorTests {
    /// What a reader of these bytes sees.
    private func read<Value>(_ bytes: [UInt8], _ body: (inout ByteCursor) -> Value) -> Value {
        bytes.withUnsafeBytes { buffer in
            var cursor = ByteCursor(buffer)
            return body(&cursor)
        }
    }

    @Test func `what the writer writes the cursor reads`() {
        var writer = ByteWriter()
        writer.write(0xFF)
        writer.writeUInt16(0xABCD)
        writer.writeUInt24(0xABCDEF)
        writer.writeUInt32(0x89AB_CDEF)
        writer.writeUInt32LittleEndian(7)
        writer.writeFloat64(-1.5)
        #expect(writer.bytes.prefix(6) == [0xFF, 0xAB, 0xCD, 0xAB, 0xCD, 0xEF])
        #expect(writer.bytes[10..<14] == [7, 0, 0, 0])
        read(writer.bytes) { cursor in
            let byte = cursor.readUInt8()
            let two = cursor.readUInt16()
            let three = cursor.readUInt24()
            let four = cursor.readUInt32()
            let little = cursor.readUInt32LittleEndian()
            let double = cursor.readFloat64()
            #expect(byte == 0xFF && two == 0xABCD && three == 0xABCDEF && four == 0x89AB_CDEF)
            #expect(little == 7 && double == -1.5 && cursor.isEmpty)
        }
    }

    @Test func `a missing byte is nil and moves nothing`() {
        read([1, 2, 3]) { cursor in
            let four = cursor.readUInt32()
            let eight = cursor.readFloat64()
            let slice = cursor.read(4)
            let negative = cursor.read(-1)
            let skipped = cursor.skip(4)
            #expect(four == nil && eight == nil && slice == nil && negative == nil && !skipped)
            #expect(cursor.peek(3) == nil && cursor.peek(2) == 3)
            #expect(cursor.offset == 0 && cursor.count == 3)
        }
    }

    @Test func `a payload keeps its own copy of the bytes`() {
        var bytes: [UInt8] = [1, 2, 3]
        let payload = bytes.withUnsafeBytes { Payload(copying: $0) }
        bytes[0] = 9
        #expect(payload.bytes == [1, 2, 3])
        #expect(payload[2] == 3)
        #expect(Payload.empty.count == 0)
    }
}
