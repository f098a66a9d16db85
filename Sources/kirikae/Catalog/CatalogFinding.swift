import Catalog
import Manifests

/// What the catalog holds under a name or a word.
struct CatalogFinding {
    var entries: [APILifecycle] = []
    /// Changes of behaviour, by release.
    var behaviours: [BehaviourChange] = []
    /// Custom resources of well-known projects.
    var customResources: [EcosystemAPI] = []
    /// Which releases of a project go with which Kubernetes.
    var tables: [CompatibilityTable] = []

    var isEmpty: Bool { entries.isEmpty && behaviours.isEmpty && customResources.isEmpty && tables.isEmpty }

    /// What goes by that name.
    init(named name: String, in catalog: Catalog) {
        entries = catalog.entries(named: name)
        behaviours = catalog.facts.behaviours.filter { $0.id == name }
        let lower = name.lowercased()
        customResources = catalog.facts.ecosystem.filter { api in
            [api.project, "\(api.gvk)", api.gvk.kind, "\(api.gvk.groupKind)", api.gvk.apiVersion, api.gvk.group]
                .contains {
                    $0.lowercased() == lower
                }
        }
        tables = catalog.facts.compatibility.filter {
            $0.project == lower && !($0.rows.isEmpty && $0.oldestFor.isEmpty)
        }
    }

    /// What the word occurs in.
    init(mentioning word: String, in catalog: Catalog) {
        entries = catalog.entries(mentioning: word)
        let lower = word.lowercased()
        behaviours = catalog.facts.behaviours.filter { change in
            [change.id, change.happens, change.remedy].contains { $0.lowercased().contains(lower) }
        }
        customResources = catalog.facts.ecosystem.filter { "\($0.project) \($0.gvk)".lowercased().contains(lower) }
        tables = catalog.facts.compatibility.filter { $0.project.contains(lower) && !$0.rows.isEmpty }
    }
}
