import FoundationEssentials
public import Manifests

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The directory form: `inventory.yaml` says what it is of, the objects stand beside it in `objects.jsonl`, or, where
/// people write them, in any manifests under `objects/`.
extension Inventory {
    /// The format this tool writes; it reads every older one.
    public static let currentFormat: Int64 = 1

    /// Reads an inventory directory.
    ///
    /// `digest` and `count` are optional, for inventories written by hand; where they stand they must be right.
    public static func read(directory: String) throws(InventoryError) -> Inventory {
        let file = "\(directory)/inventory.yaml"
        guard FileManager.default.fileExists(atPath: file) else {
            throw InventoryError(
                .missing, "no inventory here: kirikae inventory --context CONTEXT --out \(directory) makes one",
                at: SourceLocation(file: file, line: 1, column: 1))
        }
        let head = ManifestLoader().load([file])
        if let error = head.errors.first { throw InventoryError(.malformed, error.message, at: error.location) }
        guard let loaded = head.objects.first, head.objects.count == 1,
            loaded.object.gvk == GroupVersionKind(group: "kirikae.dev", version: "v1", kind: "Inventory")
        else {
            throw InventoryError(
                .malformed, "expected one document of kirikae.dev/v1 Inventory",
                at: SourceLocation(file: file, line: 1, column: 1))
        }
        let paths = ["\(directory)/objects.jsonl", "\(directory)/objects"].filter {
            FileManager.default.fileExists(atPath: $0)
        }
        guard !paths.isEmpty else {
            throw InventoryError(
                .missing, "neither objects.jsonl nor objects/ stands beside it", at: loaded.location)
        }
        let report = ManifestLoader().load(paths)
        if let error = report.errors.first { throw InventoryError(.malformed, error.message, at: error.location) }
        return try InventoryHead(loaded).inventory(of: report)
    }

    /// Writes an inventory directory, making it where it does not exist; files of an earlier inventory are replaced.
    public func write(to directory: String) throws(InventoryError) {
        var isDirectory = false
        if FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), !isDirectory {
            throw InventoryError(.unwritable, "cannot write the inventory to \(directory): it is a file, not a folder")
        }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            var lines: [UInt8] = []
            for entry in objects {
                lines += entry.object.json.canonicalBytes
                lines.append(UInt8(ascii: "\n"))
            }
            // The objects first: a head without its objects would look whole.
            try Data(lines).write(to: URL(filePath: "\(directory)/objects.jsonl"), options: .atomic)
            let head = YAML.text(json, keyOrder: InventoryHead.keyOrder)
            try Data(head.utf8).write(to: URL(filePath: "\(directory)/inventory.yaml"), options: .atomic)
        } catch {
            throw InventoryError(.unwritable, "cannot write the inventory to \(directory): \(Self.reason(error))")
        }
    }

    /// What the system says of it, where it said something.
    private static func reason(_ error: any Error) -> String {
        guard let system = (error as? CocoaError)?.underlying as? POSIXError else { return "\(error)" }
        return String(cString: strerror(system.code.rawValue))
    }

    /// The content of `inventory.yaml`.
    public var json: JSONValue {
        Self.head(
            cluster: cluster, takenAt: takenAt, apis: apis, count: objects.count, digest: digest, notSeen: notSeen,
            releases: helmReleases, certificates: certificates, evidence: evidence, digestKeyID: digestKeyID)
    }

    /// The content of `inventory.yaml` from its parts; all lists ascending.
    static func head(
        cluster: InventoryCluster, takenAt: String, apis: [String], count: Int, digest: Digest, notSeen: [String],
        releases: [HelmRelease], certificates: [CertificateFact], evidence: ServerEvidence?, digestKeyID: String?
    ) -> JSONValue {
        var identity: JSONObject = [
            "name": .string(cluster.name), "version": .string(cluster.version.description),
        ]
        identity["uid"] = cluster.uid.map(JSONValue.string)
        identity["server"] = cluster.server.map(JSONValue.string)
        var members: JSONObject = [
            "apiVersion": "kirikae.dev/v1", "kind": "Inventory", "format": .integer(Self.currentFormat),
            "cluster": .object(identity), "takenAt": .string(takenAt), "apis": .array(apis.map(JSONValue.string)),
            "count": .integer(Int64(count)), "digest": .string(digest.description),
            "notSeen": .array(notSeen.map(JSONValue.string)), "helmReleases": .array(releases.map(\.json)),
        ]
        members["digestKey"] = digestKeyID.map(JSONValue.string)
        if !certificates.isEmpty { members["certificates"] = .array(certificates.map(\.json)) }
        if let evidence {
            members["requestedAPIs"] = .array(evidence.requested.map(\.json))
            if !evidence.notSeen.isEmpty {
                members["requestedAPIsNotSeen"] = .array(evidence.notSeen.map(JSONValue.string))
            }
        }
        return .object(members)
    }

    static var headKeyOrder: [String] { InventoryHead.keyOrder }
}

