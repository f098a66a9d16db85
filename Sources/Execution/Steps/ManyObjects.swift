import Manifests

/// Reads many objects with few requests: where several of a kind stand in one namespace, their list is asked for
/// instead of each of them.
struct ManyObjects {
    /// One object to be read, and through which version.
    struct Wanted {
        var object: ObjectReference
        var apiVersion: String?
    }

    /// Fewer are read one by one: a namespace may hold thousands of which nobody asked.
    static let worthAList = 8

    let cluster: any ClusterAPI

    /// Hands over each object that is wanted, nil for those that are not there; group by group, so that no more than
    /// one list is held at a time.
    ///
    /// The order is that of the groups' first members, and within a group that of the argument.
    func read(
        _ wanted: [Wanted], each body: (Wanted, KubeObject?) async throws(StepFailure) -> Void
    ) async throws(StepFailure) {
        for group in Self.groups(wanted) {
            guard group.count >= Self.worthAList, let list = try await list(group) else {
                for one in group { try await body(one, cluster.read(one.object, apiVersion: one.apiVersion)) }
                continue
            }
            for one in group { try await body(one, list[one.object]) }
        }
    }

    /// The members of a group, by name; nil where listing is not allowed, although reading may be.
    private func list(_ group: [Wanted]) async throws(StepFailure) -> [ObjectReference: KubeObject]? {
        guard let first = group.first else { return [:] }
        let names = Set(group.map(\.object))
        do throws(StepFailure) {
            var found: [ObjectReference: KubeObject] = [:]
            for object in try await cluster.list(
                first.object.kind, namespace: first.object.namespace, apiVersion: first.apiVersion)
            where names.contains(object.reference) {
                found[object.reference] = object
            }
            return found
        } catch {
            if error.isRefused { return nil }
            throw error
        }
    }

    private static func groups(_ wanted: [Wanted]) -> [[Wanted]] {
        struct Key: Hashable {
            var kind: GroupKind
            var namespace: String?
            var apiVersion: String?
        }
        var positions: [Key: Int] = [:]
        var groups: [[Wanted]] = []
        for one in wanted {
            let key = Key(kind: one.object.kind, namespace: one.object.namespace, apiVersion: one.apiVersion)
            if let position = positions[key] {
                groups[position].append(one)
            } else {
                positions[key] = groups.count
                groups.append([one])
            }
        }
        return groups
    }
}
