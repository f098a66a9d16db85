import Catalog
import Conversion
import FoundationEssentials
import Manifests
import Testing

@Suite("The shop's objects")
struct ShopConversionTests {
    static let objects = ManifestLoader().load([
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../plans/shop/inventory/objects")
            .standardized.path
    ]).objects.map(\.object)

    @Test("Blue serves every object at the version it stands at")
    func onBlue() {
        let blue = KubernetesVersion(minor: 24)
        for object in Self.objects where Catalog.builtIn.isBuiltIn(group: object.gvk.group) {
            #expect(Catalog.builtIn.isServed(object.gvk, at: blue), "\(object.gvk)")
        }
    }

    @Test("What 1.36 does not serve can be written at a version that it serves, but for what has no successor")
    func toGreen() throws {
        let target = KubernetesVersion(minor: 36)
        var converted: [String] = []
        var stuck: [String] = []
        for object in Self.objects
        where Catalog.builtIn.isBuiltIn(group: object.gvk.group) && !Catalog.builtIn.isServed(object.gvk, at: target) {
            guard let replacement = Catalog.builtIn.replacement(for: object.gvk, at: target) else {
                stuck.append(object.gvk.kind)
                continue
            }
            let result = try ConversionRegistry.builtIn.convert(object, to: replacement, for: .migrating(to: target))
            #expect(Catalog.builtIn.isServed(result.object.gvk, at: target))
            #expect(result.object.reference == object.reference)
            converted.append("\(object.gvk.kind) \(object.name)")
        }
        #expect(stuck == ["PodSecurityPolicy"])
        #expect(
            converted.sorted() == [
                "CronJob orders-cleanup", "CronJob payments-reconcile", "FlowSchema service-accounts",
                "HorizontalPodAutoscaler web", "PodDisruptionBudget payments-all", "PodDisruptionBudget web",
                "PriorityLevelConfiguration workload-low",
            ])
    }
}
