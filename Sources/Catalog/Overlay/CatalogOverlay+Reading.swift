import Manifests

extension CatalogOverlay {
    /// What every overlay begins with.
    public static let apiVersion = "kirikae.dev/v1"
    /// What every overlay begins with.
    public static let kind = "CatalogOverlay"

    /// Reads a file's bytes, YAML or JSON; every error names file, line and column.
    public init(_ bytes: [UInt8], file: String) throws(CatalogOverlayError) {
        let documents: [SourceDocument]
        do { documents = try YAML.documents(bytes, file: file).filter { !$0.value.isNull } } catch {
            throw CatalogOverlayError(error.message, at: error.location)
        }
        guard let document = documents.first, documents.count == 1 else {
            throw CatalogOverlayError(
                "an overlay holds exactly one document, not \(documents.count)",
                at: documents.dropFirst().first?.start ?? SourceLocation(file: file, line: 1, column: 1))
        }
        let top = try OverlayMembers(
            document, at: FieldPath(),
            allowed: [
                "apiVersion", "kind", "metadata", "newest", "apis", "behaviours", "customResources", "compatibility",
            ], what: "an overlay")
        guard try top.text("apiVersion") == Self.apiVersion, try top.text("kind") == Self.kind else {
            throw top.error(
                top.has("kind") ? "kind" : nil,
                "not an overlay: it begins with apiVersion: \(Self.apiVersion) and kind: \(Self.kind)")
        }
        var name = file
        if top.has("metadata") {
            let metadata = try OverlayMembers(document, at: "metadata", allowed: ["name"], what: "metadata")
            name = try metadata.required("name")
        }
        self.init(name: name, newest: try top.version("newest"), facts: try Self.facts(document, top))
        var seen: Set<GroupVersionKind> = []
        for index in try top.indices("apis") {
            let api = try API(document, at: FieldPath("apis").index(index))
            guard seen.insert(api.gvk).inserted else {
                throw CatalogOverlayError("a second entry for \(api.gvk)", at: api.location)
            }
            apis.append(api)
        }
    }
}

extension CatalogOverlay.API {
    private static let members = [
        "apiVersion", "kind", "resource", "scope", "class", "defaultEnabled", "introduced", "deprecated", "removed",
        "replacement", "note", "source",
    ]

    /// Whether objects live in namespaces.
    private enum Scope: String, CaseIterable {
        case namespaced = "Namespaced"
        case cluster = "Cluster"
    }

    init(_ document: SourceDocument, at path: FieldPath) throws(CatalogOverlayError) {
        let entry = try OverlayMembers(document, at: path, allowed: Self.members, what: "an entry of apis")
        let gvk = GroupVersionKind(
            apiVersion: try entry.required("apiVersion"), kind: try entry.required("kind"))
        guard !gvk.apiVersion.contains(" "), !gvk.kind.contains(" "), !gvk.version.isEmpty else {
            throw entry.error("apiVersion", "apiVersion must be VERSION or GROUP/VERSION")
        }
        self.init(gvk: gvk, source: try entry.required("source"))
        location = document.location(of: path)
        resource = try entry.text("resource")
        guard !(resource?.contains(" ") ?? false) else { throw entry.error("resource", "resource must be one word") }
        namespaced = try entry.choice("scope", Scope.self).map { $0 == .namespaced }
        kindClass = try entry.choice("class", APILifecycle.KindClass.self)
        defaultEnabled = try entry.bool("defaultEnabled")
        introduced = try entry.fact("introduced")
        deprecated = try entry.fact("deprecated")
        removed = try entry.fact("removed")
        if let note = try entry.text("note") { notes = [note] }
        if entry.isNull("replacement") {
            replacement = .none
        } else if entry.has("replacement") {
            let named = try OverlayMembers(
                document, at: path.member("replacement"), allowed: ["apiVersion", "kind", "since"],
                what: "a replacement")
            replacement = .value(
                Replacement(
                    gvk: GroupVersionKind(
                        apiVersion: try named.required("apiVersion"), kind: try named.text("kind") ?? gvk.kind),
                    since: try named.version("since")))
        }
    }
}
