public import Manifests

/// What one server serves.
public struct Discovery: Sendable, Hashable {
    /// `v1`, `apps/v1` …: the core group first, then by group; within a group by preference of version names.
    public let groupVersions: [String]
    /// Every resource at every version, without subresources, in the order of `groupVersions`, then by kind.
    public let resources: [APIResource]
    /// The server's choice of version per group.
    ///
    /// The core group is the empty string.
    public let preferredVersions: [String: String]
    /// Group versions that are announced but did not answer: an aggregated API whose backend is down.
    ///
    /// What they serve is unknown, which is not the same as nothing.
    public let unavailable: [String]
    private let byKind: [GroupKind: [Int]]

    /// What is served, in any order.
    ///
    /// A group without a preferred version gets the first by version priority.
    public init(
        resources: [APIResource], preferredVersions: [String: String] = [:], groupVersions: [String] = [],
        unavailable: [String] = []
    ) {
        var preferred = preferredVersions
        let announced = Set(groupVersions + unavailable + resources.map(\.gvk.apiVersion))
            .map { GroupVersionKind(apiVersion: $0, kind: "") }
            .sorted { a, b in
                a.group != b.group
                    ? a.group < b.group : APIVersionPriority(a.version) > APIVersionPriority(b.version)
            }
        for one in announced where preferred[one.group] == nil { preferred[one.group] = one.version }
        var rank: [String: Int] = [:]
        for (index, one) in announced.enumerated() { rank[one.apiVersion] = index }
        self.groupVersions = announced.map(\.apiVersion)
        self.preferredVersions = preferred
        self.unavailable = Set(unavailable).sorted()
        let sorted = resources.sorted { a, b in
            let (first, second) = (rank[a.gvk.apiVersion] ?? 0, rank[b.gvk.apiVersion] ?? 0)
            return first != second ? first < second : (a.gvk.kind, a.plural) < (b.gvk.kind, b.plural)
        }
        self.resources = sorted
        var byKind: [GroupKind: [Int]] = [:]
        for (index, resource) in sorted.enumerated() { byKind[resource.gvk.groupKind, default: []].append(index) }
        for (kind, indices) in byKind {
            // A stable partition: the server's preferred version first, the rest as they stand.
            let isPreferred: (Int) -> Bool = { sorted[$0].gvk.version == preferred[kind.group] }
            byKind[kind] = indices.filter(isPreferred) + indices.filter { !isPreferred($0) }
        }
        self.byKind = byKind
    }

    /// The resource of that kind at exactly that version.
    public func resource(for gvk: GroupVersionKind) -> APIResource? {
        resources(for: gvk.groupKind).first { $0.gvk == gvk }
    }

    /// The kind at all its served versions, the server's preferred version first.
    public func resources(for kind: GroupKind) -> [APIResource] {
        (byKind[kind] ?? []).map { resources[$0] }
    }

    /// One resource per kind, at its preferred version, in stable order.
    public var preferredResources: [APIResource] {
        resources.filter { resource in resources(for: resource.gvk.groupKind).first == resource }
    }

    /// Over the list of group versions, sorted as text: changes when a server starts or stops serving one.
    ///
    /// A plan holds this digest, made from the list in an inventory; the order in which versions are preferred has no
    /// part in it.
    public var digest: Digest { Digest(of: .array(groupVersions.sorted().map(JSONValue.string))) }
}
