import Monitor

/// The settings and the state they set.
extension ConsoleState {
    /// The settings as they are now, whatever keys have changed since they were read.
    package var currentSettings: Settings {
        var settings = settings
        settings.isReadOnly = options.isReadOnly
        settings.masksKeys = masksKeys
        settings.rateWindow = rateWindow
        settings.refresh = refreshHertz
        settings.showsHints = areHintsShown
        settings.showsPreview = isPreviewShown
        settings.columns = connections.choice
        settings.sort = .init(
            column: connections.sort, isDescending: connections.rows.isDescending)
        settings.filter = connections.filter.line.text
        return settings
    }

    /// Reports of the mouse are wanted.
    package var usesMouse: Bool { settings.usesMouse }

    /// The server ends with its terminal.
    package var endsOnHangup: Bool { settings.onHangup == .quit }

    /// The console is on its terminal again.
    package mutating func didReturn(at now: UInt64) {
        isDialogDrawn = false
        say("back; the server went on meanwhile", at: now)
    }

    /// What was set holds from now on.
    package mutating func apply(_ new: Settings) {
        settings = new
        setRefresh(new.refresh)
        rateWindow = new.rateWindow
        areHintsShown = new.showsHints
        masksKeys = new.masksKeys
        isPreviewShown = new.showsPreview
        // Read-only stays: who shows the console to others must not have it unlocked.
        options.isReadOnly = options.isReadOnly || new.isReadOnly
        options.killHoldSeconds = new.killHoldSeconds
        connections.choice = new.columns
        if connections.sort != new.sort.column
            || connections.rows.isDescending != new.sort.isDescending
        {
            connections.sort = new.sort.column
            connections.rows.isDescending = new.sort.isDescending
            connections.rows.isStale = true
        }
        // A filter in settings was parsed before it got there.
        try? connections.filter.set(
            FilterLine(text: new.filter), utcOffsetSeconds: options.utcOffsetSeconds)
        connections.rows.isStale = true
        applyKeys()
    }

    mutating func applyKeys() {
        options.keys = KeyMap(preset: settings.preset, changes: settings.keys)
    }
}
