import RTMP
import Relay
import Testing

@Suite struct StreamDirectoryTests {
    private let camera = StreamKey(app: "live", name: "camera")
    private let stage = StreamKey(app: "live", name: "stage")

    @Test func `a stream is made once and found by its key until it is removed`() {
        var directory = StreamDirectory<String>(capacity: 2)
        #expect(directory.findOrCreate(camera, make: { "a" }) == "a")
        #expect(directory.findOrCreate(camera, make: { "b" }) == "a")
        #expect(directory[camera] == "a" && directory[stage] == nil && directory.count == 1)
        directory.remove(camera)
        #expect(directory[camera] == nil && directory.count == 0)
    }

    @Test func `there are no more streams than its capacity`() {
        var directory = StreamDirectory<String>(capacity: 1)
        #expect(directory.findOrCreate(camera, make: { "a" }) != nil)
        #expect(directory.findOrCreate(stage, make: { "b" }) == nil)
        #expect(directory.findOrCreate(camera, make: { "b" }) == "a")
    }

    @Test func `a hold is for its target and ends by itself`() {
        var holds = HoldList()
        holds.hold(.publisher(camera), untilNanoseconds: 100, nowNanoseconds: 0)
        holds.hold(.player(address: "192.0.2.7", stage), untilNanoseconds: 50, nowNanoseconds: 0)
        #expect(holds.isHeld(.publisher(camera), nowNanoseconds: 99))
        #expect(!holds.isHeld(.publisher(camera), nowNanoseconds: 100))
        #expect(holds.end(of: .publisher(camera), nowNanoseconds: 0) == 100)
        #expect(!holds.isHeld(.publisher(stage), nowNanoseconds: 0))
        #expect(holds.isHeld(.player(address: "192.0.2.7", stage), nowNanoseconds: 0))
        #expect(!holds.isHeld(.player(address: "192.0.2.8", stage), nowNanoseconds: 0))
        #expect(holds.list(nowNanoseconds: 0).map(\.untilNanoseconds) == [50, 100])
        #expect(holds.list(nowNanoseconds: 60).map(\.target) == [.publisher(camera)])
    }

    @Test func `a hold can be lifted, and set anew`() {
        var holds = HoldList()
        holds.hold(.publisher(camera), untilNanoseconds: 100, nowNanoseconds: 0)
        holds.hold(.publisher(camera), untilNanoseconds: 300, nowNanoseconds: 50)
        #expect(holds.isHeld(.publisher(camera), nowNanoseconds: 200))
        holds.lift(.publisher(camera))
        #expect(holds.list(nowNanoseconds: 0).isEmpty)
    }

    @Test func `when there are too many, the one that ends first gives way`() {
        var holds = HoldList()
        for index in 0...HoldList.capacity {
            let key = StreamKey(app: "live", name: "\(index)")
            holds.hold(.publisher(key), untilNanoseconds: UInt64(1000 + index), nowNanoseconds: 0)
        }
        #expect(holds.list(nowNanoseconds: 0).count == HoldList.capacity)
        #expect(
            !holds.isHeld(.publisher(StreamKey(app: "live", name: "0")), nowNanoseconds: 0))
    }
}
