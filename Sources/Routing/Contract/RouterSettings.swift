import Manifests

/// The settings of one back end as a migration file writes them, read strictly: every error names its place.
struct RouterSettings: Sendable {
    let kind: String
    private let members: JSONObject
    private let path: FieldPath

    /// The members, of which each must be one of `known`.
    init(_ value: JSONValue, kind: String, known: [String], path: FieldPath = FieldPath()) throws(RoutingError) {
        self.kind = kind
        self.path = path
        guard let members = value.object else {
            let what = path.elements.isEmpty ? "settings" : "settings.\(path)"
            throw RoutingError(
                .invalidConfiguration,
                "\(what) of the back end '\(kind)' must be an object with: \(known.joined(separator: ", "))",
                at: path)
        }
        self.members = members
        for name in members.keys where !known.contains(name) {
            throw error(
                name, "is no setting of the back end '\(kind)', which knows: \(known.joined(separator: ", "))")
        }
    }

    /// Text that must be there.
    func text(_ name: String, for purpose: String) throws(RoutingError) -> String {
        guard let text = try optionalText(name) else { throw error(name, "is missing: \(purpose)") }
        return text
    }

    /// Text that may be left out.
    func optionalText(_ name: String) throws(RoutingError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string, !text.isEmpty else { throw error(name, "must be a text that is not empty") }
        return text
    }

    /// Texts that must be there, at least one; a single one may stand without brackets.
    func texts(_ name: String, for purpose: String) throws(RoutingError) -> [String] {
        guard let texts = try optionalTexts(name) else { throw error(name, "is missing: \(purpose)") }
        return texts
    }

    /// Texts that may be left out.
    func optionalTexts(_ name: String) throws(RoutingError) -> [String]? {
        guard let value = members[name] else { return nil }
        let texts = value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
        guard !texts.isEmpty, texts.count == value.array?.count ?? 1, !texts.contains("") else {
            throw error(name, "must be a text, or a list of texts, none of them empty")
        }
        return texts
    }

    /// A whole number in bounds.
    func integer(_ name: String, in bounds: ClosedRange<Int64>, otherwise: Int) throws(RoutingError) -> Int {
        guard let value = members[name] else { return otherwise }
        guard let number = value.integer, bounds.contains(number) else {
            throw error(name, "must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return Int(number)
    }

    /// Texts by name.
    func map(_ name: String) throws(RoutingError) -> [String: String] {
        guard let value = members[name] else { return [:] }
        guard let object = value.object else { throw error(name, "must be an object of texts") }
        var map: [String: String] = [:]
        for member in object {
            guard let text = member.value.string else {
                throw error(name, "'\(member.key)' must be a text: put it in quotes")
            }
            map[member.key] = text
        }
        return map
    }

    /// Settings inside the settings.
    func section(_ name: String, known: [String]) throws(RoutingError) -> RouterSettings? {
        guard let value = members[name] else { return nil }
        return try RouterSettings(value, kind: kind, known: known, path: path.member(name))
    }

    /// What is wrong with one of them.
    func error(_ name: String, _ trouble: String) -> RoutingError {
        let place = path.member(name)
        return RoutingError(.invalidConfiguration, "settings.\(place) \(trouble)", at: place)
    }
}
