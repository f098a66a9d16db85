import Execution
import Manifests
import Planning
import Synchronization

/// A cluster that holds objects and nothing else: workloads are ready as soon as they are asked about.
final class TestCluster: ClusterAPI {
    struct State {
        var objects: [ObjectReference: KubeObject] = [:]
        var counter = 0
        var isDown = false
        /// What the next writes answer instead of being carried out.
        var refusals: [StepFailure] = []
        /// Replies lost: the write takes effect, the caller hears `ambiguous`.
        var lostReplies = 0
        /// How often CronJobs still say that a job of theirs runs.
        var looksUntilIdle = 0
        /// Writes take a while, so that those which overlap are seen to.
        var isSlow = false
        /// By verb and kind, how many writes went on.
        var atOnce: [String: Int] = [:]
        var mostAtOnce: [String: Int] = [:]
        /// What somebody does to an object right before it is deleted.
        var beforeDelete: [ObjectReference: @Sendable (inout KubeObject) -> Void] = [:]
        /// Workloads of which nothing is ready.
        var broken: Set<ObjectReference> = []
    }

    let side: Side
    let uid: String
    let version: KubernetesVersion
    let faults: Faults
    let state = Mutex(State())

    init(_ side: Side, uid: String, version: KubernetesVersion, faults: Faults) {
        self.side = side
        self.uid = uid
        self.version = version
        self.faults = faults
    }

    func seed(_ objects: [KubeObject]) {
        state.withLock { state in
            for object in objects {
                var stored = object
                state.counter += 1
                stored["metadata.uid"] = .string("\(side.rawValue)-\(state.counter)")
                stored["metadata.resourceVersion"] = .string(String(state.counter))
                stored["metadata.generation"] = 1
                state.objects[object.reference] = stored
            }
        }
    }

    /// Everything that a promise is about; with `ownUIDs`, the identity of objects too.
    func content(ownUIDs: Bool = false) -> [ObjectReference: JSONValue] {
        state.withLock { $0.objects.mapValues { ownUIDs ? $0.content : $0.portableContent } }
    }

    /// A third party changes something.
    func edit(_ object: ObjectReference, _ body: (inout KubeObject) -> Void) {
        state.withLock { state in
            guard var edited = state.objects[object] else { return }
            body(&edited)
            state.counter += 1
            edited["metadata.resourceVersion"] = .string(String(state.counter))
            state.objects[object] = edited
        }
    }

    func facts() async throws(StepFailure) -> ClusterFacts {
        try reach()
        return ClusterFacts(uid: uid, version: version, apis: nil)
    }

    func read(_ object: ObjectReference, apiVersion: String?) async throws(StepFailure) -> KubeObject? {
        try reach()
        return state.withLock { state in
            guard var live = state.objects[object].map(Self.withStatus) else { return nil }
            if state.broken.contains(object) { live["status.readyReplicas"] = 0 }
            if object.kind.kind == "CronJob", state.looksUntilIdle > 0 {
                state.looksUntilIdle -= 1
                live["status"] = ["active": [["name": "job"]]]
            }
            return live
        }
    }

    func list(_ kind: GroupKind, namespace: String?, apiVersion: String?) async throws(StepFailure) -> [KubeObject] {
        try reach()
        return state.withLock { state in
            state.objects.values.filter { $0.reference.kind == kind && $0.namespace == namespace }
                .map(Self.withStatus).sorted { $0.reference < $1.reference }
        }
    }

    func namespacedKinds() async throws(StepFailure) -> [GroupKind] {
        try reach()
        return state.withLock { state in Set(state.objects.keys.filter { $0.namespace != nil }.map(\.kind)).sorted() }
    }

    /// Takes the time of a write.
    private func dawdle(_ verb: String, _ object: ObjectReference) async {
        let name = "\(verb) \(object.kind.kind)"
        let isSlow = state.withLock { state in
            state.atOnce[name, default: 0] += 1
            state.mostAtOnce[name] = max(state.mostAtOnce[name] ?? 0, state.atOnce[name] ?? 0)
            return state.isSlow
        }
        if isSlow { try? await Task.sleep(for: .milliseconds(100)) }
        state.withLock { $0.atOnce[name, default: 0] -= 1 }
    }

