import Manifests
import Testing

/// What counts as the content of an object, and what is the server's own.
@Suite struct ObjectContentTests {
    @Test(arguments: [
        "status", "metadata.resourceVersion", "metadata.generation", "metadata.managedFields", "metadata.selfLink",
    ])
    func bookkeepingIsNoContent(_ place: String) throws {
        let path = try #require(FieldPath(place))
        var changed = Self.object
        changed[path] = "something else"
        #expect(changed.content == Self.object.content)
        #expect(changed.contentDigest(secretKey: nil) == Self.object.contentDigest(secretKey: nil))
    }

    @Test(arguments: ["spec.replicas", "metadata.uid", "metadata.labels", "data"])
    func whatPeopleWriteIsContent(_ place: String) throws {
        let path = try #require(FieldPath(place))
        var changed = Self.object
        changed[path] = ["a": "b"]
        #expect(changed.content != Self.object.content)
    }

    /// Read at autoscaling/v1, an autoscaler carries its conditions in an annotation; a plan must not go stale by it.
    @Test(arguments: ["conditions", "current-metrics"])
    func statusInAnAnnotationIsStatus(_ name: String) {
        var scaler = KubeObject(
            GroupVersionKind(apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler"), namespace: "n", name: "a")
        let before = scaler.content
        scaler[annotation: "autoscaling.alpha.kubernetes.io/\(name)"] = "[{}]"
        #expect(scaler.content == before)
        // Metrics and behavior are what the user wants of it.
        scaler[annotation: "autoscaling.alpha.kubernetes.io/metrics"] = "[{}]"
        #expect(scaler.content != before)
    }

    @Test(arguments: ["annotations", "labels"])
    func anEmptyMapIsNoMap(_ member: String) {
        var object = Self.object
        object[FieldPath([.member("metadata"), .member(member)])] = [:]
        #expect(object.content == Self.object.content)
    }

    private static let object = KubeObject(
        GroupVersionKind(apiVersion: "apps/v1", kind: "Deployment"), namespace: "n", name: "a")
}
