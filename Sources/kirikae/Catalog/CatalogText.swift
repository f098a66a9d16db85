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
        columns(found.entries.map { ["\($0.gvk)", life($0)] }).joined(separator: "\n")
    }

    /// The life of each entry, with the source of every fact.
    static func explain(_ found: CatalogFinding, catalog: Catalog) -> String {
        found.entries.map { explain($0, catalog) }.joined(separator: "\n\n")
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
