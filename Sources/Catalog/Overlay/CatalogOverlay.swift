public import Manifests

/// Entries of a user's own, laid over the catalog: what it does not know, or what is otherwise at his place.
///
/// The form is published as `docs/schema/catalog.schema.json`. An entry for a kind that the catalog holds replaces only
/// the facts that it states.
public struct CatalogOverlay: Sendable {
    /// What the file calls itself; shown as the source of what it says.
    public var name: String
    /// The newest release whose APIs it describes; nil leaves the catalog's own.
    public var newest: KubernetesVersion?
    public var apis: [API]
    /// What it says besides the lifecycle of APIs.
    public var facts: CatalogFacts

    public init(
        name: String, newest: KubernetesVersion? = nil, apis: [API] = [], facts: CatalogFacts = .none
    ) {
        self.name = name
        self.newest = newest
        self.apis = apis
        self.facts = facts
    }

    /// What is said of one kind at one version.
    public struct API: Sendable {
        /// A fact as an entry has it.
        public enum Fact<Value: Sendable & Hashable>: Sendable, Hashable {
            /// Not mentioned: what the catalog says stays.
            case unsaid
            /// `null`: it is not so, whatever the catalog says.
            case none
            case value(Value)
        }

        /// What to write instead.
        public struct Replacement: Sendable, Hashable {
            public var gvk: GroupVersionKind
            public var since: KubernetesVersion?

            public init(gvk: GroupVersionKind, since: KubernetesVersion? = nil) {
                self.gvk = gvk
                self.since = since
            }
        }

        public var gvk: GroupVersionKind
        /// The plural; needed where the catalog does not know the kind at that version.
        public var resource: String?
        public var namespaced: Bool?
        public var kindClass: APILifecycle.KindClass?
        public var defaultEnabled: Bool?
        public var introduced: Fact<KubernetesVersion> = .unsaid
        public var deprecated: Fact<KubernetesVersion> = .unsaid
        public var removed: Fact<KubernetesVersion> = .unsaid
        public var replacement: Fact<Replacement> = .unsaid
        public var notes: [String] = []
        /// Where it is known from.
        public var source: String
        /// Where the entry stands, for messages.
        public var location: SourceLocation?

        public init(gvk: GroupVersionKind, source: String) {
            self.gvk = gvk
            self.source = source
        }
    }
}

/// Why a file is no overlay, or cannot be laid over the catalog, and where.
public struct CatalogOverlayError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to write, without the place.
    public var message: String
    public var location: SourceLocation?

    public init(_ message: String, at location: SourceLocation?) {
        self.message = message
        self.location = location
    }

    public var description: String { location.map { "\($0): \(message)" } ?? message }
}
