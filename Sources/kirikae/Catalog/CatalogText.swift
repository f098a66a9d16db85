import Catalog
import Manifests

/// The catalog for people.
enum CatalogText {
    /// One line to an entry, in columns.
    static func table(_ entries: [APILifecycle], title: String, catalog: Catalog) -> String {
        let rows = entries.map { entry in
            [entry.gvk.apiVersion, entry.gvk.kind, entry.resource, life(entry)]
        }
        let lines = columns([["API VERSION", "KIND", "RESOURCE", "LIFE"]] + rows)
        return (lines + ["", "\(entries.count) \(title); the catalog knows \(catalog.oldest) to \(catalog.newest)."])
            .joined(separator: "\n")
    }

    /// What was found, one line each.
    static func found(_ found: CatalogFinding, catalog: Catalog) -> String {
        let rows =
            found.entries.map { ["\($0.gvk)", life($0)] }
            + found.behaviours.map { [$0.id, "since \($0.since): \($0.happens)"] }
            + found.customResources.map { ["\($0.gvk)", life($0)] }
            + found.tables.map { [$0.project, "which releases go with which Kubernetes"] }
        return columns(rows).joined(separator: "\n")
    }

    /// The life of each entry, with the source of every fact.
    static func explain(_ found: CatalogFinding, catalog: Catalog) -> String {
        let parts =
            found.entries.map { explain($0, catalog) } + found.behaviours.map(explain)
            + found.customResources.map { api in
                (["\(api.gvk)", "  \(life(api))"] + api.notes.map { "  \($0)" } + ["  from \(api.source)"])
                    .joined(separator: "\n")
            } + found.tables.map(explain)
        return parts.joined(separator: "\n\n")
    }

    private static func explain(_ change: BehaviourChange) -> String {
        var lines = [change.id, "  since \(change.since), \(change.severity.rawValue), \(change.consequence.rawValue)"]
        if let deprecated = change.deprecated { lines[1] += ", announced in \(deprecated)" }
        lines += ["  \(change.happens)", "  remedy: \(change.remedy)"]
        if let unseen = change.unseen { lines.append("  not seen in files: \(unseen)") }
        lines.append("  from \(change.source)")
        return lines.joined(separator: "\n")
    }

    private static func explain(_ table: CompatibilityTable) -> String {
        var lines = ["\(table.project) and Kubernetes\(table.meaning.map { " (\($0))" } ?? "")"]
        lines += table.rows.map { row in
            let through = row.through.flatMap { $0 == row.from ? nil : "\($0)" }
            let releases =
                row.below.map { "below \($0)" }
                ?? [row.from?.description, through].compactMap(\.self).joined(separator: "-")
            let minors = [row.oldest?.description ?? "", row.newest?.description ?? ""].joined(separator: " – ")
            return "  \(releases) on \(minors)" + (row.note.map { " (\($0))" } ?? "")
        }
        lines += table.oldestFor.sorted { $0.key < $1.key }.map { "  Kubernetes \($0.key) needs \($0.value)" }
        if table.followsKubernetes { lines.append("  its minor is that of Kubernetes") }
        return (lines + table.remarks.map { "  \($0)" } + ["  from \(table.source)"]).joined(separator: "\n")
    }

    /// `since 0.11, deprecated 1.4, gone 1.6 of cert-manager, then cert-manager.io/v1 Certificate`.
    private static func life(_ api: EcosystemAPI) -> String {
        var words = "since \(api.introduced)"
        if let deprecated = api.deprecated { words += ", deprecated \(deprecated)" }
        if let removed = api.removed { words += ", gone \(removed)" }
        words += " of \(api.project)"
        return words + (api.replacement.map { ", then \($0)" } ?? "")
    }

    private static func explain(_ entry: APILifecycle, _ catalog: Catalog) -> String {
        let place = entry.namespaced ? "namespaced" : "cluster-scoped"
        let kind =
            switch entry.kindClass {
            case .resource: place
            case .subresource: "the body of a subresource"
            case .virtual: "answered, never stored"
            case .aggregated: "served by another server behind the aggregator"
            case .configuration: "read from a file by a component, never served"
            }
        var lines = ["\(entry.gvk)", "  \(entry.resource), \(kind), \(entry.stability.rawValue)"]
        if !entry.defaultEnabled, entry.kindClass != .configuration { lines[1] += ", off by default" }
        guard let provenance = catalog.provenance(of: entry.gvk) else { return lines.joined(separator: "\n") }
        let facts = provenance.facts.filter { $0.name != "resource" }
        lines += columns(
            facts.map { fact in
                [
                    "  " + fact.name, fact.value,
                    fact.sources.isEmpty ? "" : "from " + fact.sources.joined(separator: ", "),
                ]
            })
        lines += provenance.conflicts.map { "  sources disagree on \($0)" }
        lines += provenance.notes.map { "  \($0)" }
        if entry.endOfService != nil || entry.deprecated != nil,
            let replacement = catalog.replacement(for: entry.gvk, at: catalog.newest)
        {
            lines.append("  at \(catalog.newest) write \(replacement)")
        }
        return lines.joined(separator: "\n")
    }

    /// `1.16 – 1.25, deprecated 1.21`.
    private static func life(_ entry: APILifecycle) -> String {
        var words = "since \(entry.introduced?.description ?? "before 1.11")"
        if let deprecated = entry.deprecated ?? entry.plannedDeprecation { words += ", deprecated \(deprecated)" }
        if let removed = entry.removed { words += ", gone \(removed)" }
        if let planned = entry.plannedRemoval { words += ", to go \(planned)" }
        if let replacement = entry.replacement { words += ", then \(replacement)" }
        return words
    }

    /// What an import found, for the person who reviews it.
    static func changes(_ imported: CatalogImport, catalog: Catalog) -> String {
        let count = "\(imported.kinds) kinds at \(imported.version)"
        guard !imported.changes.isEmpty else { return "\(count): nothing that the catalog does not know." }
        let lines = columns(imported.changes.map { ["  \($0.sort.rawValue)", "\($0.gvk)", $0.detail] })
        return (["\(count), against the catalog (\(catalog.oldest) to \(catalog.newest)):"] + lines)
            .joined(separator: "\n")
    }

    /// Cells side by side; the last column is not padded.
    private static func columns(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.compactMap { $0.count > column ? $0[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line +=
                    column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
