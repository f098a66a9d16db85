public import Manifests
public import Planning

/// What a run asks of one cluster.
///
/// ``KubeCluster`` carries it out over KubeAPI; tests replace it.
///
/// No method retries. Every failure says what is known about its effect (``StepFailure/Kind``).
public protocol ClusterAPI: Sendable {
    /// Who this cluster is, read afresh.
    func facts() async throws(StepFailure) -> ClusterFacts

    /// The object, or nil when there is none. Read through `apiVersion` where one is given, else through the version
    /// that the server prefers. A kind that the server does not serve is a permanent failure, not an absence.
    func read(_ object: ObjectReference, apiVersion: String?) async throws(StepFailure) -> KubeObject?

    /// All objects of a kind, in one namespace or everywhere, through `apiVersion` as with ``read(_:apiVersion:)``.
    func list(_ kind: GroupKind, namespace: String?, apiVersion: String?) async throws(StepFailure) -> [KubeObject]

    /// The namespaced kinds whose objects can be listed and deleted, in stable order.
    func namespacedKinds() async throws(StepFailure) -> [GroupKind]

    /// Creates the object; a conflict when one of that name exists.
    func create(_ object: KubeObject) async throws(StepFailure) -> KubeObject

    /// A JSON merge patch; a `metadata.resourceVersion` in it is a precondition.
    func merge(
        _ patch: JSONValue, into object: ObjectReference, apiVersion: String
    ) async throws(StepFailure)
        -> KubeObject

    /// Of these rules the parts that the credentials do not have, one sentence each.
    func missing(_ rules: [AccessRule]) async throws(StepFailure) -> [String]

    /// Deletes exactly that object as it was read, in the background; a conflict when its UID is another, or its
    /// resourceVersion. Deleting what is gone already succeeds.
    func delete(
        _ object: ObjectReference, apiVersion: String?, uid: String, resourceVersion: String?
    ) async throws(StepFailure)
}

extension ClusterAPI {
    /// A cluster that knows no rights lacks none.
    public func missing(_ rules: [AccessRule]) async throws(StepFailure) -> [String] { [] }
}

/// What a plan is bound to, as a cluster says it now.
public struct ClusterFacts: Sendable, Hashable {
    /// UID of the namespace `kube-system`.
    public var uid: String
    public var version: KubernetesVersion
    /// Over the sorted list of served `group/version`s.
    public var apis: Digest?

    public init(uid: String, version: KubernetesVersion, apis: Digest?) {
        self.uid = uid
        self.version = version
        self.apis = apis
    }
}
