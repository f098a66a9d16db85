public import Manifests

/// What the catalog knows besides the lifecycle of built-in APIs.
public struct CatalogFacts: Sendable {
    /// Changes of behaviour, by release.
    public private(set) var behaviours: [BehaviourChange]
    /// Fields that came, left, became required or were deprecated.
    public private(set) var fieldChanges: [FieldChange]
    /// Where shared types such as PodSpec stand.
    public private(set) var mounts: [TypeMount]
    /// Custom resources of well-known projects.
    public private(set) var ecosystem: [EcosystemAPI]
    /// Which releases of a project go with which Kubernetes.
    public private(set) var compatibility: [CompatibilityTable]
    /// How far apart the versions of Kubernetes' parts may be.
    public private(set) var skew: VersionSkew
    /// Until when a release is looked after, and by whom.
    public private(set) var support: [SupportWindow]

    /// The texts that the facts were read from, in order; they identify them.
    private(set) var sources: [String] = []

    private var behavioursByID: [String: Int] = [:]
    private var fieldsByOwner: [FieldChange.Owner: [FieldChange]] = [:]
    private var mountsByKind: [GroupKind: [Int]] = [:]
    private var probesByObject: [GroupKind: [ProbeReference]] = [:]
    private var probesByPlace: [ProbePlace: [ProbeReference]] = [:]
    private var ecosystemByKind: [GroupVersionKind: Int] = [:]

    /// Nothing but the API lifecycle.
    public static let none = CatalogFacts(
        behaviours: [], fieldChanges: [], mounts: [], ecosystem: [], compatibility: [], skew: VersionSkew(),
        support: [])

    /// The facts compiled into the program.
    ///
    /// Read at first use.
    public static let builtIn: CatalogFacts = {
        do {
            return try CatalogFacts(
                fields: FieldText.lines, behaviours: BehaviourText.lines, ecosystem: EcosystemText.lines,
                support: SupportText.lines)
        } catch {
            preconditionFailure("the built-in facts: \(error)")
        }
    }()

    /// Takes facts as they are; of two with the same name the later one counts.
    public init(
        behaviours: [BehaviourChange], fieldChanges: [FieldChange], mounts: [TypeMount], ecosystem: [EcosystemAPI],
        compatibility: [CompatibilityTable], skew: VersionSkew, support: [SupportWindow]
    ) {
        self.behaviours = behaviours
        self.fieldChanges = fieldChanges
        self.mounts = mounts
        self.ecosystem = ecosystem
        self.compatibility = compatibility
        self.skew = skew
        self.support = support
        index()
    }

    /// Reads texts in the forms of the data files; an empty text adds nothing.
    public init(
        fields: String = "", behaviours: String = "", ecosystem: String = "", support: String = ""
    ) throws(CatalogError) {
        let texts = [fields, behaviours, ecosystem, support]
        let fields = try FieldParser.parse(fields, file: "fields.txt")
        let projects = try EcosystemParser.parse(ecosystem, file: "ecosystem.txt")
        let support = try SupportParser.parse(support, file: "support.txt")
        self.init(
            behaviours: try BehaviourParser.parse(behaviours, file: "behaviours.txt"), fieldChanges: fields.changes,
            mounts: fields.mounts, ecosystem: projects.apis, compatibility: projects.tables, skew: support.skew,
            support: support.windows)
        sources = texts.filter { !$0.isEmpty }
    }

    /// These facts with others laid over them: what has the same name is replaced, the rest is added.
    public func overlaid(with other: CatalogFacts) -> CatalogFacts {
        let ids = Set(other.behaviours.map(\.id))
        let kinds = Set(other.ecosystem.map(\.gvk))
        let projects = Set(other.compatibility.map(\.project))
        let fields = Set(other.fieldChanges.map(\.id))
        var skew = skew
        let components = Set(other.skew.rules.map(\.component))
        skew.rules = skew.rules.filter { !components.contains($0.component) } + other.skew.rules
        skew.remarks = skew.remarks.filter { !components.contains($0.component) } + other.skew.remarks
        if !other.skew.order.isEmpty { skew.order = other.skew.order }
        skew.shipped.merge(other.skew.shipped) { $0.merging($1) { $1 } }
        let windows = Set(other.support.map { "\($0.provider) \($0.version)" })
        var combined = CatalogFacts(
            behaviours: behaviours.filter { !ids.contains($0.id) } + other.behaviours,
            fieldChanges: fieldChanges.filter { !fields.contains($0.id) } + other.fieldChanges,
            mounts: mounts + other.mounts.filter { !mounts.contains($0) },
            ecosystem: ecosystem.filter { !kinds.contains($0.gvk) } + other.ecosystem,
            compatibility: compatibility.filter { !projects.contains($0.project) } + other.compatibility,
            skew: skew,
            support: support.filter { !windows.contains("\($0.provider) \($0.version)") } + other.support)
        combined.sources = sources + other.sources
        return combined
    }

