public import Catalog
public import HTTP
public import Manifests

/// A simulated Kubernetes cluster: an API server of one minor version with its objects, small controllers and clock.
///
/// A value: a copy is independent and free, and a change after a copy costs what it changes. Everything it does
/// follows from its own state and the requests it gets — uids and generated names come from the seed, time from
/// ``advance(to:)`` — so that equal histories give equal bytes.
public struct SimWorld: Sendable {
    /// The minor version served.
    public let version: KubernetesVersion
    /// A name for people; it is not part of the cluster.
    public let name: String
    /// Virtual time, in seconds since 1970.
    public internal(set) var now: Int

    /// When the world began: its controllers do not make up for what lies before.
    let began: Int
    let apis: BuiltInAPIs
    let stored: StoredVersions
    var customResources = CustomResources()
    var store: ObjectStore
    var random: SeededRandom
    /// When the controllers look at an object next.
    var due = Agenda()
    var ledger = WorkLedger()
    /// The deprecated APIs that were asked for, as `/metrics` tells them.
    var requestedDeprecatedAPIs: Set<RequestedDeprecatedAPI> = []

    /// An empty cluster: the namespaces and objects that every cluster has, and nothing else.
    ///
    /// - Parameters:
    ///   - version: which minor to be.
    ///   - name: for people.
    ///   - uid: the uid of namespace `kube-system`, which identifies a cluster; drawn from the seed when nil.
    ///   - seed: decides all uids and generated names.
    ///   - catalog: says which APIs that minor serves.
    ///   - now: the time at which the world begins, in seconds since 1970.
    public init(
        version: KubernetesVersion, name: String, uid: String? = nil, seed: UInt64, catalog: Catalog = .builtIn,
        now: Int
    ) {
        self.version = version
        self.name = name
        self.now = now
        began = now
        apis = BuiltInAPIs(catalog: catalog, version: version)
        stored = StoredVersions(apis: apis)
        store = ObjectStore(firstRevision: 100, retainedChanges: 20_000)
        random = SeededRandom(seed: seed)
        bootstrap(kubeSystemUID: uid)
        settle()
    }

    /// Everything stored, at the storage version: by namespace, kind and name.
    public var objects: [KubeObject] {
        // References are read out of each object once, and not at every comparison.
        store.kinds.flatMap { store.list($0).map { (reference: $0.object.reference, object: $0.object) } }
            .sorted { $0.reference < $1.reference }.map(\.object)
    }

    /// The object of that reference as it is stored; nil when there is none.
    public subscript(reference: ObjectReference) -> KubeObject? {
        store[StorageKey(kind: reference.kind, namespace: reference.namespace ?? "", name: reference.name)]
    }

    /// The uid of namespace `kube-system`: the cluster's identity.
    public var uid: String {
        store[StorageKey(kind: .namespace, namespace: "", name: "kube-system")]?.uid ?? ""
    }

    /// The revision of the newest change, as lists report it.
    public var resourceVersion: Int { store.revision }

    /// One digest over all objects: equal digests mean equal clusters, up to resourceVersions and bookkeeping of
    /// field managers.
    public var contentDigest: Digest {
        Digest(
            of: .array(
                objects.map { object in
                    var object = object
                    object["metadata.resourceVersion"] = nil
                    object["metadata.managedFields"] = nil
                    return object.json
                }))
    }

    /// Answers one request.
    ///
    /// Refusals are answers too; a request that is refused changes nothing.
    ///
    /// A watch is answered with the events up to now, as if its time had run out at once; ``SimTransport`` streams.
    public mutating func handle(_ request: HTTPRequest) -> HTTPResponse {
        settle()
        let before = self
        do throws(APIStatus) {
            let answer = try respond(to: request)
            settle()
            return answer
        } catch {
            self = before
            return error.response
        }
    }
}

extension GroupKind {
    static let namespace = GroupKind(group: "", kind: "Namespace")
    static let customResourceDefinition = GroupKind(
        group: "apiextensions.k8s.io", kind: "CustomResourceDefinition")
}
