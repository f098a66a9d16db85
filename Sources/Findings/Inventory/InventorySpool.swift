import FoundationEssentials
import Manifests

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An inventory on its way to disk: one file of objects per resource, and a note of how far it has come.
///
/// Lives in `.partial` inside the inventory's folder. A crash leaves whole resources behind, which a later run may go on
/// from; a resource that was cut short begins anew. Readable by its owner only.
struct InventorySpool {
    /// What has to be the same for one reading to go on where another stopped.
    struct Subject: Equatable {
        var cluster: InventoryCluster
        var target: KubernetesVersion?
        var digestKeyID: String?
        var apis: [String]
    }

    /// Where one object stands.
    ///
    /// All that is held in memory of it.
    struct Entry {
        var reference: ObjectReference
        var gvk: GroupVersionKind
        var file: Int
        var offset: Int
        var length: Int
    }

    let folder: String
    let subject: Subject
    private(set) var takenAt: String
    /// The resources that have been read whole, each with its file's number.
    private(set) var done: [String: Int] = [:]
    private(set) var entries: [Entry] = []
    var notSeen: [String] = []
    var releases: [HelmRelease] = []
    private(set) var certificates: [CertificateFact] = []
    private(set) var seen: Set<String> = []
    /// What the server told of itself before the first object was read.
    var evidence: ServerEvidence?

