import Console
import Monitor
import Testing

/// The prompt of `/` (DESIGN §4, §10).
@Suite struct PromptTests {
    @Test func `the filter applies while it is typed`() {
        var desk = Desk()
        desk.type("/role:pub")
        #expect(Set(desk.state.connections.rows.order) == [3, 4])
        #expect(desk.screen.contains("2 of 7 match"))
    }

    @Test func `what parsed last stays in force while the text does not parse`() {
        var desk = Desk()
        desk.type("/role:pub &")
        #expect(Set(desk.state.connections.rows.order) == [3, 4])
        desk.type(" in>5M")
        #expect(desk.state.connections.rows.order == [3])
    }

    @Test func `Enter keeps a filter and Esc restores the one before`() {
        var desk = Desk()
        desk.type("/role:pub")
        desk.press(.enter)
        #expect(desk.state.prompt == nil)
        desk.type("/")
        desk.press(.control("u"))
        desk.type("role:play")
        #expect(desk.state.connections.rows.order.count == 3)
        desk.press(.escape)
        #expect(desk.state.filterLine?.text == "role:pub")
        #expect(Set(desk.state.connections.rows.order) == [3, 4])
    }

    @Test func `Enter on a wrong filter points at the fault and stays`() {
        var desk = Desk()
        desk.type("/role:pub & (")
        desk.press(.enter)
        #expect(desk.state.prompt?.fault != nil)
        #expect(desk.screen.contains("expected "))
        desk.press(.backspace, .backspace, .backspace, .backspace, .enter)
        #expect(desk.state.prompt?.fault == nil)
    }

    @Test func `an emptied prompt takes the filter away`() {
        var desk = Desk()
        desk.type("/role:pub")
        desk.press(.enter)
        desk.type("/")
        desk.press(.control("u"), .enter)
        #expect(desk.state.connections.rows.order.count == 7)
        #expect(!desk.screen.contains("match"))
    }

    @Test func `the switched off filter keeps its text`() {
        var desk = Desk()
        desk.type("/role:pub")
        desk.press(.enter)
        desk.type("\\")
        #expect(desk.state.connections.rows.order.count == 7)
        #expect(desk.screen.contains("filter: role:pub   (off"))
        desk.type("\\")
        #expect(desk.state.connections.rows.order.count == 2)
    }

    @Test func `older filters come back with Up`() {
        var desk = Desk()
        for text in ["role:pub", "role:play"] {
            desk.type("/")
            desk.press(.control("u"))
            desk.type(text)
            desk.press(.enter)
        }
        desk.type("/")
        desk.press(.up)
        #expect(desk.state.prompt?.line.text == "role:play")
        desk.press(.up)
        #expect(desk.state.prompt?.line.text == "role:pub")
        desk.press(.down, .down)
        #expect(desk.state.prompt?.line.text == "role:play")
    }

    @Test func `keys of the views are text in a prompt`() {
        var desk = Desk()
        desk.type("/Kqp")
        #expect(desk.state.dialog == nil)
        #expect(desk.state.prompt?.line.text == "Kqp")
    }

    @Test(arguments: [
        ([Key.control("a"), .character("x")], "xone two"),
        ([.control("a"), .control("e"), .character("x")], "one twox"),
        ([.control("w")], "one "),
        ([.control("w"), .control("w")], ""),
        ([.left, .left, .control("k")], "one t"),
        ([.left, .left, .control("u")], "wo"),
        ([.home, .delete, .right, .backspace], "e two"),
    ])
    func `a line is edited as in a shell`(keys: [Key], result: String) {
        var desk = Desk()
        desk.type("/one two")
        for key in keys { desk.press(key) }
        #expect(desk.state.prompt?.line.text == result)
    }
}