    private mutating func index() {
        for (index, change) in behaviours.enumerated() {
            behavioursByID[change.id] = index
            for (place, probe) in change.probes.enumerated() where probe.told == nil {
                let reference = ProbeReference(change: index, probe: place)
                if case .object(let group, _, let kind) = probe.carrier {
                    probesByObject[GroupKind(group: group, kind: kind), default: []].append(reference)
                } else if let place = ProbePlace(probe.carrier) {
                    probesByPlace[place, default: []].append(reference)
                }
            }
        }
        for change in fieldChanges { fieldsByOwner[change.owner, default: []].append(change) }
        for (index, mount) in mounts.enumerated() {
            mountsByKind[GroupKind(group: mount.group, kind: mount.kind), default: []].append(index)
        }
        for (index, api) in ecosystem.enumerated() { ecosystemByKind[api.gvk] = index }
    }

    /// One way of recognising one change, by its place in ``behaviours``.
    public struct ProbeReference: Sendable, Hashable {
        public let change: Int
        public let probe: Int

        public init(change: Int, probe: Int) {
            self.change = change
            self.probe = probe
        }
    }

    /// Where probes look that are not bound to one kind of object.
    public enum ProbePlace: Sendable, Hashable, CaseIterable {
        case anyObject, pod, podMetadata, staticPod, configuration, kubeconfig, flag

        init?(_ carrier: Probe.Carrier) {
            switch carrier {
            case .object: return nil
            case .anyObject: self = .anyObject
            case .pod: self = .pod
            case .podMetadata: self = .podMetadata
            case .staticPod: self = .staticPod
            case .configuration: self = .configuration
            case .kubeconfig: self = .kubeconfig
            case .flag: self = .flag
            }
        }
    }

    /// What is looked for in objects of a kind, whatever the version.
    public func probes(in kind: GroupKind) -> [ProbeReference] { probesByObject[kind] ?? [] }

    /// What is looked for at a place that is not bound to one kind.
    public func probes(in place: ProbePlace) -> [ProbeReference] { probesByPlace[place] ?? [] }

    /// The change of behaviour of that id.
    public func behaviour(_ id: String) -> BehaviourChange? { behavioursByID[id].map { behaviours[$0] } }

    /// The changes of a kind's own fields, or of a shared type's.
    public func fieldChanges(of owner: FieldChange.Owner) -> [FieldChange] {
        fieldsByOwner[owner] ?? []
    }

    /// Where shared types stand in a kind at a version.
    public func mounts(in gvk: GroupVersionKind) -> [TypeMount] {
        let own = mountsByKind[gvk.groupKind] ?? []
        let every = mountsByKind[GroupKind(group: "*", kind: "*")] ?? []
        return (own + every).map { mounts[$0] }.filter { $0.version.map { $0 == gvk.version } ?? true }
    }

    /// All changes of fields of a kind at a version, those of shared types at the places where they stand in it.
    public func fieldChanges(in gvk: GroupVersionKind) -> [FieldChange] {
        fieldChanges(of: .kind(gvk))
            + mounts(in: gvk).flatMap { mount in
                fieldChanges(of: .shared(mount.name)).map { change in
                    var change = change
                    change.path = mount.path.appending(change.path)
                    return change
                }
            }
    }

    /// What is known of a custom resource at a version.
    public func ecosystem(of gvk: GroupVersionKind) -> EcosystemAPI? { ecosystemByKind[gvk].map { ecosystem[$0] } }

    /// Which releases of a project go with which Kubernetes.
    public func compatibility(of project: String) -> CompatibilityTable? {
        compatibility.first { $0.project == project }
    }

    /// Until when a release of Kubernetes is looked after, by everyone known.
    public func support(of version: KubernetesVersion) -> [SupportWindow] {
        support.filter { $0.version == version }
    }
}
