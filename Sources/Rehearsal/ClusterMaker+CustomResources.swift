import Manifests

extension ClusterMaker {
    /// Widgets with one version in a namespace, Shelves with two for the whole cluster.
    mutating func definitions() {
        definition("widgets", "Widget", scope: "Namespaced", versions: ["v1"], preserve: true)
        definition("shelves", "Shelf", scope: "Cluster", versions: ["v1alpha1", "v1"], preserve: false)
        for number in 0..<Int.random(in: 0...2, using: &random) {
            add("example.com/v1", "Shelf", nil, "shelf.\(number)") {
                $0["spec"] = ["width": .double(1.25), "boards": 12_345_678_901, "tags": ["yes", "1e3", ""]]
            }
        }
    }

    private mutating func definition(
        _ plural: String, _ kind: String, scope: String, versions: [String], preserve: Bool
    ) {
        let schema: JSONValue =
            preserve
            ? ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
            : [
                "type": "object",
                "properties": [
                    "spec": [
                        "type": "object",
                        "properties": [
                            "width": ["type": "number"], "boards": ["type": "integer"],
                            "tags": ["type": "array", "items": ["type": "string"]],
                        ],
                    ],
                    "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
                ],
            ]
        let last = versions.last
        add("apiextensions.k8s.io/v1", "CustomResourceDefinition", nil, "\(plural).example.com") {
            $0["spec"] = [
                "group": "example.com", "scope": .string(scope),
                "names": [
                    "kind": .string(kind), "listKind": .string("\(kind)List"), "plural": .string(plural),
                    "singular": .string(kind.lowercased()),
                ],
                "versions": .array(
                    versions.map { name in
                        [
                            "name": .string(name), "served": true, "storage": .bool(name == last),
                            "schema": ["openAPIV3Schema": schema], "subresources": ["status": [:]],
                        ]
                    }),
            ]
        }
    }

    mutating func customResources(_ namespace: String) {
        let parent = add("example.com/v1", "Widget", namespace, "parent") {
            $0["metadata.finalizers"] = ["widgets.example.com/cleanup"]
            $0["spec"] = [
                "size": 3, "nested": ["replicas": 4, "suspend": false, "list": [1, "a", ["x": .null]]], "null": .null,
                "big": 9_007_199_254_740_993, "float": .double(0.1),
            ]
            $0["status"] = ["phase": "Ready"]
        }
        add("example.com/v1", "Widget", namespace, "child") {
            $0["metadata.ownerReferences"] = [
                Self.owner("example.com/v1", "Widget", "parent", parent, controller: false)
            ]
            $0["spec"] = ["size": 0]
        }
        // Made by the operator for its custom resource: the operator on green makes it again.
        add("v1", "ConfigMap", namespace, "made-for-parent") {
            $0["metadata.ownerReferences"] = [Self.owner("example.com/v1", "Widget", "parent", parent)]
            $0["data"] = ["a": "b"]
        }
    }
}
