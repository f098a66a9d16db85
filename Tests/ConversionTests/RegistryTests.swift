import Conversion
import Manifests
import Testing

@Suite("Registry")
struct RegistryTests {
    let registry = ConversionRegistry.builtIn

    private func gvk(_ apiVersion: String, _ kind: String) -> GroupVersionKind {
        GroupVersionKind(apiVersion: apiVersion, kind: kind)
    }

    @Test("An object at the wanted version comes back unchanged, whatever its kind")
    func sameVersion() throws {
        let object = KubeObject(gvk("example.com/v1", "Anything"), namespace: "a", name: "b")
        let result = try registry.convert(object, to: object.gvk)
        #expect(result.object == object)
        #expect(result.notes.isEmpty)
    }

    @Test("An unknown pair is refused by code and names the object")
    func unknownPair() {
        let object = KubeObject(gvk("apps/v1", "Deployment"), namespace: "a", name: "b")
        #expect(!registry.canConvert(from: object.gvk, to: gvk("apps/v7", "Deployment")))
        #expect {
            try registry.convert(object, to: gvk("apps/v7", "Deployment"))
        } throws: { error in
            let error = error as? ConversionError
            return error?.code == .unknown && error?.object == object.reference
        }
    }

    @Test("Versions of one resource are joined, also across groups; other resources are not")
    func joined() {
        let autoscaler = "HorizontalPodAutoscaler"
        #expect(registry.canConvert(from: gvk("autoscaling/v1", autoscaler), to: gvk("autoscaling/v2", autoscaler)))
        let old = gvk("extensions/v1beta1", "Ingress")
        #expect(registry.canConvert(from: old, to: gvk("networking.k8s.io/v1", "Ingress")))
        #expect(!registry.canConvert(from: gvk("batch/v1", "Job"), to: gvk("batch/v1", "CronJob")))
        #expect(registry.versions(of: gvk("policy/v1", "PodDisruptionBudget")).map(\.version) == ["v1beta1", "v1"])
        #expect(registry.versions(of: gvk("v1", "Pod")) == [gvk("v1", "Pod")])
    }

    @Test("A kind with the same schema changes nothing but its version")
    func sameSchema() throws {
        var role = KubeObject(gvk("rbac.authorization.k8s.io/v1beta1", "Role"), namespace: "a", name: "b")
        role["rules"] = [["apiGroups": [""], "resources": ["pods"], "verbs": ["get"]]]
        let result = try registry.convert(role, to: gvk("rbac.authorization.k8s.io/v1", "Role"))
        var expected = role
        expected.gvk.version = "v1"
        #expect(result.object == expected)
    }
}
