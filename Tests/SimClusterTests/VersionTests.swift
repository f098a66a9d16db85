import Catalog
import HTTP
import Manifests
import Testing

@testable import SimCluster

@Suite struct VersionTests {
    @Test(arguments: [20, 21, 22, 24, 25, 26, 29, 32, 36])
    func exactlyTheCatalogsResourcesAreServed(minor: Int) {
        let world = Bench(minor).world
        let served = Set(world.apis.resources.filter { $0.plural != "bindings" }.map(\.gvk))
        let catalog = Set(
            Catalog.builtIn.served(at: KubernetesVersion(minor: minor))
                .filter { [.resource, .virtual].contains($0.kindClass) && !$0.resource.contains("/") }.map(\.gvk))
        #expect(served == catalog)
    }

    @Test(arguments: [
        // The group is there, the version is not: a Status. The whole group is gone: plain text.
        (24, "/apis/batch/v1beta1/cronjobs", 200, "application/json"),
        (25, "/apis/batch/v1beta1/cronjobs", 404, "application/json"),
        (24, "/apis/policy/v1beta1/podsecuritypolicies", 200, "application/json"),
        (25, "/apis/policy/v1beta1/podsecuritypolicies", 404, "application/json"),
        (21, "/apis/extensions/v1beta1/ingresses", 200, "application/json"),
        (22, "/apis/extensions/v1beta1/ingresses", 404, "text/plain; charset=utf-8"),
    ])
    func removedAPIsAreAnsweredAsRealServersDo(minor: Int, path: String, status: Int, type: String) {
        var bench = Bench(minor)
        let answer = bench.raw(.get, path)
        #expect(answer.status == status)
        #expect(answer.headers["Content-Type"] == type)
    }

    @Test func aDeprecatedAPIWarns() {
        var bench = Bench(24)
        let answer = bench.raw(.get, "/apis/batch/v1beta1/cronjobs")
        #expect(answer.headers["Warning"]?.contains("deprecated in v1.21+, unavailable in v1.25+") == true)
        #expect(bench.raw(.get, "/apis/batch/v1/cronjobs").headers["Warning"] == nil)
    }

    @Test(arguments: [(20, "legacy"), (25, "legacy"), (26, "v2beta1"), (29, "v2beta1"), (30, "v2"), (36, "v2")])
    func discoveryIsAggregatedSince126(minor: Int, form: String) {
        var bench = Bench(minor)
        let accept =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
        let body = bench.send(.get, "/apis", accept: accept).body
        #expect(body["kind"]?.string == (form == "legacy" ? "APIGroupList" : "APIGroupDiscoveryList"))
        if form != "legacy" { #expect(body["apiVersion"]?.string == "apidiscovery.k8s.io/\(form)") }
    }

    @Test func oneStoredObjectIsReadAtEveryServedVersion() {
        var bench = Bench(24)
        let budget: JSONValue = [
            "apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget", "metadata": ["name": "b"],
            "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "x"]]],
        ]
        #expect(bench.send(.post, "/apis/policy/v1beta1/namespaces/default/poddisruptionbudgets", budget).status == 201)
        let modern = bench.send(.get, "/apis/policy/v1/namespaces/default/poddisruptionbudgets/b")
        #expect(modern.body["apiVersion"] == "policy/v1")
        #expect(modern.body["spec"]?["minAvailable"] == 1)
        let autoscaler: JSONValue = [
            "apiVersion": "autoscaling/v2beta2", "kind": "HorizontalPodAutoscaler", "metadata": ["name": "h"],
            "spec": [
                "maxReplicas": 5, "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "d"],
                "metrics": [
                    [
                        "type": "Resource",
                        "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 70]],
                    ]
                ],
            ],
        ]
        #expect(
            bench.send(.post, "/apis/autoscaling/v2beta2/namespaces/default/horizontalpodautoscalers", autoscaler)
                .status == 201)
        let old = bench.send(.get, "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers/h")
        #expect(old.body["spec"]?["targetCPUUtilizationPercentage"] == 70)
    }

    @Test func customResourcesAreServedOnceTheirDefinitionIsEstablished() {
        var bench = Bench()
        let definition: JSONValue = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "widgets.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced", "names": ["plural": "widgets", "kind": "Widget"],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true,
                        "schema": [
                            "openAPIV3Schema": [
                                "type": "object",
                                "properties": [
                                    "spec": [
                                        "type": "object", "required": ["size"],
                                        "properties": [
                                            "size": ["type": "integer"], "color": ["type": "string", "default": "red"],
                                        ],
                                    ]
                                ],
                            ]
                        ],
                    ]
                ],
            ],
        ]
        let path = "/apis/example.com/v1/namespaces/default/widgets"
        #expect(
            bench.send(.post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition).status == 201)
        #expect(bench.send(.get, path).status == 404)
        bench.wait(2)
        let widget: JSONValue = [
            "apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": "w"],
            "spec": ["size": 1, "unknown": true],
        ]
        #expect(bench.send(.post, path, widget).body["spec"] == ["color": "red", "size": 1])
        #expect(bench.send(.post, path, ["metadata": ["name": "bad"], "spec": ["size": "big"]]).status == 422)
        #expect(
            bench.send(.delete, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com").status
                == 200)
        bench.wait(2)
        #expect(bench.send(.get, path).status == 404)
        #expect(!bench.world.objects.contains { $0.gvk.kind == "Widget" })
    }
}
