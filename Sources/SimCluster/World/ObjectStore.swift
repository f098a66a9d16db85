import HashTreeCollections
import Manifests

/// One change of the store, from which watches make their events.
struct StoreChange: Sendable {
    var revision: Int
    var key: StorageKey
    /// Nil when the object was created.
    var old: KubeObject?
    /// Nil when the object was removed.
    var new: KubeObject?
}

/// The objects of one world with the log of their changes.
///
/// A value built on persistent trees: a copy is free, and a change after a copy costs the path to what changed.
/// Every change has its own revision; the store writes it into `metadata.resourceVersion`.
struct ObjectStore: Sendable {
    /// The revision of the newest change.
    private(set) var revision: Int
    /// Changes up to this revision are forgotten: a watch or list from before it is answered 410.
    private(set) var compactedRevision: Int
    private var resources: TreeDictionary<GroupKind, TreeDictionary<ObjectPath, KubeObject>> = [:]
    private var dependentsByOwner: TreeDictionary<String, TreeSet<StorageKey>> = [:]
    private var log: TreeDictionary<Int, StoreChange> = [:]
    private let retainedChanges: Int

    init(firstRevision: Int, retainedChanges: Int) {
        revision = firstRevision
        compactedRevision = firstRevision
        self.retainedChanges = retainedChanges
    }

    subscript(key: StorageKey) -> KubeObject? { resources[key.kind]?[key.path] }

    /// Kinds that have at least one object, in order.
    var kinds: [GroupKind] { resources.filter { !$0.value.isEmpty }.map(\.key).sorted() }

    /// The objects of a kind in the order of an API server's storage.
    func list(_ kind: GroupKind, namespace: String? = nil) -> [(path: ObjectPath, object: KubeObject)] {
        guard let objects = resources[kind] else { return [] }
        var found: [(path: ObjectPath, object: KubeObject)] = []
        for (path, object) in objects where namespace == nil || path.namespace == namespace {
            found.append((path: path, object: object))
        }
        // The tree is ordered by hash, which differs from process to process.
        return found.sorted { $0.path < $1.path }
    }

    /// Keys of the objects that name this uid among their owners, in order.
    func dependents(ofOwner uid: String) -> [StorageKey] { (dependentsByOwner[uid] ?? []).sorted() }

    /// Stores an object under the next revision and returns it with that resourceVersion.
    @discardableResult
    mutating func put(_ object: KubeObject, at key: StorageKey) -> KubeObject {
        let old = self[key]
        revision += 1
        var object = object
        object["metadata.resourceVersion"] = .string(String(revision))
        resources[key.kind, default: [:]][key.path] = object
        if old?.ownerUIDs != object.ownerUIDs {
            forgetOwners(of: old, key)
            for owner in object.ownerUIDs { dependentsByOwner[owner, default: []].insert(key) }
        }
        record(StoreChange(revision: revision, key: key, old: old, new: object))
        return object
    }

    /// Removes an object.
    ///
    /// The returned last state carries the revision of its removal, as in a DELETED event.
    @discardableResult
    mutating func remove(_ key: StorageKey) -> KubeObject? {
        guard var old = self[key] else { return nil }
        revision += 1
        resources[key.kind]?[key.path] = nil
        forgetOwners(of: old, key)
        old["metadata.resourceVersion"] = .string(String(revision))
        record(StoreChange(revision: revision, key: key, old: old, new: nil))
        return old
    }

    /// The changes after a revision, oldest first; nil when some of them are forgotten.
    func changes(after since: Int) -> [StoreChange]? {
        guard since >= compactedRevision else { return nil }
        guard since < revision else { return [] }
        return (since + 1...revision).compactMap { log[$0] }
    }

    /// The objects of a kind as they were at a revision; nil when that is forgotten or not reached yet.
    func list(
        _ kind: GroupKind, namespace: String?, at wanted: Int
    ) -> [(path: ObjectPath, object: KubeObject)]? {
        guard wanted <= revision, let later = changes(after: wanted) else { return nil }
        var objects: [ObjectPath: KubeObject] = [:]
        for (path, object) in resources[kind] ?? [:] { objects[path] = object }
        for change in later.reversed() where change.key.kind == kind { objects[change.key.path] = change.old }
        return objects.filter { namespace == nil || $0.key.namespace == namespace }
            .map { (path: $0.key, object: $0.value) }
            .sorted { $0.path < $1.path }
    }

    private mutating func record(_ change: StoreChange) {
        log[change.revision] = change
        let oldest = change.revision - retainedChanges
        if oldest > compactedRevision {
            log[oldest] = nil
            compactedRevision = oldest
        }
    }

    private mutating func forgetOwners(of object: KubeObject?, _ key: StorageKey) {
        for owner in object?.ownerUIDs ?? [] {
            dependentsByOwner[owner]?.remove(key)
            if dependentsByOwner[owner]?.isEmpty == true { dependentsByOwner[owner] = nil }
        }
    }
}

extension KubeObject {
    /// The uids in `metadata.ownerReferences`.
    var ownerUIDs: [String] {
        (self["metadata.ownerReferences"]?.array ?? []).compactMap { $0["uid"]?.string }
    }
}
