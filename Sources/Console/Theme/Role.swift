/// What a cell means. Views name roles; a theme maps roles to colours (DESIGN §16).
package enum Role: UInt8, CaseIterable, Sendable {
    case text, textDim, textStrong, textEscaped, textSecret
    case title, titleLive, titlePaused
    case tab, tabActive
    case hintKey, hintText
    case border, borderActive, boxTitle
    case tableHeader, tableSort
    case rowCursor, rowMarked, rowClosed, rowNew
    case rolePub, rolePlay, roleIdle, roleHs
    case num, numZero, numHigh
    case sevOk, sevNote, sevWarn, sevError
    case gaugeFill, gaugeHigh, gaugeOver
    case graphIn, graphOut, graphAlt, graphAxis, graphCursor
    case dirIn, dirOut
    case kindAudio, kindVideo, kindKey, kindData, kindCmd, kindCtrl
    case hexOffset, hexByte, hexSelect
    case diffSame, diffOther
    case match
    case prompt, promptError
    case dialog, dialogButton, dialogFocus, dialogDanger

    /// As theme files write it: `textDim` is `text.dim`.
    package var name: String {
        var name = ""
        for scalar in "\(self)".unicodeScalars {
            if scalar.properties.isUppercase { name += "." }
            name += scalar.properties.lowercaseMapping
        }
        return name
    }

    package static let byName = Dictionary(
        uniqueKeysWithValues: Role.allCases.map { ($0.name, $0) })
}
