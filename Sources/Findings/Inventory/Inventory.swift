public import Manifests

/// Which cluster, or tree of manifests, an inventory was taken from.
public struct InventoryCluster: Sendable, Hashable {
    /// How people call it: the kubeconfig context, or a name given for a tree of manifests.
    public var name: String
    /// UID of the namespace `kube-system`; nil where no cluster was asked.
    public var uid: String?
    public var version: KubernetesVersion
    /// The API server's URL, for people.
    public var server: String?

    public init(name: String, uid: String?, version: KubernetesVersion, server: String? = nil) {
        self.name = name
        self.uid = uid
        self.version = version
        self.server = server
    }
}

/// One object of an inventory and where it was read.
public struct InventoryObject: Sendable, Hashable {
    public var object: KubeObject
    /// Where it stands in a file; nil for objects that came from a server.
    public var location: SourceLocation?

    public init(_ object: KubeObject, location: SourceLocation? = nil) {
        self.object = object
        self.location = location
    }
}

/// Everything read from a cluster or a tree of manifests, normalised.
///
/// Invariant: objects ascend by reference and then by kind, whatever order they were read in, so that the same
/// cluster gives the same bytes and the same digest. The digest covers everything but `takenAt`, `evidence` and where in
/// files objects stood: two readings of an unchanged cluster agree.
public struct Inventory: Sendable {
    public let cluster: InventoryCluster
    /// When it was read, RFC 3339 in UTC; handed in, for this room never reads the clock.
    public let takenAt: String
    /// The served `group/version`s, sorted; empty where no server was asked.
    public let apis: [String]
    public let objects: [InventoryObject]
    /// What could not be seen, one sentence each, such as a resource that may not be listed.
    public let notSeen: [String]
    /// What the Helm releases among the Secrets install, read before their data was redacted.
    public let helmReleases: [HelmRelease]
    /// When the certificates among the Secrets end, read before their data was redacted.
    public let certificates: [CertificateFact]
    /// What the server told of itself before it was read; nil where it was not asked.
    ///
    /// Not in the digest: who asks for what changes while the cluster stays as it is.
    public let evidence: ServerEvidence?
    /// Names the key that Secret data was digested with; nil when Secrets are whole.
    public let digestKeyID: String?
    public let digest: Digest

    private let positions: [ObjectReference: [Int]]
    private let kinds: [GroupKind: [Int]]

    /// Puts the objects in order and indexes them.
    public init(
        cluster: InventoryCluster, takenAt: String, apis: [String] = [], objects: [InventoryObject],
        notSeen: [String] = [], helmReleases: [HelmRelease] = [], certificates: [CertificateFact] = [],
        evidence: ServerEvidence? = nil, digestKeyID: String? = nil
    ) {
        let keyed = objects.map { (reference: $0.object.reference, gvk: $0.object.gvk, value: $0) }
        let objects = keyed.enumerated().sorted { a, b in
            if a.element.reference != b.element.reference { return a.element.reference < b.element.reference }
            if a.element.gvk != b.element.gvk { return a.element.gvk < b.element.gvk }
            return a.offset < b.offset
        }.map(\.element.value)
        self.cluster = cluster
        self.takenAt = takenAt
        self.apis = apis.sorted()
        self.objects = objects
        self.notSeen = notSeen.sorted()
        self.helmReleases = helmReleases.sorted()
        self.certificates = certificates.sorted()
        self.evidence = evidence
        self.digestKeyID = digestKeyID
        var positions: [ObjectReference: [Int]] = [:]
        var kinds: [GroupKind: [Int]] = [:]
        for (index, entry) in objects.enumerated() {
            positions[entry.object.reference, default: []].append(index)
            kinds[entry.object.gvk.groupKind, default: []].append(index)
        }
        self.positions = positions
        self.kinds = kinds
        digest = Self.digest(
            cluster: cluster, apis: self.apis, notSeen: self.notSeen, releases: self.helmReleases,
            certificates: self.certificates, objects: objects)
    }

    /// The object of that name, at whatever version it was read; the first when files hold several.
    public subscript(reference: ObjectReference) -> InventoryObject? {
        positions[reference]?.first.map { objects[$0] }
    }

    /// All objects of a kind, at whatever version, in the inventory's order.
    public func objects(of kind: GroupKind) -> [InventoryObject] {
        (kinds[kind] ?? []).map { objects[$0] }
    }

    /// All objects of a kind in one namespace.
    public func objects(of kind: GroupKind, in namespace: String?) -> [InventoryObject] {
        objects(of: kind).filter { $0.object.namespace == namespace }
    }

    /// The kinds that occur, ascending.
    public var occurringKinds: [GroupKind] { kinds.keys.sorted() }

    private static func digest(
        cluster: InventoryCluster, apis: [String], notSeen: [String], releases: [HelmRelease],
        certificates: [CertificateFact], objects: [InventoryObject]
    ) -> Digest {
        var bytes = digestHead(
            cluster: cluster, apis: apis, notSeen: notSeen, releases: releases, certificates: certificates)
        for entry in objects {
            bytes.append(UInt8(ascii: "\n"))
            bytes += entry.object.json.canonicalBytes
        }
        return .sha256(bytes)
    }

    /// What the digest covers before the objects; all lists ascending.
    static func digestHead(
        cluster: InventoryCluster, apis: [String], notSeen: [String], releases: [HelmRelease],
        certificates: [CertificateFact]
    ) -> [UInt8] {
        var head: JSONValue = [
            "name": .string(cluster.name), "uid": cluster.uid.map(JSONValue.string) ?? .null,
            "version": .string(cluster.version.description),
            "apis": .array(apis.map(JSONValue.string)), "notSeen": .array(notSeen.map(JSONValue.string)),
            "helmReleases": .array(releases.map(\.json)),
        ]
        // Inventories from before certificates were kept have the digests they had.
        if !certificates.isEmpty { head["certificates"] = .array(certificates.map(\.json)) }
        return head.canonicalBytes
    }
}
