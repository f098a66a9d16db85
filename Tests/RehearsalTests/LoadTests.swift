import Manifests
import SimCluster
import Testing

/// Blue rebuilt from manifests that are older than it.
@Suite("Old manifests in a simulated cluster")
struct LoadTests {
    private let daemonSet: KubeObject = {
        var object = KubeObject(
            GroupVersionKind(apiVersion: "extensions/v1beta1", kind: "DaemonSet"), namespace: "default", name: "agent")
        object["spec"] = [
            "template": [
                "metadata": ["labels": ["app": "agent"]], "spec": ["containers": [["name": "c", "image": "i"]]],
            ]
        ]
        return object
    }()

    @Test("stand there as the server of their time had completed them")
    func completed() throws {
        var world = SimWorld(version: KubernetesVersion(minor: 24), name: "blue", seed: 1, now: 1_760_000_000)
        #expect(world.load([daemonSet]).isEmpty)
        let loaded = try #require(world[daemonSet.reference.inApps])
        #expect(loaded["spec.selector.matchLabels.app"] == "agent")
    }

    @Test("are named when nothing says what they meant")
    func undecidable() {
        var unlabelled = daemonSet
        unlabelled["spec.template.metadata.labels"] = nil
        var world = SimWorld(version: KubernetesVersion(minor: 24), name: "blue", seed: 1, now: 1_760_000_000)
        #expect(world.load([unlabelled]).map(\.object) == [daemonSet.reference])
    }
}

extension ObjectReference {
    fileprivate var inApps: ObjectReference {
        ObjectReference(kind: GroupKind(group: "apps", kind: kind.kind), namespace: namespace, name: name)
    }
}
