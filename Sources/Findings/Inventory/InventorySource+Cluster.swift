public import Catalog
public import KubeAPI
public import Manifests

/// What becomes of the data of Secrets in an inventory.
public enum SecretHandling: Sendable {
    /// Kept whole. Such an inventory is a secret itself.
    case whole
    /// Replaced by digests that only holders of the key can recompute.
    case redacted(key: [UInt8])

    /// Names the key without giving anything of it away; nil for whole Secrets.
    public var keyID: String? {
        guard case .redacted(let key) = self else { return nil }
        return Digest.keyed(Array("kirikae.dev/digest-key".utf8), key: key).short
    }
}

/// How far the reading of a cluster has come.
public struct InventoryProgress: Sendable, Hashable {
    /// The resource about to be listed.
    public var resource: GroupVersionKind
    /// Resources listed before it.
    public var done: Int
    /// Resources to list in all.
    public var total: Int
    /// Objects read so far.
    public var objects: Int
}

extension InventorySource {
    /// Reads every listable resource of a cluster once.
    ///
    /// A kind served at several versions is read at the first that the target serves too, in the server's order of
    /// preference, so that as little as possible needs converting; else at the preferred one. An object reachable
    /// under two groups (Ingress in 1.20, Event) is one object: it is kept as the first group showed it. What may not
    /// be listed or does not answer is named in `notSeen`; losing the server altogether is an error.
    ///
    /// - Parameters:
    ///   - client: speaks to the cluster.
    ///   - name: how people call the cluster.
    ///   - server: its URL, for people.
    ///   - takenAt: RFC 3339 in UTC.
    ///   - target: the release that objects shall move to; nil takes preferred versions.
    ///   - secrets: what becomes of Secret data.
    ///   - progress: told before each list.
    public static func cluster(
        _ client: KubeClient, name: String, server: String? = nil, takenAt: String, target: KubernetesVersion?,
        catalog: Catalog = .builtIn, secrets: SecretHandling,
        progress: (InventoryProgress) -> Void = { _ in }
    ) async throws(KubeError) -> Inventory {
        let version = try await client.serverVersion().version
        let uid = try await identity(of: client)
        var notSeen = uid == nil ? [unidentified] : []
        let discovery = try await client.discover()
        let resources = resources(in: discovery, target: target, catalog: catalog)
        var objects: [InventoryObject] = []
        var releases: [HelmRelease] = []
        var certificates: [CertificateFact] = []
        notSeen += discovery.unavailable.map(Self.unavailable)
        var seen: Set<String> = []
        for (index, resource) in resources.enumerated() {
            progress(
                InventoryProgress(resource: resource.gvk, done: index, total: resources.count, objects: objects.count))
            do {
                for object in try await client.listAll(resource).items {
                    if let uid = object.uid, !seen.insert(uid).inserted { continue }
                    if let release = HelmReleaseReader.read(object) { releases.append(release) }
                    if case .redacted = secrets, object.gvk.kind == "Secret" {
                        certificates += CertificateReader.read(object)
                    }
                    objects.append(InventoryObject(kept(object, secrets)))
                }
            } catch {
                guard let reason = tolerable(error) else { throw error }
                notSeen.append("\(resource.gvk): \(reason)")
            }
        }
        return Inventory(
            cluster: InventoryCluster(name: name, uid: uid, version: version, server: server), takenAt: takenAt,
            apis: discovery.groupVersions, objects: objects, notSeen: notSeen, helmReleases: releases,
            certificates: certificates, digestKeyID: secrets.keyID)
    }

    /// The cluster's UID; nil where it may not be read.
    ///
    /// A check can do without; a plan refuses whatever is not seen.
    static func identity(of client: KubeClient) async throws(KubeError) -> String? {
        do { return try await client.clusterUID() } catch {
            guard error.code == .forbidden else { throw error }
            return nil
        }
    }

    static let unidentified = "v1 Namespace kube-system: may not be read, so which cluster this is stays unknown"

    /// One resource per kind that can be listed and is stored, at the version to read it at.
    static func resources(in discovery: Discovery, target: KubernetesVersion?, catalog: Catalog) -> [APIResource] {
        var kinds: Set<GroupKind> = []
        let chosen = discovery.resources.compactMap { resource -> APIResource? in
            let kind = resource.gvk.groupKind
            guard kinds.insert(kind).inserted else { return nil }
            let versions = discovery.resources(for: kind).filter { $0.allows("list") && isStored($0, catalog) }
            guard let target else { return versions.first }
            return versions.first { catalog.isServed($0.gvk, at: target) } ?? versions.first
        }
        // `extensions` last: whatever it still shows has a home in another group.
        return chosen.filter { $0.gvk.group != "extensions" } + chosen.filter { $0.gvk.group == "extensions" }
    }

    /// Whether lists of it hold objects; measurements and answers are made up at the moment they are asked for.
    private static func isStored(_ resource: APIResource, _ catalog: Catalog) -> Bool {
        if resource.gvk.group == "metrics.k8s.io" || resource.gvk.group.hasSuffix(".metrics.k8s.io") { return false }
        guard let entry = catalog.lifecycle(of: resource.gvk) else { return true }
        return entry.kindClass == .resource
    }

    static func kept(_ object: KubeObject, _ secrets: SecretHandling) -> KubeObject {
        guard case .redacted(let key) = secrets else { return object }
        return SecretRedaction.redact(object, key: key)
    }

    /// Why one list may fail without the inventory failing; nil when it may not.
    static func tolerable(_ error: KubeError) -> String? {
        switch error.code {
        case .forbidden: "may not be listed with these credentials (verbs get and list are needed)"
        case .notFound: "gone since discovery"
        case .invalid where error.status == 405: "cannot be listed"
        case .unavailable where error.status == 503: "its server does not answer"
        default: nil
        }
    }
}
