import Monitor
import Telemetry

/// From page to page: views, inspectors, the way back.
extension ConsoleState {
    mutating func go(to page: Page) {
        guard page != self.page else { return }
        trail.removeSubrange((trailIndex + 1)...)
        trail.append(page)
        if trail.count > Self.trailLimit { trail.removeFirst() }
        trailIndex = trail.count - 1
    }

    mutating func back() {
        switch page {
        case .inspector(let id):
            if let index = inspectorIndex, inspectors[index].isTreeOpen {
                inspectors[index].isTreeOpen = false
                return
            }
            if let index = inspectorIndex, inspectors[index].isZoomed {
                inspectors[index].isZoomed = false
                return
            }
            inspectors.removeAll { $0.id == id }
            leavePage()
        case .help: leavePage()
        case .view: trailIndex = max(trailIndex - 1, 0)
        }
    }

    /// Goes back and forgets the page that was left.
    mutating func leavePage() {
        let left = page
        let before = trail[..<trailIndex].filter { $0 != left }
        trail = before.isEmpty ? [.view(.overview)] : before
        trailIndex = trail.count - 1
    }

    mutating func open(_ drawn: Snapshot, at now: UInt64) {
        switch page {
        case .view(.overview):
            if isStreamPanelActive {
                guard let key = overviewStreams.streams.cursor else { return }
                streams.cursor = .stream(key)
                streams.folded.remove(key)
                go(to: .view(.streams))
            } else if let id = overviewSessions.rows.cursor {
                inspect(id, drawn, at: now)
            }
        case .view(.connections):
            if let id = connections.rows.cursor { inspect(id, drawn, at: now) }
        case .view(.streams):
            switch streams.cursor {
            case .session(let id, _): inspect(id, drawn, at: now)
            case .stream(let key): _ = streams.fold(!streams.folded.contains(key))
            case nil: break
            }
        case .view(.trace):
            if let entry = drawn.trace[traceLog.cursor] {
                inspect(entry.record.session, drawn, at: now)
            }
        case .view(.events):
            if let id = drawn.journal[eventLog.cursor]?.session { inspect(id, drawn, at: now) }
        case .view(.history):
            if let id = ended.rows.cursor { inspect(id, drawn, at: now) }
        case .view(.graphs): break
        case .inspector:
            guard let index = inspectorIndex else { return }
            guard inspectorFocus == .commands else { return zoomPanel() }
            guard inspectors[index].keptDetail?.commands.isEmpty == false else { return }
            inspectors[index].isTreeOpen.toggle()
            inspectors[index].treeTop = 0
        case .help: break
        }
    }

    /// The panel that keys are for; nil: no inspector is in view.
    var inspectorFocus: InspectorState.Panel? {
        inspectorIndex.map {
            inspectors[$0].focus(isPaged: ScreenLayout(self).isInspectorPaged)
        }
    }

    /// The panel in focus over the whole body, and back.
    mutating func zoomPanel() {
        guard let index = inspectorIndex, let focus = inspectorFocus else { return }
        inspectors[index].isTreeOpen = false
        inspectors[index].chosen = focus
        inspectors[index].isZoomed.toggle()
    }

    mutating func inspect(_ id: SessionID, _ drawn: Snapshot, at now: UInt64) {
        guard drawn.session(id) != nil || kept[id] != nil else {
            say("#\(id) is no longer kept", .sevWarn, at: now)
            return
        }
        if !inspectors.contains(where: { $0.id == id }) {
            if inspectors.count == Self.inspectorLimit {
                let oldest = inspectors.removeFirst().id
                let here = trailIndex
                trailIndex = trail[...here].filter { $0 != .inspector(oldest) }.count - 1
                trail.removeAll { $0 == .inspector(oldest) }
            }
            var inspector = InspectorState(id)
            inspector.keptDetail = drawn.inspected[id]
            inspectors.append(inspector)
        }
        go(to: .inspector(id))
    }

    /// `(` and `)`: the same tab shows the neighbour in the order of the connections.
    mutating func changeSession(by step: Int, _ drawn: Snapshot) {
        guard let index = inspectorIndex, !connections.rows.order.isEmpty else { return }
        let order = connections.rows.order
        let here = order.firstIndex(of: inspectors[index].id) ?? (step > 0 ? -1 : 0)
        let id = order[(here + step + order.count) % order.count]
        guard !inspectors.contains(where: { $0.id == id }) else {
            go(to: .inspector(id))
            return
        }
        var next = InspectorState(id)
        next.page = inspectors[index].page
        next.chosen = inspectors[index].chosen
        next.isZoomed = inspectors[index].isZoomed
        next.keptDetail = drawn.inspected[id]
        let old = inspectors[index].id
        inspectors[index] = next
        trail = trail.map { $0 == .inspector(old) ? .inspector(id) : $0 }
    }
}
