import Catalog
import Manifests

/// The catalog for programs; names of members are added to, never changed.
enum CatalogJSON {
    /// A list of entries.
    static func list(_ entries: [APILifecycle], catalog: Catalog) -> JSONValue {
        [
            "apiVersion": "kirikae.dev/v1", "kind": "CatalogEntryList", "catalog": range(catalog),
            "apis": .array(entries.map { json($0) }),
        ]
    }

    /// What was found, with the sources of every fact where it is to be explained.
    static func json(_ found: CatalogFinding, catalog: Catalog, explaining: Bool) -> JSONValue {
        [
            "apiVersion": "kirikae.dev/v1", "kind": "CatalogEntryList", "catalog": range(catalog),
            "apis": .array(
                found.entries.map { entry in
                    var value = json(entry)
                    if explaining, let provenance = catalog.provenance(of: entry.gvk) {
                        value["facts"] = .array(
                            provenance.facts.map { fact in
                                [
                                    "name": .string(fact.name), "value": .string(fact.value),
                                    "sources": .array(fact.sources.map(JSONValue.string)),
                                ]
                            })
                        value["conflicts"] = .array(provenance.conflicts.map(JSONValue.string))
                        value["notes"] = .array(provenance.notes.map(JSONValue.string))
                    }
                    return value
                }),
            "behaviours": .array(found.behaviours.map(json)),
            "customResources": .array(found.customResources.map(json)),
            "compatibility": .array(
                found.tables.map { ["project": .string($0.project), "source": .string($0.source)] }),
        ]
    }

    private static func json(_ change: BehaviourChange) -> JSONValue {
        var members: JSONObject = [
            "id": .string(change.id), "since": text(change.since), "severity": .string(change.severity.rawValue),
            "consequence": .string(change.consequence.rawValue), "confidence": .string(change.confidence.rawValue),
            "happens": .string(change.happens), "remedy": .string(change.remedy), "source": .string(change.source),
        ]
        members["deprecated"] = change.deprecated.map(text)
        members["unseen"] = change.unseen.map(JSONValue.string)
        return .object(members)
    }

    private static func json(_ api: EcosystemAPI) -> JSONValue {
        var members: JSONObject = [
            "project": .string(api.project), "apiVersion": .string(api.gvk.apiVersion), "kind": .string(api.gvk.kind),
            "introduced": text(api.introduced), "source": .string(api.source),
            "notes": .array(api.notes.map(JSONValue.string)),
        ]
        members["deprecated"] = api.deprecated.map(text)
        members["removed"] = api.removed.map(text)
        if let replacement = api.replacement {
            members["replacement"] = ["apiVersion": .string(replacement.apiVersion), "kind": .string(replacement.kind)]
        }
        return .object(members)
    }

    /// An import: the differences, and the overlay they make.
    static func json(_ imported: CatalogImport) -> JSONValue {
        [
            "apiVersion": "kirikae.dev/v1", "kind": "CatalogImport", "version": text(imported.version),
            "kinds": .integer(Int64(imported.kinds)),
            "changes": .array(
                imported.changes.map { change in
                    [
                        "sort": .string(change.sort.rawValue), "apiVersion": .string(change.gvk.apiVersion),
                        "kind": .string(change.gvk.kind), "detail": .string(change.detail),
                    ]
                }), "overlay": imported.overlay.json,
        ]
    }

    private static func range(_ catalog: Catalog) -> JSONValue {
        ["oldest": text(catalog.oldest), "newest": text(catalog.newest), "digest": text(catalog.digest)]
    }

    private static func json(_ entry: APILifecycle) -> JSONValue {
        var members: JSONObject = [
            "apiVersion": .string(entry.gvk.apiVersion), "kind": .string(entry.gvk.kind),
            "resource": .string(entry.resource), "scope": entry.namespaced ? "Namespaced" : "Cluster",
            "class": .string(entry.kindClass.rawValue), "stability": .string(entry.stability.rawValue),
            "defaultEnabled": .bool(entry.defaultEnabled),
        ]
        members["introduced"] = entry.introduced.map(text)
        members["deprecated"] = entry.deprecated.map(text)
        members["removed"] = entry.removed.map(text)
        members["plannedDeprecation"] = entry.plannedDeprecation.map(text)
        members["plannedRemoval"] = entry.plannedRemoval.map(text)
        members["servableUntil"] = entry.servableUntil.map(text)
        if let replacement = entry.replacement {
            var named: JSONObject = [
                "apiVersion": .string(replacement.apiVersion), "kind": .string(replacement.kind),
            ]
            named["since"] = entry.replacementSince.map(text)
            members["replacement"] = .object(named)
        }
        return .object(members)
    }

    private static func text(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }
}
