import Telemetry

/// What may stand at the end of a filter that is being typed (console design, §10).
package struct FilterCompletion: Hashable, Sendable {
    /// How many scalars before the cursor a candidate takes the place of.
    package let replacing: Int
    /// In the order they are offered.
    package let candidates: [String]

    package static let nothing = FilterCompletion(replacing: 0, candidates: [])

    /// - Parameter text: what stands before the cursor.
    package static func of<Subject: FilterSubject>(
        _ text: String, _ subject: Subject.Type, in snapshot: Snapshot
    ) -> FilterCompletion {
        let scalars = Array(text.unicodeScalars)
        guard let piece = Piece(scalars) else { return .nothing }
        let candidates: [String] =
            switch piece.place {
            case .flag: Subject.filterFlags.map { "~" + $0.name }
            case .session:
                snapshot.sessions.lazy.filter { $0.closedAtNanoseconds == nil }
                    .map { "#\($0.id)" }
            case .term: Subject.filterFields.map(\.name)
            case .value(let field): Self.values(of: field, Subject.self, in: snapshot)
            }
        let typed = piece.text.lowercased()
        return FilterCompletion(
            replacing: piece.text.unicodeScalars.count,
            candidates: candidates.filter { candidate in
                let word = candidate.lowercased()
                return (word.hasPrefix(typed) || word.hasPrefix("\"" + typed)) && word != typed
            })
    }

    private static let limit = 50

    private static func values<Subject: FilterSubject>(
        of name: String, _ subject: Subject.Type, in snapshot: Snapshot
    ) -> [String] {
        guard let field = Subject.filterFields.first(where: { $0.name == name.lowercased() }),
            !field.isNumber
        else { return [] }
        var found: Set<String> = []
        for line in Subject.filterSamples(in: snapshot) {
            guard let value = field.value(of: line, in: snapshot)?.description else { continue }
            // In lower case a word of a set fits however it is shown.
            found.insert(field.isWords ? value.lowercased() : value)
        }
        return found.sorted().prefix(limit).map { value in
            let isBare = value.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && !"(){},&|\"".unicodeScalars.contains(scalar)
            }
            return isBare && !value.isEmpty ? value : FilterWord.quoted(value)
        }
    }
}

/// The last piece of a text, and what it is going to be.
private struct Piece {
    enum Place {
        case flag
        case session
        case term
        case value(of: String)
    }

    let place: Place
    let text: String

    /// nil: within quotes nothing is offered.
    init?(_ scalars: [Unicode.Scalar]) {
        var start = 0
        var isQuoted = false
        var list: String?
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if isQuoted {
                if scalar == "\\" { index += 1 } else if scalar == "\"" { isQuoted = false }
                start = index + 1
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "{" {
                list = Self.fieldAndOperator(String(scalars[start..<index]))?.field
                start = index + 1
            } else if scalar == "}" {
                list = nil
                start = index + 1
            } else if scalar.properties.isWhitespace || "(),&|".unicodeScalars.contains(scalar) {
                start = index + 1
            } else if scalar == "!", index == start {
                // In front of a term it means not; behind a field it belongs to != or !~.
                start = index + 1
            }
            index += 1
        }
        guard !isQuoted else { return nil }
        let piece = String(scalars[min(start, scalars.count)...])
        if let list {
            place = .value(of: list)
            text = piece
        } else if piece.hasPrefix("~") {
            place = .flag
            text = piece
        } else if piece.hasPrefix("#") {
            place = .session
            text = piece
        } else if let (field, value) = Self.fieldAndOperator(piece) {
            place = .value(of: field)
            text = value
        } else {
            place = .term
            text = piece
        }
    }

    private static func fieldAndOperator(_ piece: String) -> (field: String, value: String)? {
        var scanner = FilterScanner(piece)
        let field = scanner.takeWord()
        guard !field.text.isEmpty, scanner.takeOperator() != nil else { return nil }
        return (
            field.text,
            String(String.UnicodeScalarView(piece.unicodeScalars.dropFirst(scanner.position)))
        )
    }
}

extension String {
    fileprivate init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
