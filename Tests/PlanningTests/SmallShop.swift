import Catalog
import Findings
import Manifests

@testable import Planning

/// A small cluster at 1.24 with one of each thing that planning treats in its own way.
enum SmallShop {
    static let cluster = InventoryCluster(name: "shop-blue", uid: "blue-uid", version: KubernetesVersion(minor: 24))

    /// YAML would say the same with more machinery; here the objects are written as the tests mean them.
    static func object(
        _ apiVersion: String, _ kind: String, _ namespace: String?, _ name: String, _ rest: JSONValue = [:]
    )
        -> KubeObject
    {
        var object = KubeObject(GroupVersionKind(apiVersion: apiVersion, kind: kind), namespace: namespace, name: name)
        for member in rest.object ?? [:] {
            if member.key == "metadata" {
                for field in member.value.object ?? [:] {
                    object[FieldPath([.member("metadata"), .member(field.key)])] = field.value
                }
            } else {
                object.set(member.key, to: member.value)
            }
        }
        return object
    }

    static func deployment(_ namespace: String, _ name: String, replicas: Int64, env: JSONValue = []) -> KubeObject {
        object(
            "apps/v1", "Deployment", namespace, name,
            [
                "spec": [
                    "replicas": .integer(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                    "template": [
                        "metadata": ["labels": ["app": .string(name)]],
                        "spec": ["containers": [["name": "main", "image": "registry.example/app:1", "env": env]]],
                    ],
                ],
                "status": ["replicas": .integer(replicas)],
            ])
    }

    static func service(_ namespace: String, _ name: String, type: String = "ClusterIP") -> KubeObject {
        object(
            "v1", "Service", namespace, name,
            [
                "spec": [
                    "type": .string(type), "clusterIP": "10.0.0.7", "selector": ["app": .string(name)],
                    "ports": [["port": 80, "protocol": "TCP"]],
                ]
            ])
    }

    static func cronJob(_ namespace: String, _ name: String, suspended: Bool) -> KubeObject {
        object(
            "batch/v1beta1", "CronJob", namespace, name,
            [
                "spec": [
                    "schedule": "0 3 * * *", "suspend": .bool(suspended), "startingDeadlineSeconds": 600,
                    "jobTemplate": [
                        "spec": [
                            "template": [
                                "spec": [
                                    "restartPolicy": "Never",
                                    "containers": [["name": "main", "image": "registry.example/job:1"]],
                                ]
                            ]
                        ]
                    ],
                ]
            ])
    }

    static let objects: [KubeObject] = [
        object("v1", "Namespace", nil, "web"), object("v1", "Namespace", nil, "orders"),
        object("v1", "Namespace", nil, "default"), object("v1", "Namespace", nil, "kube-system"),
        object("v1", "ServiceAccount", "web", "default"),
        object("v1", "ServiceAccount", "orders", "default", ["imagePullSecrets": [["name": "pull"]]]),
        object("v1", "ConfigMap", "web", "kube-root-ca.crt"),
        object("v1", "ConfigMap", "web", "settings", ["data": ["a": "b"]]),
        object(
            "v1", "Secret", "orders", "pull",
            ["type": "kubernetes.io/dockerconfigjson", "data": [".dockerconfigjson": "c2VjcmV0LWNhbmFyeQ=="]]),
        object("v1", "ResourceQuota", "web", "all", ["spec": ["hard": ["pods": "10"]]]),
        deployment("web", "front", replicas: 3), service("web", "front"),
        deployment("web", "parked", replicas: 0), service("web", "parked"),
        deployment(
            "orders", "api", replicas: 2, env: [["name": "FRONT", "value": "http://front.web.svc.cluster.local/x"]]),
        service("orders", "api"),
        deployment("orders", "consumer", replicas: 1),
        cronJob("orders", "nightly", suspended: false), cronJob("orders", "paused", suspended: true),
        object(
            "autoscaling/v2beta2", "HorizontalPodAutoscaler", "web", "front",
            [
                "spec": [
                    "minReplicas": 1, "maxReplicas": 9,
                    "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "front"],
                ]
            ]),
        object(
            "policy/v1beta1", "PodDisruptionBudget", "web", "front",
            ["spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "front"]]]]),
        object(
            "networking.k8s.io/v1", "Ingress", "web", "front",
            ["spec": ["defaultBackend": ["service": ["name": "front", "port": ["number": 80]]]]]),
        object("v1", "Event", "web", "front.1", ["type": "Normal"]),
        object(
            "apps/v1", "ReplicaSet", "web", "front-5d8f",
            ["metadata": ["ownerReferences": [["kind": "Deployment", "name": "front", "controller": true]]]]),
    ]

    static func migration() -> Migration {
        Migration(
            name: "shop", blue: BlueSource(inventory: "inventory"),
            green: GreenTarget(name: "shop-green", version: KubernetesVersion(minor: 36)),
            waves: [
                MigrationWave(name: "backend", namespaces: ["orders"]),
                MigrationWave(name: "front", namespaces: ["web"], dependsOn: ["backend"]),
            ],
            routes: [
                MigrationRoute(
                    name: "shop", wave: "front", backend: "file", settings: ["path": "routes.json", "route": "shop"])
            ])
    }

    static func input(
        _ objects: [KubeObject] = SmallShop.objects, migration: Migration = migration(), existing: [KubeObject]? = nil
    ) -> PlanningInput {
        let inventory = Inventory(
            cluster: cluster, takenAt: "2026-01-02T03:04:05Z", apis: ["v1", "apps/v1"],
            objects: objects.map { InventoryObject($0) }, digestKeyID: "test")
        let green = ClusterIdentity(
            name: "shop-green", uid: "green-uid", version: KubernetesVersion(minor: 36), apis: nil)
        return PlanningInput(
            migration: migration, migrationDigest: Digest(of: "migration"), blue: inventory,
            target: TargetCapabilities(identity: green, catalog: .builtIn, existing: existing),
            digestKey: Array("a key for tests".utf8), tool: "0.0.0-test")
    }
}

extension KubeObject {
    /// Sets a top-level member, which paths of one element may do for everything but apiVersion and kind.
    mutating func set(_ member: String, to value: JSONValue) { self[FieldPath([.member(member)])] = value }
}
