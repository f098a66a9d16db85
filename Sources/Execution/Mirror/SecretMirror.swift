import FoundationEssentials
public import KubeAPI
import Manifests
import Planning

/// A mirror in Secrets of one namespace of a cluster: the one that is not being changed, or a third.
///
/// A Secret holds at most 1 MiB, so a blob is cut into parts, one Secret each. The first part says how many there are and
/// is written last. What they hold is sealed anyhow; that they are Secrets keeps them out of most people's sight.
public struct SecretMirror: MirrorStore {
    /// The `type` of these Secrets; plans leave them out by it.
    public static let type = OwnMarks.mirrorType
    /// On each of them: `kubectl get secrets -A -l kirikae.dev/mirror` lists them.
    public static let label = "kirikae.dev/mirror"
    private static let runMark = "kirikae.dev/run"
    private static let blobMark = "kirikae.dev/blob"
    private static let partsMark = "kirikae.dev/parts"
    private static let resource = APIResource(
        gvk: GroupVersionKind(group: "", version: "v1", kind: "Secret"), plural: "secrets", namespaced: true)

    public let place: String
    private let client: KubeClient
    private let namespace: String
    private let partBytes: Int

    /// A mirror in a namespace, which must exist.
    public init(_ client: KubeClient, context: String, namespace: String) {
        self.init(client, context: context, namespace: namespace, partBytes: 512 << 10)
    }

    init(_ client: KubeClient, context: String, namespace: String, partBytes: Int) {
        self.client = client
        self.namespace = namespace
        self.partBytes = partBytes
        place = "secret:\(context)/\(namespace)"
    }

    public func put(_ name: String, of run: String, _ bytes: [UInt8]) async throws(MirrorError) {
        let count = max(1, (bytes.count + partBytes - 1) / partBytes)
        for part in (0..<count).reversed() {
            let piece = bytes[min(part * partBytes, bytes.count)..<min((part + 1) * partBytes, bytes.count)]
            var secret = KubeObject(
                Self.resource.gvk, namespace: namespace, name: Self.secret(name, of: run, part))
            secret["type"] = .string(Self.type)
            secret[FieldPath([.member("metadata"), .member("labels"), .member(Self.label)])] = "true"
            secret[annotation: Self.runMark] = run
            secret[annotation: Self.blobMark] = name
            secret[annotation: Self.partsMark] = "\(count)"
            secret["data.part"] = .string(Data(piece).base64EncodedString())
            try await write(secret)
        }
    }

    public func get(_ name: String, of run: String) async throws(MirrorError) -> [UInt8]? {
        guard let first = try await read(name, of: run, 0) else { return nil }
        let count = first[annotation: Self.partsMark].flatMap { Int($0) } ?? 1
        var bytes = try content(first)
        for part in 1..<max(1, count) {
            guard let next = try await read(name, of: run, part) else {
                throw MirrorError(.damaged, "the mirror \(place): part \(part) of \(name) of run \(run) is missing")
            }
            bytes += try content(next)
        }
        return bytes
    }

    public func remove(_ name: String, of run: String) async throws(MirrorError) {
        guard let first = try await read(name, of: run, 0) else { return }
        let count = first[annotation: Self.partsMark].flatMap { Int($0) } ?? 1
        for part in 0..<max(1, count) {
            do throws(KubeError) {
                _ = try await client.delete(
                    Self.resource, namespace: namespace, name: Self.secret(name, of: run, part))
            } catch  where error.code == .notFound {
                continue
            } catch { throw failure(error) }
        }
    }

    public func runs() async throws(MirrorError) -> [String] {
        do throws(KubeError) {
            let secrets = try await client.listAll(
                Self.resource, namespace: namespace, options: ListOptions(limit: 50, labelSelector: Self.label)
            ).items
            return Set(
                secrets.filter { $0.name.hasSuffix(".\(MirrorIndex.blob).0") }
                    .compactMap { $0[annotation: Self.runMark] }
            ).sorted()
        } catch { throw failure(error) }
    }

    private func write(_ secret: KubeObject) async throws(MirrorError) {
        do throws(KubeError) {
            guard
                let there = try await client.getIfPresent(
                    Self.resource, namespace: namespace, name: secret.name)
            else {
                _ = try await client.create(secret, as: Self.resource)
                return
            }
            guard there.json["type"]?.string == Self.type else {
                throw KubeError(
                    .conflict, "a Secret of that name is not kirikae's", verb: "replace", target: secret.name,
                    cluster: client.cluster)
            }
            var wanted = secret
            wanted["metadata.resourceVersion"] = there.resourceVersion.map(JSONValue.string)
            _ = try await client.replace(wanted, as: Self.resource)
        } catch { throw failure(error) }
    }

    private func read(_ name: String, of run: String, _ part: Int) async throws(MirrorError) -> KubeObject? {
        do throws(KubeError) {
            return try await client.getIfPresent(
                Self.resource, namespace: namespace, name: Self.secret(name, of: run, part))
        } catch { throw failure(error) }
    }

    private func content(_ secret: KubeObject) throws(MirrorError) -> [UInt8] {
        guard let text = secret["data.part"]?.string, let data = Data(base64Encoded: text) else {
            throw MirrorError(.damaged, "the mirror \(place): Secret \(secret.name) does not hold a part")
        }
        return Array(data)
    }

    private static func secret(_ blob: String, of run: String, _ part: Int) -> String {
        "kirikae.\(run).\(blob).\(part)"
    }

    private func failure(_ error: KubeError) -> MirrorError {
        switch error.retryClass {
        case .notSent, .throttled, .server, .ambiguous:
            MirrorError(.unreachable, "the mirror \(place): \(error.message)")
        case .conflict, .permanent: MirrorError(.refused, "the mirror \(place): \(error.message)")
        }
    }
}
