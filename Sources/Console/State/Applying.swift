import Monitor

/// The settings and the state they set.
extension ConsoleState {
    /// The settings as they are now, whatever keys have changed since they were read.
    package var currentSettings: Settings {
        var settings = settings
        settings.columns = connections.choice
        settings.sort = .init(
            column: connections.sort, isDescending: connections.rows.isDescending)
        settings.filter = connections.filter.line.text
        return settings
    }

    package var isReadOnly: Bool { settings.isReadOnly }

    /// Reports of the mouse are wanted.
    package var usesMouse: Bool { settings.usesMouse }

    /// The server ends with its terminal.
    package var endsOnHangup: Bool { settings.onHangup == .quit }

    /// The console is on its terminal again.
    package mutating func didReturn(at now: UInt64) {
        isDialogDrawn = false
        say("back; the server went on meanwhile", at: now)
    }

    /// What was set holds from now on; what stays as it was is left alone, so that a filter which is
    /// switched off stays off.
    package mutating func apply(_ new: Settings) {
        let old = currentSettings
        settings = new
        // Read-only stays: who shows the console to others must not have it unlocked.
        settings.isReadOnly = old.isReadOnly || new.isReadOnly
        if new.columns != old.columns { connections.choice = new.columns }
        if new.sort != old.sort {
            connections.sort = new.sort.column
            connections.rows.isDescending = new.sort.isDescending
        }
        if new.filter != old.filter {
            // A filter in settings was parsed before it got there.
            try? connections.filter.set(
                FilterLine(text: new.filter), utcOffsetSeconds: options.utcOffsetSeconds)
        }
        overviewSessions.rows.isStale = true
        connections.rows.isStale = true
    }
}
