import Manifests

/// One mapping of an overlay, read strictly: a member that is misspelt must not be a fact that is missing.
struct OverlayMembers {
    let document: SourceDocument
    let path: FieldPath
    private let members: JSONObject

    /// - Parameters:
    ///   - allowed: the names it may have.
    ///   - what: what the mapping is, for messages.
    init(
        _ document: SourceDocument, at path: FieldPath, allowed: [String], what: String
    ) throws(CatalogOverlayError) {
        self.document = document
        self.path = path
        guard let members = document.value[path]?.object else {
            throw CatalogOverlayError("\(what) must be a mapping", at: document.location(of: path))
        }
        self.members = members
        for member in members where !allowed.contains(member.key) {
            throw CatalogOverlayError(
                "unknown member \(member.key); \(what) has \(allowed.joined(separator: ", "))",
                at: document.keyLocation(of: path.member(member.key)))
        }
    }

    func has(_ name: String) -> Bool { members[name] != nil }
    func isNull(_ name: String) -> Bool { members[name]?.isNull ?? false }

    func error(_ name: String?, _ message: String) -> CatalogOverlayError {
        CatalogOverlayError(message, at: document.location(of: name.map { path.member($0) } ?? path))
    }

    /// A text; nil when absent.
    func text(_ name: String) throws(CatalogOverlayError) -> String? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let text = value.string, !text.isEmpty else { throw error(name, "\(name) must be a text") }
        guard !text.contains("\n") else { throw error(name, "\(name) must be one line") }
        return text
    }

    /// A text that has to be there.
    func required(_ name: String) throws(CatalogOverlayError) -> String {
        guard let text = try text(name) else { throw error(nil, "\(name) is missing") }
        return text
    }

    func bool(_ name: String) throws(CatalogOverlayError) -> Bool? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let bool = value.bool else { throw error(name, "\(name) must be true or false") }
        return bool
    }

    /// A minor version; a number is refused, because 1.30 without quotes is 1.3.
    func version(_ name: String) throws(CatalogOverlayError) -> KubernetesVersion? {
        guard let value = members[name], !value.isNull else { return nil }
        guard let version = value.string.flatMap({ KubernetesVersion($0) }) else {
            throw error(name, "\(name) must be a Kubernetes version in quotes, such as \"1.30\"")
        }
        return version
    }

    func fact(_ name: String) throws(CatalogOverlayError) -> CatalogOverlay.API.Fact<KubernetesVersion> {
        if isNull(name) { return .none }
        return try version(name).map { .value($0) } ?? .unsaid
    }

    /// One of the words of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(CatalogOverlayError) -> Choice? where Choice.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw error(name, "\(name) must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// The texts of a list.
    func texts(_ name: String) throws(CatalogOverlayError) -> [String] {
        var texts: [String] = []
        for index in try indices(name) {
            guard let text = members[name]?[index]?.string, !text.isEmpty, !text.contains("\n") else {
                throw CatalogOverlayError(
                    "expected a text of one line", at: document.location(of: path.member(name).index(index)))
            }
            texts.append(text)
        }
        return texts
    }

    /// The positions of a list's elements; none when it is absent.
    func indices(_ name: String) throws(CatalogOverlayError) -> Range<Int> {
        guard let value = members[name], !value.isNull else { return 0..<0 }
        guard let array = value.array else { throw error(name, "\(name) must be a list") }
        return array.indices
    }
}
