import Manifests

@testable import Planning

/// Steele and Vigna's generator: the same seed gives the same inventory on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Makes up clusters: tenants with all the kinds that planning treats differently, in every odd combination.
struct InventoryGenerator {
    private var random: SplitMix64
    private(set) var objects: [KubeObject] = []
    private(set) var namespaces: [String] = []
    /// Stands in the data of every Secret; must never appear in anything that is written.
    static let canary = "c2VjcmV0LWNhbmFyeQ=="

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        cluster()
        for index in 0..<Int.random(in: 1...4, using: &random) { tenant("tenant-\(index)") }
    }

    /// Migration files for the inventory: waves over some namespaces, routes over some waves.
    mutating func migration() -> Migration {
        var migration = SmallShop.migration()
        migration.unassignedNamespaces = .platform
        migration.waves = []
        migration.routes = []
        for (index, namespace) in namespaces.enumerated() where chance(80) {
            let earlier = migration.waves.map(\.name).filter { _ in chance(40) }
            var gates: [MigrationGate]?
            if chance(50) {
                gates = [MigrationGate.Place.cutover, .traffic, .done].filter { _ in chance(40) }.map {
                    MigrationGate(gate: .manual, before: $0)
                }
            }
            migration.waves.append(
                MigrationWave(name: "wave-\(index)", namespaces: [namespace], dependsOn: earlier, gates: gates))
            for route in 0..<Int.random(in: 0...2, using: &random) {
                migration.routes.append(
                    MigrationRoute(
                        name: "route-\(index)-\(route)", wave: "wave-\(index)", backend: "file",
                        settings: ["path": "routes.json", "route": .string("r\(index)\(route)")],
                        steps: chance(50) ? nil : [5, 100]))
            }
        }
        migration.acknowledge = ["stateful-claims", "podsecuritypolicy-gone", "side-effecting-kinds"].map {
            Acknowledgement(hazard: $0, reason: "for the test")
        }
        return migration
    }

    private mutating func cluster() {
        add("v1", "Namespace", nil, "kube-system")
        add("v1", "Namespace", nil, "default")
        add("v1", "Node", nil, "node-1")
        add("v1", "ConfigMap", "kube-system", "extension-apiserver-authentication")
        if chance(50) { add("policy/v1beta1", "PodSecurityPolicy", nil, "restricted") }
        add(
            "apiextensions.k8s.io/v1", "CustomResourceDefinition", nil, "promotions.example.com",
            [
                "spec": [
                    "group": "example.com", "scope": "Namespaced",
                    "names": ["kind": "Promotion", "plural": "promotions"],
                    "versions": [["name": "v1", "served": true, "storage": true]],
                ]
            ])
        add("scheduling.k8s.io/v1", "PriorityClass", nil, "tenants", ["value": 5])
        add("rbac.authorization.k8s.io/v1", "ClusterRole", nil, "view-promotions", ["rules": []])
        if chance(50) {
            add(
                "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", nil, "guard",
                [
                    "webhooks": [
                        [
                            "name": "guard.example.com", "failurePolicy": "Fail",
                            "clientConfig": ["service": ["name": "app-0", "namespace": "tenant-0"]],
                        ]
                    ]
                ])
        }
    }

    private mutating func tenant(_ namespace: String) {
        namespaces.append(namespace)
        add("v1", "Namespace", nil, namespace)
        add("v1", "ServiceAccount", namespace, "default", chance(50) ? ["imagePullSecrets": [["name": "pull"]]] : [:])
        add("v1", "ConfigMap", namespace, "kube-root-ca.crt", ["data": ["ca.crt": "x"]])
        add("v1", "Secret", namespace, "pull", ["type": "Opaque", "data": ["password": .string(Self.canary)]])
        if chance(50) { add("v1", "ResourceQuota", namespace, "all", ["spec": ["hard": ["pods": "50"]]]) }
        for index in 0..<Int.random(in: 0...3, using: &random) { application(namespace, "app-\(index)") }
        for index in 0..<Int.random(in: 0...2, using: &random) {
            var job = SmallShop.cronJob(namespace, "cron-\(index)", suspended: chance(30))
            if chance(50) { job.gvk = GroupVersionKind(group: "batch", version: "v1", kind: "CronJob") }
            append(job)
        }
        if chance(40) {
            add(
                "apps/v1", "StatefulSet", namespace, "db",
                [
                    "spec": [
                        "replicas": .integer(chance(80) ? 2 : 0), "serviceName": "db",
                        "template": ["metadata": ["labels": ["app": "db"]], "spec": ["containers": [["name": "db"]]]],
                        "volumeClaimTemplates": [["metadata": ["name": "data"]]],
                    ]
                ])
            add("v1", "PersistentVolumeClaim", namespace, "data-db-0", ["spec": ["volumeName": "pv-1"]])
        }
        if chance(30) {
            add("apps/v1", "DaemonSet", namespace, "agent", ["spec": ["template": ["spec": ["containers": []]]]])
        }
        if chance(30) {
            add("batch/v1", "Job", namespace, "once", ["status": chance(50) ? ["completionTime": "x"] : [:]])
        }
        if chance(30) { add("v1", "Pod", namespace, "naked", ["spec": ["containers": []]]) }
        if chance(50) { add("example.com/v1", "Promotion", namespace, "spring", ["spec": ["percent": 5]]) }
    }

    private mutating func application(_ namespace: String, _ name: String) {
        append(
            SmallShop.deployment(namespace, name, replicas: chance(20) ? 0 : Int64.random(in: 1...5, using: &random)))
        if chance(70) { append(SmallShop.service(namespace, name, type: chance(20) ? "LoadBalancer" : "ClusterIP")) }
        add(
            "apps/v1", "ReplicaSet", namespace, "\(name)-7d9f",
            ["metadata": ["ownerReferences": [["kind": "Deployment", "name": .string(name), "controller": true]]]])
        if chance(40) {
            add(
                chance(50) ? "autoscaling/v2beta2" : "autoscaling/v2", "HorizontalPodAutoscaler", namespace, name,
                [
                    "spec": [
                        "maxReplicas": 9, "minReplicas": 1,
                        "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)],
                    ]
                ])
        }
        if chance(40) {
            add(
                chance(50) ? "policy/v1beta1" : "policy/v1", "PodDisruptionBudget", namespace, name,
                ["spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": .string(name)]]]])
        }
        if chance(30) { add("networking.k8s.io/v1", "Ingress", namespace, name, ["spec": [:]]) }
    }

    private mutating func add(
        _ apiVersion: String, _ kind: String, _ namespace: String?, _ name: String, _ rest: JSONValue = [:]
    ) {
        append(SmallShop.object(apiVersion, kind, namespace, name, rest))
    }

    private mutating func append(_ object: KubeObject) {
        var object = object
        object["metadata.uid"] = .string("uid-\(objects.count)")
        object["metadata.resourceVersion"] = .string("\(objects.count)")
        objects.append(object)
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
}