    func create(_ object: KubeObject) async throws(StepFailure) -> KubeObject {
        await dawdle("create", object.reference)
        return try write(object.reference) { state in
            guard state.objects[object.reference] == nil else { return nil }
            var stored = object
            stored["metadata.uid"] = .string("\(self.side.rawValue)-\(state.counter)")
            stored["metadata.generation"] = 1
            return stored
        }
    }

    func merge(
        _ patch: JSONValue, into object: ObjectReference, apiVersion: String
    ) async throws(StepFailure)
        -> KubeObject
    {
        try write(object) { state in
            guard var stored = state.objects[object],
                patch["metadata"]?["resourceVersion"]?.string ?? stored.resourceVersion == stored.resourceVersion
            else { return nil }
            guard let merged = KubeObject(Self.merged(patch, into: stored.json)) else { return nil }
            stored = merged
            stored["metadata.generation"] = .integer((stored["metadata.generation"]?.integer ?? 0) + 1)
            return stored
        }
    }

    func delete(
        _ object: ObjectReference, apiVersion: String?, uid: String, resourceVersion: String? = nil
    ) async throws(StepFailure) {
        await dawdle("delete", object)
        try reach()
        guard let stored = state.withLock({ $0.objects[object] }) else { return }
        guard stored.uid == uid else { throw StepFailure(.conflict, "\(object) has another uid") }
        if let edit = state.withLock({ state in
            defer { state.beforeDelete[object] = nil }
            return state.beforeDelete[object]
        }) {
            self.edit(object, edit)
        }
        let now = state.withLock { $0.objects[object]?.resourceVersion }
        guard resourceVersion == nil || resourceVersion == now else {
            throw StepFailure(.conflict, "\(object) has been modified")
        }
        faults.willWrite(object, side)
        try faults.call(.write(side)) {
            self.state.withLock { state in
                state.objects[object] = nil
                if object.kind.kind == "Namespace" {
                    state.objects = state.objects.filter { $0.key.namespace != object.name }
                }
            }
        }
    }

    private func write(
        _ object: ObjectReference, _ body: (inout State) -> KubeObject?
    ) throws(StepFailure)
        -> KubeObject
    {
        try reach()
        if let refusal = state.withLock({ $0.refusals.isEmpty ? nil : $0.refusals.removeFirst() }) { throw refusal }
        faults.willWrite(object, side)
        var written: KubeObject?
        try faults.call(.write(side)) {
            written = self.state.withLock { state in
                state.counter += 1
                guard var stored = body(&state) else { return nil }
                stored["metadata.resourceVersion"] = .string(String(state.counter))
                state.objects[object] = stored
                return stored
            }
        }
        guard let written else { throw StepFailure(.conflict, "\(object): conflict") }
        let isLost = state.withLock { state in
            guard state.lostReplies > 0 else { return false }
            state.lostReplies -= 1
            return true
        }
        if isLost { throw StepFailure(.ambiguous, "the reply was lost") }
        return Self.withStatus(written)
    }

    private func reach() throws(StepFailure) {
        if state.withLock({ $0.isDown }) { throw StepFailure(.notSent, "\(side): connection refused") }
        try faults.call(.read(side)) {}
    }

    private static func merged(_ patch: JSONValue, into value: JSONValue?) -> JSONValue {
        guard case .object(let members) = patch else { return patch }
        var result = value?.object ?? [:]
        for member in members {
            result[member.key] = member.value.isNull ? nil : merged(member.value, into: result[member.key])
        }
        return .object(result)
    }

    /// Controllers are quick here: what is wanted is ready, unless somebody marks it as broken.
    private static func withStatus(_ object: KubeObject) -> KubeObject {
        guard object.gvk.kind == "Deployment" || object.gvk.kind == "StatefulSet" else { return object }
        var live = object
        let wanted = object[annotation: "test/broken"] == nil ? object["spec.replicas"] ?? 1 : 0
        live["status"] = ["readyReplicas": wanted, "updatedReplicas": wanted]
        live["status.observedGeneration"] = object["metadata.generation"]
        return live
    }
}
