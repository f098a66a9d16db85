public import Catalog
public import KubeAPI
public import Manifests

/// What became of an inventory that was written to disk as it was read.
public struct InventoryRecord: Sendable {
    public var cluster: InventoryCluster
    public var count: Int
    /// What could not be seen, one sentence each.
    public var notSeen: [String]
    public var digest: Digest
    /// Resources that an earlier, interrupted reading had already brought.
    public var resumed: Int
}

/// Why an inventory could not be recorded.
public enum InventoryRecordingError: Error, Sendable {
    /// The cluster did not answer; what was read so far is kept, to go on from.
    case cluster(KubeError)
    /// The folder cannot be written.
    case folder(InventoryError)
}

extension InventorySource {
    /// Reads every listable resource of a cluster once, page by page, into a folder: the same inventory, byte for byte,
    /// as ``cluster(_:name:server:takenAt:target:catalog:secrets:progress:)`` gives, without holding it.
    ///
    /// In memory stand one page, and of each object its name.
    ///
    /// - Parameters:
    ///   - evidence: what the server told of itself before; kept with the objects. Where reading goes on, that of its
    ///     beginning stands, because reading asks for deprecated APIs too.
    ///   - resuming: go on where an interrupted reading of the same cluster into the same folder stopped.
    public static func record(
        _ client: KubeClient, name: String, server: String? = nil, takenAt: String, target: KubernetesVersion?,
        catalog: Catalog = .builtIn, secrets: SecretHandling, into directory: String, resuming: Bool = false,
        evidence: ServerEvidence? = nil, progress: (InventoryProgress) -> Void = { _ in }
    ) async throws(InventoryRecordingError) -> InventoryRecord {
        let version: KubernetesVersion
        let uid: String?
        let discovery: Discovery
        do throws(KubeError) {
            version = try await client.serverVersion().version
            uid = try await identity(of: client)
            discovery = try await client.discover()
        } catch { throw .cluster(error) }
        let cluster = InventoryCluster(name: name, uid: uid, version: version, server: server)
        let subject = InventorySpool.Subject(
            cluster: cluster, target: target, digestKeyID: secrets.keyID, apis: discovery.groupVersions.sorted())
        var spool: InventorySpool
        do throws(InventoryError) {
            spool = try InventorySpool(directory, subject: subject, takenAt: takenAt, resuming: resuming)
        } catch { throw .folder(error) }
        let resumed = spool.done.count
        if resumed == 0 {
            spool.evidence = evidence
            spool.notSeen = (uid == nil ? [unidentified] : []) + discovery.unavailable.map(Self.unavailable)
        }
        let resources = resources(in: discovery, target: target, catalog: catalog)
        for (index, resource) in resources.enumerated() where spool.done["\(resource.gvk)"] == nil {
            progress(
                InventoryProgress(
                    resource: resource.gvk, done: index, total: resources.count, objects: spool.entries.count))
            try await record(resource, of: client, secrets, into: &spool)
        }
        do throws(InventoryError) {
            let (count, digest) = try spool.write(to: directory)
            return InventoryRecord(
                cluster: cluster, count: count, notSeen: spool.notSeen.sorted(), digest: digest, resumed: resumed)
        } catch { throw .folder(error) }
    }

    private static func record(
        _ resource: APIResource, of client: KubeClient, _ secrets: SecretHandling, into spool: inout InventorySpool
    ) async throws(InventoryRecordingError) {
        var part: InventorySpool.Part
        do throws(InventoryError) { part = try spool.begin() } catch { throw .folder(error) }
        var walk = client.walk(resource)
        while true {
            let step: ListWalk.Step?
            do throws(KubeError) { step = try await walk.next() } catch {
                guard let reason = tolerable(error) else { throw .cluster(error) }
                spool.notSeen.append("\(resource.gvk): \(reason)")
                // A list that was refused half-way is no list.
                do throws(InventoryError) { part = try spool.begin() } catch { throw .folder(error) }
                break
            }
            guard let step else { break }
            do throws(InventoryError) {
                switch step {
                case .restart: part = try spool.begin()
                case .page(let page):
                    for object in page.items { try spool.add(object, kept: kept(object, secrets), to: &part) }
                }
            } catch { throw .folder(error) }
        }
        do throws(InventoryError) { try spool.finish(part, of: "\(resource.gvk)") } catch { throw .folder(error) }
    }

    static func unavailable(_ groupVersion: String) -> String { "\(groupVersion): announced, but does not answer" }
}
