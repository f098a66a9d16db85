public import Manifests

/// The lifecycle of every built-in API, and the questions one asks about it.
///
/// Invariant: at most one entry per group, version and kind. Iteration orders are fixed: ``lifecycles`` ascends by
/// group, kind and version; ``lifecycles(of:)`` begins with the version a server prefers.
public struct Catalog: Sendable {
    /// All entries.
    public let lifecycles: [APILifecycle]
    /// The oldest release whose APIs were examined; what was there already has no `introduced`.
    public let oldest: KubernetesVersion
    /// The newest release whose APIs were examined.
    public let newest: KubernetesVersion
    /// What is known besides the lifecycle of APIs: fields, behaviour, custom resources, skew, support.
    public var facts: CatalogFacts

    /// The data file this was read from.
    let text: String
    /// Where each entry's block stands in ``text``, as offsets of UTF-8 bytes, in the order of ``lifecycles``.
    let blocks: [Range<Int>]
    private let byKind: [GroupVersionKind: Int]
    private let byGroupKind: [GroupKind: [Int]]

    /// The catalog compiled into the program.
    ///
    /// Read at first use.
    public static let builtIn: Catalog = {
        do {
            return try Catalog(parsing: CatalogText.lifecycle, facts: .builtIn)
        } catch {
            preconditionFailure("the built-in catalog: \(error)")
        }
    }()

    /// Reads the text of a data file; the form stands at its top.
    public init(parsing text: String, facts: CatalogFacts = .none) throws(CatalogError) {
        self.facts = facts
        let parsed = try CatalogParser(text).parse()
        self.text = text
        let order = parsed.entries.indices.sorted { parsed.entries[$0].gvk < parsed.entries[$1].gvk }
        let lifecycles = order.map { parsed.entries[$0] }
        self.lifecycles = lifecycles
        blocks = order.map { parsed.blocks[$0] }
        oldest = parsed.oldest
        newest = parsed.newest
        var byKind: [GroupVersionKind: Int] = [:]
        byKind.reserveCapacity(lifecycles.count)
        var byGroupKind: [GroupKind: [Int]] = [:]
        for (index, entry) in lifecycles.enumerated() {
            if byKind.updateValue(index, forKey: entry.gvk) != nil {
                throw CatalogError(
                    code: .duplicate, message: "two blocks for \(entry.gvk)",
                    line: CatalogParser.line(at: blocks[index].lowerBound, in: text))
            }
            byGroupKind[entry.gvk.groupKind, default: []].append(index)
        }
        for (groupKind, indices) in byGroupKind where indices.count > 1 {
            byGroupKind[groupKind] = indices.sorted {
                APIVersionPriority(lifecycles[$0].gvk.version) > APIVersionPriority(lifecycles[$1].gvk.version)
            }
        }
        self.byKind = byKind
        self.byGroupKind = byGroupKind
    }

    /// Identifies everything the catalog says, whatever is laid over it: the digest of the texts it was read from.
    ///
    /// Reads all of them, some 300 KB; ask when somebody wants to see it.
    public var digest: Digest {
        var builder = DigestBuilder()
        // Each with its length in front, so that no text can end in another one's beginning.
        for text in [text] + facts.sources {
            let bytes = Array(text.utf8)
            builder.append(Array("\(bytes.count)\n".utf8))
            builder.append(bytes)
        }
        return builder.digest()
    }

    /// What is known of a kind at a version; nil for custom resources and for kinds that never were.
    public func lifecycle(of gvk: GroupVersionKind) -> APILifecycle? {
        index(of: gvk).map { lifecycles[$0] }
    }

    /// All versions of a kind, the one that servers prefer first.
    public func lifecycles(of groupKind: GroupKind) -> [APILifecycle] {
        (byGroupKind[groupKind] ?? []).map { lifecycles[$0] }
    }

    /// What a kube-apiserver of that release serves by default.
    ///
    /// Beyond ``newest`` the announced removals count, and nothing new is known.
    public func served(at version: KubernetesVersion) -> [APILifecycle] {
        lifecycles.filter { $0.isServed(at: version) }
    }

    /// Whether a kube-apiserver of that release serves the kind at that version by default.
    public func isServed(_ gvk: GroupVersionKind, at version: KubernetesVersion) -> Bool {
        lifecycle(of: gvk)?.isServed(at: version) ?? false
    }

    /// Whether releases of that version lie within what was examined.
    ///
    /// Beyond it, answers rest on announcements.
    public func covers(_ version: KubernetesVersion) -> Bool { version >= oldest && version <= newest }

    /// Whether the group belongs to Kubernetes itself, so that a kind unknown here is a mistake and no custom resource.
    public func isBuiltIn(group: String) -> Bool {
        lifecycles.contains { $0.gvk.group == group }
    }

    /// What to write instead of a kind at that version so that a server of `target` takes it: the named replacement
    /// where the target serves it, else the end of its chain, else the version of the same kind that the target
    /// prefers.
    ///
    /// Nil when the kind itself is served there, or when nothing takes its place.
    public func replacement(for gvk: GroupVersionKind, at target: KubernetesVersion) -> GroupVersionKind? {
        guard let entry = lifecycle(of: gvk) else { return nil }
        var candidates: [GroupVersionKind] = []
        var seen: Set<GroupVersionKind> = [gvk]
        var next = entry.replacement
        while let candidate = next, seen.insert(candidate).inserted {
            candidates.append(candidate)
            next = lifecycle(of: candidate)?.replacement
        }
        if let last = entry.finalReplacement { candidates.append(last) }
        // Other versions of the kind, or of its successor in another group. A lower major version may be able to say
        // less (autoscaling/v1 knows no metrics), so those come last.
        let major = APIVersionPriority(gvk.version).major
        let others = (candidates + [gvk]).flatMap { lifecycles(of: $0.groupKind) }.map(\.gvk)
        candidates += others.filter { APIVersionPriority($0.version).major >= major }
        candidates += others.filter { APIVersionPriority($0.version).major < major }
        let group = candidates.filter { $0 != gvk && isServed($0, at: target) }
        if entry.isServed(at: target), !entry.isDeprecated(at: target) { return nil }
        // A served candidate that is itself deprecated there is only second best.
        return group.first { !(lifecycle(of: $0)?.isDeprecated(at: target) ?? false) } ?? group.first
    }

    /// The position of an entry; a block for every kind of a version (`*`) stands in where there is no other.
    func index(of gvk: GroupVersionKind) -> Int? {
        byKind[gvk] ?? byKind[GroupVersionKind(group: gvk.group, version: gvk.version, kind: "*")]
    }
}
