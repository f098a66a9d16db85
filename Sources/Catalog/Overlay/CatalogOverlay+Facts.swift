import Manifests

extension CatalogOverlay {
    /// Reads the parts that are no lifecycle: changes of behaviour, custom resources, compatibility.
    ///
    /// Each entry is put into the form of the data files and read by their parsers, so that an overlay can say exactly
    /// what the catalog can.
    static func facts(_ document: SourceDocument, _ top: OverlayMembers) throws(CatalogOverlayError) -> CatalogFacts {
        var facts = CatalogFacts.none
        for index in try top.indices("behaviours") {
            let path = FieldPath("behaviours").index(index)
            facts = facts.overlaid(with: try parsed(behaviours: behaviour(document, path), document, path))
        }
        for index in try top.indices("customResources") {
            let path = FieldPath("customResources").index(index)
            facts = facts.overlaid(with: try parsed(ecosystem: customResource(document, path), document, path))
        }
        for index in try top.indices("compatibility") {
            let path = FieldPath("compatibility").index(index)
            facts = facts.overlaid(with: try parsed(ecosystem: table(document, path), document, path))
        }
        return facts
    }

    private static func parsed(
        behaviours: String = "", ecosystem: String = "", _ document: SourceDocument, _ path: FieldPath
    ) throws(CatalogOverlayError) -> CatalogFacts {
        do { return try CatalogFacts(behaviours: behaviours, ecosystem: ecosystem) } catch {
            throw CatalogOverlayError(error.message, at: document.location(of: path))
        }
    }

    private static func behaviour(_ document: SourceDocument, _ path: FieldPath) throws(CatalogOverlayError) -> String {
        let entry = try OverlayMembers(
            document, at: path,
            allowed: [
                "id", "since", "deprecated", "severity", "consequence", "confidence", "find", "happens", "do", "source",
            ], what: "a change of behaviour")
        let id = try entry.required("id")
        guard !id.contains(" ") else { throw entry.error("id", "id must be one word") }
        guard let since = try entry.version("since") else { throw entry.error(nil, "since is missing") }
        let severity = try entry.choice("severity", BehaviourChange.Severity.self) ?? .warns
        guard let consequence = try entry.choice("consequence", BehaviourChange.Consequence.self) else {
            throw entry.error(nil, "consequence is missing")
        }
        let confidence = try entry.choice("confidence", BehaviourChange.Confidence.self) ?? .certain
        var lines = ["\(id) \(since) \(severity.rawValue) \(consequence.rawValue)"]
        if confidence != .certain { lines[0] += " \(confidence.rawValue)" }
        if let deprecated = try entry.version("deprecated") { lines.append("  deprecated \(deprecated)") }
        for text in try entry.texts("find") {
            // `and …`, `unless …` and `words …` belong to the line before, as in the data file.
            let isFurther = ["and ", "unless ", "words "].contains { text.hasPrefix($0) }
            lines.append(isFurther ? "    \(text)" : "  find \(text)")
        }
        lines.append("  happens \(try entry.required("happens"))")
        lines.append("  do \(try entry.required("do"))")
        lines.append("  source \(try entry.required("source"))")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func customResource(
        _ document: SourceDocument, _ path: FieldPath
    ) throws(CatalogOverlayError) -> String {
        let entry = try OverlayMembers(
            document, at: path,
            allowed: [
                "project", "apiVersion", "kind", "introduced", "deprecated", "removed", "replacement", "source",
            ], what: "a custom resource")
        let kind = try entry.required("kind")
        var line = "  crd \(try entry.required("apiVersion")) \(kind)"
        line += " introduced \(try entry.required("introduced"))"
        if let deprecated = try entry.text("deprecated") { line += " deprecated \(deprecated)" }
        if let removed = try entry.text("removed") { line += " removed \(removed)" }
        if entry.has("replacement") {
            let named = try OverlayMembers(
                document, at: path.member("replacement"), allowed: ["apiVersion", "kind"], what: "a replacement")
            line += " -> \(try named.required("apiVersion")) \(try named.text("kind") ?? kind)"
        }
        return "project \(try entry.required("project"))\n  source \(try entry.required("source"))\n\(line)\n"
    }

    private static func table(_ document: SourceDocument, _ path: FieldPath) throws(CatalogOverlayError) -> String {
        let entry = try OverlayMembers(
            document, at: path, allowed: ["project", "runs", "source"], what: "an entry of compatibility")
        let runs = try entry.texts("runs")
        guard !runs.isEmpty else { throw entry.error(nil, "runs is missing: a list such as [\"1.21 on 1.33-1.36\"]") }
        return "project \(try entry.required("project"))\n  compatibility-source \(try entry.required("source"))\n"
            + runs.map { "  runs \($0)\n" }.joined()
    }
}