    /// Begins anew, or goes on where an earlier reading of the same subject stopped.
    init(_ directory: String, subject: Subject, takenAt: String, resuming: Bool) throws(InventoryError) {
        folder = "\(directory)/.partial"
        self.subject = subject
        self.takenAt = takenAt
        if resuming, try load() { return }
        try Self.system("cannot write to \(directory)") {
            if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    // MARK: Filling

    /// One resource's objects on their way.
    struct Part {
        fileprivate let number: Int
        fileprivate let file: SpoolFile
        fileprivate var entries: [Entry] = []
        fileprivate var uids: Set<String> = []
        fileprivate var releases: [HelmRelease] = []
        fileprivate var certificates: [CertificateFact] = []
        /// Objects so far.
        var count: Int { entries.count }
    }

    /// Begins a resource.
    func begin() throws(InventoryError) -> Part {
        let number = (done.values.max() ?? -1) + 1
        return Part(number: number, file: try SpoolFile(creating: path(number)))
    }

    /// Adds one object, unless it was seen under another group.
    mutating func add(_ object: KubeObject, kept: KubeObject, to part: inout Part) throws(InventoryError) {
        if let uid = object.uid {
            guard !seen.contains(uid), part.uids.insert(uid).inserted else { return }
        }
        if let release = HelmReleaseReader.read(object) { part.releases.append(release) }
        // Read before the data is redacted; whole Secrets are read again by whoever wants to know.
        if subject.digestKeyID != nil, object.gvk.kind == "Secret" {
            part.certificates += CertificateReader.read(object)
        }
        let bytes = kept.json.canonicalBytes
        let offset = try part.file.append(bytes)
        part.entries.append(
            Entry(reference: kept.reference, gvk: kept.gvk, file: part.number, offset: offset, length: bytes.count))
    }

    /// The resource is whole.
    mutating func finish(_ part: Part, of resource: String) throws(InventoryError) {
        try part.file.close()
        done[resource] = part.number
        entries += part.entries
        seen.formUnion(part.uids)
        releases += part.releases
        certificates += part.certificates
        try note()
    }

    private func path(_ number: Int) -> String { "\(folder)/\(number).jsonl" }

    // MARK: The note

    private func note() throws(InventoryError) {
        var members: JSONObject = [
            "format": 1, "name": .string(subject.cluster.name), "version": .string(subject.cluster.version.description),
            "takenAt": .string(takenAt), "apis": .array(subject.apis.map(JSONValue.string)),
            "notSeen": .array(notSeen.map(JSONValue.string)), "helmReleases": .array(releases.map(\.json)),
            "certificates": .array(certificates.map(\.json)),
            "done": .object(JSONObject(done.map { (key: $0.key, value: JSONValue.integer(Int64($0.value))) })),
        ]
        members["uid"] = subject.cluster.uid.map(JSONValue.string)
        members["target"] = subject.target.map { .string($0.description) }
        members["digestKey"] = subject.digestKeyID.map(JSONValue.string)
        if let evidence {
            members["requestedAPIs"] = .array(evidence.requested.map(\.json))
            members["requestedAPIsNotSeen"] = .array(evidence.notSeen.map(JSONValue.string))
        }
        try SpoolFile.write(JSONValue.object(members).canonicalBytes, to: "\(folder)/state.json")
    }

    /// False when there is nothing to go on from, or it is of something else.
    private mutating func load() throws(InventoryError) -> Bool {
        guard let data = FileManager.default.contents(atPath: "\(folder)/state.json"),
            let json = try? JSONValue(parsing: Array(data)), json["format"]?.integer == 1
        else { return false }
        let words = (json["apis"]?.array ?? []).compactMap(\.string)
        // A cluster that cannot be told from another is read anew.
        guard let uid = subject.cluster.uid, json["uid"]?.string == uid, json["name"]?.string == subject.cluster.name,
            json["version"]?.string == subject.cluster.version.description,
            json["target"]?.string == subject.target?.description, json["digestKey"]?.string == subject.digestKeyID,
            words == subject.apis
        else { return false }
        takenAt = json["takenAt"]?.string ?? takenAt
        notSeen = (json["notSeen"]?.array ?? []).compactMap(\.string)
        releases = (json["helmReleases"]?.array ?? []).compactMap { HelmRelease($0) }
        certificates = (json["certificates"]?.array ?? []).compactMap { CertificateFact($0) }
        evidence = (json["requestedAPIs"]?.array).map { list in
            ServerEvidence(
                requested: list.compactMap { ServerEvidence.RequestedAPI($0) },
                notSeen: (json["requestedAPIsNotSeen"]?.array ?? []).compactMap(\.string))
        }
        for member in json["done"]?.object ?? [:] {
            guard let number = member.value.integer.map({ Int($0) }) else { return false }
            done[member.key] = number
            try SpoolFile.lines(path(number)) { (bytes: [UInt8], offset: Int) throws(InventoryError) in
                guard let object = (try? JSONValue(parsing: bytes)).flatMap({ KubeObject($0) }) else {
                    throw InventoryError(.malformed, "\(path(number)) is damaged: take the inventory without --resume")
                }
                if let uid = object.uid { seen.insert(uid) }
                entries.append(
                    Entry(
                        reference: object.reference, gvk: object.gvk, file: number, offset: offset, length: bytes.count)
                )
            }
        }
        return true
    }

    // MARK: The result

    /// Puts the objects in the inventory's order into `objects.jsonl`, writes `inventory.yaml`, and takes the spool
    /// away.
    func write(to directory: String) throws(InventoryError) -> (count: Int, digest: Digest) {
        let order = entries.indices.sorted { a, b in
            let (a, b) = (entries[a], entries[b])
            if a.reference != b.reference { return a.reference < b.reference }
            return a.gvk < b.gvk
        }
        var digest = DigestBuilder()
        digest.append(
            Inventory.digestHead(
                cluster: subject.cluster, apis: subject.apis, notSeen: notSeen.sorted(), releases: releases.sorted(),
                certificates: certificates.sorted()))
        var files: [Int: SpoolFile] = [:]
        let target = try SpoolFile(creating: "\(directory)/objects.jsonl.new")
        for index in order {
            let entry = entries[index]
            let file: SpoolFile
            if let open = files[entry.file] {
                file = open
            } else {
                file = try SpoolFile(reading: path(entry.file))
                files[entry.file] = file
            }
            let bytes = try file.read(at: entry.offset, count: entry.length)
            digest.append([UInt8(ascii: "\n")])
            digest.append(bytes)
            _ = try target.append(bytes)
        }
        try target.close()
        let made = digest.digest()
        let head = Inventory.head(
            cluster: subject.cluster, takenAt: takenAt, apis: subject.apis, count: entries.count, digest: made,
            notSeen: notSeen.sorted(), releases: releases.sorted(), certificates: certificates.sorted(),
            evidence: evidence, digestKeyID: subject.digestKeyID)
        // The objects first: a head without its objects would look whole.
        try Self.system("cannot write to \(directory)") {
            guard rename("\(directory)/objects.jsonl.new", "\(directory)/objects.jsonl") == 0 else {
                throw SystemFailure(code: errno)
            }
        }
        try SpoolFile.write(
            Array(YAML.text(head, keyOrder: Inventory.headKeyOrder).utf8), to: "\(directory)/inventory.yaml")
        try? FileManager.default.removeItem(atPath: folder)
        return (entries.count, made)
    }

    struct SystemFailure: Error {
        let code: Int32
    }

    /// Turns what the system says into this room's error.
    static func system<Value>(_ what: String, _ body: () throws -> Value) throws(InventoryError) -> Value {
        do { return try body() } catch {
            let code =
                (error as? SystemFailure)?.code ?? ((error as? CocoaError)?.underlying as? POSIXError)?.code.rawValue
            throw InventoryError(.unwritable, "\(what): \(code.map { String(cString: strerror($0)) } ?? "\(error)")")
        }
    }
}
