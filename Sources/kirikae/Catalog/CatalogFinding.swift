import Catalog
import Manifests

/// What the catalog holds under a name or a word.
struct CatalogFinding {
    var entries: [APILifecycle] = []

    var isEmpty: Bool { entries.isEmpty }

    /// What goes by that name.
    init(named name: String, in catalog: Catalog) {
        entries = catalog.entries(named: name)
    }

    /// What the word occurs in.
    init(mentioning word: String, in catalog: Catalog) {
        entries = catalog.entries(mentioning: word)
    }
}