/// The content of an `inventory.yaml`, with the places of what is wrong in it.
private struct InventoryHead {
    static let keyOrder = [
        "apiVersion", "kind", "format", "cluster", "name", "uid", "version", "server", "takenAt", "count", "digest",
        "digestKey", "notSeen", "apis", "helmReleases", "secret", "revision", "status", "items", "namespace", "line",
        "certificates", "holder", "path", "role", "subject", "notAfter", "renewer", "problem", "requestedAPIs", "group",
        "resource", "subresource", "removedRelease", "requestedAPIsNotSeen",
    ]

    private static let members: Set<String> = [
        "apiVersion", "kind", "metadata", "format", "cluster", "takenAt", "apis", "count", "digest", "notSeen",
        "digestKey", "helmReleases", "certificates", "requestedAPIs", "requestedAPIsNotSeen",
    ]

    let loaded: LoadedObject

    init(_ loaded: LoadedObject) { self.loaded = loaded }

    func inventory(of report: LoadReport) throws(InventoryError) -> Inventory {
        let head = loaded.object
        let format = head["format"]?.integer ?? 1
        guard format <= Inventory.currentFormat else {
            throw error(.newerFormat, "format \(format) was written by a later kirikae; update this one", "format")
        }
        for member in head.json.object ?? [:] where !Self.members.contains(member.key) {
            throw error(.malformed, "unknown member \(member.key)", FieldPath([.member(member.key)]))
        }
        guard let name = head["cluster.name"]?.string else {
            throw error(.malformed, "cluster.name is missing", "cluster")
        }
        guard let version = text("cluster.version").flatMap({ KubernetesVersion($0) }) else {
            throw error(.malformed, "cluster.version must be a Kubernetes version such as \"1.24\"", "cluster.version")
        }
        var releases: [HelmRelease] = []
        for (index, json) in (head["helmReleases"]?.array ?? []).enumerated() {
            guard let release = HelmRelease(json) else {
                throw error(.malformed, "not a Helm release", FieldPath("helmReleases").index(index))
            }
            releases.append(release)
        }
        let kept = Set(releases.map(\.secret))
        releases += report.objects.compactMap { HelmReleaseReader.read($0.object) }.filter { !kept.contains($0.secret) }
        var certificates: [CertificateFact] = []
        for (index, json) in (head["certificates"]?.array ?? []).enumerated() {
            guard let certificate = CertificateFact(json) else {
                throw error(.malformed, "not a certificate", FieldPath("certificates").index(index))
            }
            certificates.append(certificate)
        }
        let inventory = Inventory(
            cluster: InventoryCluster(
                name: name, uid: head["cluster.uid"]?.string, version: version,
                server: head["cluster.server"]?.string),
            takenAt: head["takenAt"]?.string ?? "",
            apis: strings("apis"),
            objects: report.objects.map { InventoryObject($0.object, location: $0.location(of: "apiVersion")) },
            notSeen: strings("notSeen"), helmReleases: releases, certificates: certificates, evidence: try evidence(),
            digestKeyID: head["digestKey"]?.string)
        if let count = head["count"]?.integer, count != inventory.objects.count {
            throw error(
                .altered,
                "\(count) objects were written, \(inventory.objects.count) are here: take the inventory again",
                "count")
        }
        if let digest = head["digest"]?.string, digest != inventory.digest.description {
            throw error(
                .altered,
                "the objects are not those of this digest: take the inventory again, or remove the line to vouch for "
                    + "the change", "digest")
        }
        return inventory
    }

    private func evidence() throws(InventoryError) -> ServerEvidence? {
        guard let list = loaded.object["requestedAPIs"]?.array else { return nil }
        var requested: [ServerEvidence.RequestedAPI] = []
        for (index, json) in list.enumerated() {
            guard let request = ServerEvidence.RequestedAPI(json) else {
                throw error(.malformed, "not a requested API", FieldPath("requestedAPIs").index(index))
            }
            requested.append(request)
        }
        return ServerEvidence(requested: requested, notSeen: strings("requestedAPIsNotSeen"))
    }

    /// A version without quotes is a number in YAML: 1.30 would read as 1.3 and is refused below for want of a string.
    private func text(_ path: FieldPath) -> String? { loaded.object[path]?.string }

    private func strings(_ member: String) -> [String] {
        (loaded.object[FieldPath([.member(member)])]?.array ?? []).compactMap(\.string)
    }

    private func error(_ code: InventoryError.Code, _ message: String, _ path: FieldPath) -> InventoryError {
        InventoryError(code, message, at: loaded.location(of: path))
    }
}
