import HTTP
import Manifests
import Testing

@testable import SimCluster

/// A definition's finalizer comes with its deletion, as on every recorded server: one that were set earlier would make
/// a cluster that nobody touched look changed.
@Suite struct DefinitionDeletionTests {
    private static let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    private static let definition: JSONValue = [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "widgets.example.com"],
        "spec": [
            "group": "example.com", "scope": "Namespaced",
            "names": ["kind": "Widget", "listKind": "WidgetList", "plural": "widgets", "singular": "widget"],
            "versions": [
                [
                    "name": "v1", "served": true, "storage": true,
                    "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
                ]
            ],
        ],
    ]

    @Test func aLivingDefinitionHasNoFinalizer() {
        var bench = Bench()
        #expect(bench.send(.post, Self.path, Self.definition).status == 201)
        bench.world.advance(to: bench.world.now + 30)
        let (status, body) = bench.send(.get, Self.path + "/widgets.example.com")
        #expect(status == 200)
        #expect(body["metadata"]?["finalizers"] == nil)
    }

    @Test func aDeletedOneTakesItsObjectsAlong() {
        var bench = Bench()
        _ = bench.send(.post, Self.path, Self.definition)
        bench.world.advance(to: bench.world.now + 30)
        let widget: JSONValue = [
            "apiVersion": "example.com/v1", "kind": "Widget",
            "metadata": ["name": "w", "finalizers": ["example.com/hold"]],
        ]
        let widgets = "/apis/example.com/v1/namespaces/default/widgets"
        #expect(bench.send(.post, widgets, widget).status == 201)
        let (_, deleted) = bench.send(.delete, Self.path + "/widgets.example.com")
        #expect(deleted["metadata"]?["finalizers"] == ["customresourcecleanup.apiextensions.k8s.io"])
        bench.world.advance(to: bench.world.now + 30)
        // Held by the object that is held itself; gone once that one is let go.
        #expect(bench.send(.get, Self.path + "/widgets.example.com").status == 200)
        _ = bench.send(
            .patch, widgets + "/w", ["metadata": ["finalizers": []]], type: "application/merge-patch+json")
        bench.world.advance(to: bench.world.now + 30)
        #expect(bench.send(.get, Self.path + "/widgets.example.com").status == 404)
    }
}
