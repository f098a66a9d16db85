public import KubeAPI
public import Manifests
import Synchronization

/// One cluster over KubeAPI.
///
/// Discovery is read once and again whenever a kind is missing, because custom resource definitions come into being
/// while a plan runs.
public final class KubeCluster: ClusterAPI {
    /// The field manager under which everything is written.
    public static let fieldManager = "kirikae"

    let client: KubeClient
    private let known = Mutex<Discovery?>(nil)

    public init(_ client: KubeClient) { self.client = client }

    public func facts() async throws(StepFailure) -> ClusterFacts {
        do throws(KubeError) {
            let uid = try await client.clusterUID()
            let version = try await client.serverVersion().version
            return ClusterFacts(uid: uid, version: version, apis: try await discover().digest)
        } catch { throw StepFailure(error) }
    }

    public func read(_ object: ObjectReference, apiVersion: String?) async throws(StepFailure) -> KubeObject? {
        let resource = try await resource(object.kind, apiVersion: apiVersion)
        do throws(KubeError) {
            return try await client.getIfPresent(resource, namespace: object.namespace, name: object.name)
        } catch { throw StepFailure(error) }
    }

    public func list(
        _ kind: GroupKind, namespace: String?, apiVersion: String?
    ) async throws(StepFailure) -> [KubeObject] {
        let resource = try await resource(kind, apiVersion: apiVersion)
        do throws(KubeError) {
            // A list of everything is only asked for by those who want most of it; pages keep each answer small.
            return try await client.listAll(resource, namespace: namespace, options: ListOptions(limit: 500)).items
        } catch { throw StepFailure(error) }
    }

    public func namespacedKinds() async throws(StepFailure) -> [GroupKind] {
        do throws(KubeError) {
            var discovery = known.withLock { $0 }
            if discovery == nil { discovery = try await discover() }
            return (discovery?.preferredResources ?? [])
                .filter { $0.namespaced && $0.verbs.contains("list") && $0.verbs.contains("delete") }
                .map(\.gvk.groupKind)
        } catch { throw StepFailure(error) }
    }

    public func create(_ object: KubeObject) async throws(StepFailure) -> KubeObject {
        let resource = try await resource(object.gvk.groupKind, apiVersion: object.gvk.apiVersion)
        do throws(KubeError) {
            return try await client.create(
                object, as: resource, options: WriteOptions(fieldManager: Self.fieldManager))
        } catch { throw StepFailure(error, writing: object.gvk.groupKind) }
    }

    public func merge(
        _ patch: JSONValue, into object: ObjectReference, apiVersion: String
    )
        async throws(StepFailure) -> KubeObject
    {
        let resource = try await resource(object.kind, apiVersion: apiVersion)
        do throws(KubeError) {
            return try await client.patch(
                .merge(patch), namespace: object.namespace, name: object.name, as: resource,
                options: WriteOptions(fieldManager: Self.fieldManager))
        } catch { throw StepFailure(error, writing: object.kind) }
    }

    public func delete(
        _ object: ObjectReference, apiVersion: String?, uid: String, resourceVersion: String?
    ) async throws(StepFailure) {
        let resource = try await resource(object.kind, apiVersion: apiVersion)
        do throws(KubeError) {
            _ = try await client.delete(
                resource, namespace: object.namespace, name: object.name,
                options: DeleteOptions(uid: uid, resourceVersion: resourceVersion, propagation: .background))
        } catch {
            if error.code == .notFound { return }
            throw StepFailure(error)
        }
    }

    private func discover() async throws(KubeError) -> Discovery {
        let discovery = try await client.discover()
        known.withLock { $0 = discovery }
        return discovery
    }

    private func resource(_ kind: GroupKind, apiVersion: String?) async throws(StepFailure) -> APIResource {
        let first = known.withLock { $0 }
        if let found = first.flatMap({ Self.resource(kind, apiVersion, in: $0) }) { return found }
        do throws(KubeError) {
            if let found = Self.resource(kind, apiVersion, in: try await discover()) { return found }
        } catch { throw StepFailure(error) }
        var failure = StepFailure(
            .notSent, "\(client.cluster): does not serve \(kind)\(apiVersion.map { " at \($0)" } ?? "") (yet)")
        failure.isUnknownKind = true
        throw failure
    }

    private static func resource(_ kind: GroupKind, _ apiVersion: String?, in discovery: Discovery) -> APIResource? {
        guard let apiVersion else { return discovery.resources(for: kind).first }
        return discovery.resource(for: GroupVersionKind(apiVersion: apiVersion, kind: kind.kind))
    }
}

extension StepFailure {
    /// What KubeAPI says about a write.
    ///
    /// Servers and webhooks quote what they refuse, and the message goes into the journal: for Secrets only what is
    /// not the server's own words stays.
    init(_ error: KubeError, writing kind: GroupKind) {
        var error = error
        if kind == GroupKind(group: "", kind: "Secret"), error.status != nil {
            error.message = "refused; the server's words are left out, since they may quote the Secret"
            error.causes = []
        }
        self.init(error)
    }

    /// What KubeAPI says about one call.
    init(_ error: KubeError) {
        let kind: Kind =
            switch error.retryClass {
            case .notSent: .notSent
            case .throttled: .throttled
            case .server: .server
            case .conflict: .conflict
            case .ambiguous: .ambiguous
            case .permanent: .permanent
            }
        self.init(
            kind, error.description, retryAfter: error.retryAfter,
            isRefused: error.code == .unauthorized || error.code == .forbidden)
    }
}
