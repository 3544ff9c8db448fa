import Monitor

/// The dialog of `:holds`: kicked names and how long they are still refused.
enum HoldsView {
    static func draw(_ index: Int, _ scene: Scene, on surface: inout Surface) {
        let now = scene.live.takenAtNanoseconds
        let items = scene.state.holds.map { hold in
            let left = hold.untilNanoseconds > now ? hold.untilNanoseconds - now : 0
            return [Span("\(Format.duration(left)) left   \(hold.name)", .dialog)]
        }
        DialogView.list(
            "Holds", items, index: index, width: 62,
            footer: ["", "Enter lets in again   Esc closes"], empty: "nobody is held",
            scene: scene, on: &surface)
    }
}
