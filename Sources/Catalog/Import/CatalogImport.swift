public import Manifests

/// What a release serves, held against the catalog: the entries of an overlay that brings the catalog up to it, for a
/// person to review.
public struct CatalogImport: Sendable {
    /// Where the kinds were read.
    public enum Source: Sendable, Hashable {
        /// An OpenAPI document: that of a release has every API in it, one that a server gave has what is on there.
        case openAPI(String)
        /// A server's discovery, which shows what is on there.
        case server(String)
    }

    /// One difference, for people.
    public struct Change: Sendable, Hashable {
        /// What sort of difference it is.
        public enum Sort: String, Sendable, Hashable, CaseIterable {
            /// Served, and not in the catalog.
            case new
            /// In the catalog until then, and no longer served.
            case gone
            /// Announced to be gone, and still served.
            case stays
            /// The catalog says it is off by default, and the server serves it; or the other way round.
            case switched
            /// Another plural or scope than the catalog says.
            case renamed
        }

        public var sort: Sort
        public var gvk: GroupVersionKind
        /// In words.
        public var detail: String
    }

    public var version: KubernetesVersion
    public var source: Source
    /// By sort, then by kind.
    public private(set) var changes: [Change] = []
    /// What brings the catalog up to it.
    public private(set) var overlay: CatalogOverlay
    /// Kinds looked at.
    public var kinds: Int

    /// Compares what was read with what the catalog says of that release.
    public init(_ kinds: [ServedKind], version: KubernetesVersion, source: Source, catalog: Catalog) {
        self.version = version
        self.source = source
        self.kinds = kinds.count
        // A release's own document shows what is off by default; without any of that it came from a server.
        let isWhole =
            if case .openAPI = source { kinds.contains { catalog.lifecycle(of: $0.gvk)?.defaultEnabled == false } } else
            {
                false
            }
        let isLive = !isWhole
        overlay = CatalogOverlay(
            name: "kubernetes-\(version)", newest: version > catalog.newest ? version : nil)
        let words =
            switch source {
            case .openAPI(let file): "OpenAPI of \(version) (\(file))"
            case .server(let name): "discovery of \(name) (\(version))"
            }
        let served = Dictionary(kinds.map { ($0.gvk, $0) }) { first, _ in first }
        for kind in served.values.sorted(by: { $0.gvk < $1.gvk }) {
            take(kind, catalog.lifecycle(of: kind.gvk), isLive: isLive, source: words)
        }
        for entry in catalog.lifecycles where served[entry.gvk] == nil {
            takeAbsent(entry, isLive: isLive, source: words)
        }
        changes.sort { ($0.sort.order, $0.gvk) < ($1.sort.order, $1.gvk) }
        overlay.apis.sort { $0.gvk < $1.gvk }
    }

    private mutating func take(_ kind: ServedKind, _ entry: APILifecycle?, isLive: Bool, source: String) {
        guard let entry else {
            var api = CatalogOverlay.API(gvk: kind.gvk, source: source)
            api.resource = kind.resource
            api.namespaced = kind.namespaced
            api.introduced = .value(version)
            // What a server serves is on; of an OpenAPI only what is GA is known to be.
            let isStable = !kind.gvk.version.contains("alpha") && !kind.gvk.version.contains("beta")
            api.defaultEnabled = isLive || isStable
            overlay.apis.append(api)
            add(.new, kind.gvk, "\(kind.resource), \(kind.namespaced ? "namespaced" : "cluster-scoped")")
            return
        }
        if let end = entry.endOfService, version >= end {
            add(.stays, kind.gvk, "was to be gone in \(end), and is there at \(version)")
            // A later end is not known; that it was wrong is.
            var api = CatalogOverlay.API(gvk: kind.gvk, source: source)
            api.removed = .none
            overlay.apis.append(api)
        } else if isLive, !entry.defaultEnabled, entry.kindClass == .resource {
            add(.switched, kind.gvk, "off by default, and on at this server")
        }
        let plural = entry.resource.split(separator: "/").first.map(String.init) ?? entry.resource
        if entry.kindClass == .resource, plural != kind.resource || entry.namespaced != kind.namespaced {
            add(
                .renamed, kind.gvk,
                "\(kind.resource), \(kind.namespaced ? "namespaced" : "cluster-scoped"); the catalog says "
                    + "\(entry.resource), \(entry.namespaced ? "namespaced" : "cluster-scoped")")
        }
    }

    private mutating func takeAbsent(_ entry: APILifecycle, isLive: Bool, source: String) {
        guard entry.kindClass == .resource || entry.kindClass == .virtual else { return }
        let announced = entry.removed == nil && entry.plannedRemoval.map { version >= $0 } ?? false
        guard announced || entry.exists(at: version) else { return }
        if isLive, !entry.defaultEnabled, !announced { return }
        if isLive, entry.stability == .ga, !announced {
            // A server without a GA API is a server told so, not a release without it.
            add(.switched, entry.gvk, "on by default, and off at this server")
            return
        }
        var api = CatalogOverlay.API(gvk: entry.gvk, source: source)
        api.removed = .value(version)
        overlay.apis.append(api)
        add(
            .gone, entry.gvk,
            announced
                ? "as announced" : isLive ? "or switched off at this server: see the release notes" : "not announced")
    }

    private mutating func add(_ sort: Change.Sort, _ gvk: GroupVersionKind, _ detail: String) {
        changes.append(Change(sort: sort, gvk: gvk, detail: detail))
    }
}

extension CatalogImport.Change.Sort {
    /// The order in which they are told.
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
