public import Manifests

/// A cluster that never was, made from a seed: the ground for tests that must not only work on our own fixtures.
///
/// What varies: how many applications there are and who talks to whom; which kinds they use and at which API version
/// each stands; what sleeps on purpose; what controllers made and nobody may copy; odd names, empty selectors,
/// labels and annotations that try to get in the way. Equal seeds give equal objects.
public struct GeneratedCluster: Sendable {
    /// The minor version that the objects stand in.
    public let version: KubernetesVersion
    /// As an inventory would hold them, in no useful order.
    public let objects: [KubeObject]
    /// The namespaces of each application, in an order in which they can move.
    public let applications: [(name: String, namespaces: [String])]
    /// UID of `kube-system`.
    public let uid: String

    /// Makes the cluster of that seed with `size` applications.
    public init(seed: UInt64, applications size: Int = 2, version: KubernetesVersion = KubernetesVersion(minor: 24)) {
        var maker = ClusterMaker(seed: seed, version: version)
        maker.platform()
        var names: [(name: String, namespaces: [String])] = []
        for index in 0..<size { names.append(maker.application(index)) }
        self.version = version
        objects = maker.objects.shuffled(using: &maker.random)
        applications = names
        uid = maker.clusterUID
    }
}

/// Draws the objects one by one.
private struct ClusterMaker {
    var random: SeededGenerator
    var objects: [KubeObject] = []
    let version: KubernetesVersion
    let clusterUID: String

    init(seed: UInt64, version: KubernetesVersion) {
        random = SeededGenerator(seed: seed)
        self.version = version
        clusterUID = Self.uid(&random)
    }

    mutating func platform() {
        for name in ["kube-system", "kube-public", "kube-node-lease", "default"] {
            var namespace = KubeObject(GroupVersionKind(apiVersion: "v1", kind: "Namespace"), name: name)
            namespace["metadata.uid"] = .string(name == "kube-system" ? clusterUID : Self.uid(&random))
            namespace["metadata.creationTimestamp"] = "2023-04-01T00:00:00Z"
            namespace["metadata.labels"] = ["kubernetes.io/metadata.name": .string(name)]
            namespace["spec.finalizers"] = ["kubernetes"]
            objects.append(namespace)
        }
        add("storage.k8s.io/v1", "StorageClass", nil, "standard") { $0["provisioner"] = "csi.example.com" }
        add("scheduling.k8s.io/v1", "PriorityClass", nil, "important") { $0["value"] = 1000 }
        add("v1", "ConfigMap", "kube-system", "coredns") { $0["data"] = ["Corefile": ".:53 {\n}\n"] }
        if random.chance(60) {
            add("apiextensions.k8s.io/v1", "CustomResourceDefinition", nil, "widgets.example.com") {
                $0["spec"] = [
                    "group": "example.com", "scope": "Namespaced",
                    "names": ["kind": "Widget", "listKind": "WidgetList", "plural": "widgets", "singular": "widget"],
                    "versions": [
                        [
                            "name": "v1", "served": true, "storage": true,
                            "schema": [
                                "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
                            ],
                        ]
                    ],
                ]
            }
        }
    }

    mutating func application(_ index: Int) -> (name: String, namespaces: [String]) {
        let name = random.pick(["front", "ledger", "chat", "search", "mail"]) + "-\(index)"
        let namespaces = (0..<Int.random(in: 1...2, using: &random)).map { $0 == 0 ? name : "\(name)-extra" }
        for namespace in namespaces { fill(namespace) }
        return (name, namespaces)
    }

    private mutating func fill(_ namespace: String) {
        add("v1", "Namespace", nil, namespace) {
            $0["metadata.labels"] = ["kubernetes.io/metadata.name": .string(namespace), "tenant": "generated"]
        }
        add("v1", "ServiceAccount", namespace, "default") { _ in }
        add("v1", "ConfigMap", namespace, "kube-root-ca.crt") { $0["data"] = ["ca.crt": "-"] }
        if random.chance(70) {
            add("v1", "ResourceQuota", namespace, "quota") { $0["spec"] = ["hard": ["pods": "100"]] }
        }
        if random.chance(50) {
            add("rbac.authorization.k8s.io/v1", "Role", namespace, "reader") {
                $0["rules"] = [["apiGroups": [""], "resources": ["pods"], "verbs": ["get"]]]
            }
            add("rbac.authorization.k8s.io/v1", "RoleBinding", namespace, "reader") {
                $0["roleRef"] = ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"]
                $0["subjects"] = [["kind": "ServiceAccount", "name": "default", "namespace": .string(namespace)]]
            }
        }
        for number in 0..<Int.random(in: 1...4, using: &random) { workload(namespace, "app-\(number)") }
        if random.chance(40) { statefulSet(namespace) }
        for number in 0..<Int.random(in: 0...2, using: &random) { cronJob(namespace, "job-\(number)") }
        if random.chance(30), objects.contains(where: { $0.gvk.kind == "CustomResourceDefinition" }) {
            add("example.com/v1", "Widget", namespace, "w") { $0["spec"] = ["size": 3] }
        }
        if random.chance(30) {
            add("v1", "Event", namespace, "app-0.17a") { $0["reason"] = "Scheduled" }
        }
    }

    private mutating func workload(_ namespace: String, _ name: String) {
        let replicas = Int64(random.pick([0, 1, 1, 2, 3]))
        let served = random.chance(70)
        let recreate = random.chance(20)
        let odd = random.chance(15)
        add("v1", "ConfigMap", namespace, "\(name)-config") {
            $0["data"] = ["mode": "no", "key with space": "é", "text": "a: b\n\tc\n"]
        }
        add("v1", "Secret", namespace, "\(name)-secret") {
            $0["type"] = "Opaque"
            $0["data"] = ["password": "aHVudGVyMg=="]
        }
        let deploymentUID = Self.uid(&random)
        add("apps/v1", "Deployment", namespace, name) {
            $0["metadata.uid"] = .string(deploymentUID)
            if odd { $0["metadata.annotations"] = ["note": "replicas: 7", "deployment.kubernetes.io/revision": "4"] }
            $0["spec"] = [
                "replicas": .integer(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "strategy": ["type": recreate ? "Recreate" : "RollingUpdate"],
                "template": Self.template(name),
            ]
            $0["status"] = [
                "replicas": .integer(replicas), "readyReplicas": .integer(replicas), "observedGeneration": 1,
            ]
        }
        // What its controller made, and nobody may copy.
        let hash = "\(name)-7d4f"
        let setUID = Self.uid(&random)
        add("apps/v1", "ReplicaSet", namespace, hash) {
            $0["metadata.uid"] = .string(setUID)
            $0["metadata.ownerReferences"] = [Self.owner("apps/v1", "Deployment", name, deploymentUID)]
            $0["spec"] = [
                "replicas": .integer(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "template": Self.template(name),
            ]
        }
        for index in 0..<replicas {
            add("v1", "Pod", namespace, "\(hash)-\(index)") {
                $0["metadata.ownerReferences"] = [Self.owner("apps/v1", "ReplicaSet", hash, setUID)]
                $0["spec"] = ["containers": [["name": "c", "image": "registry.example.com/app:1"]]]
                $0["status"] = ["phase": "Running"]
            }
        }
        if served {
            let nodePort = random.chance(10)
            add("v1", "Service", namespace, name) {
                $0["spec"] = [
                    "clusterIP": "10.96.7.7", "clusterIPs": ["10.96.7.7"], "type": nodePort ? "NodePort" : "ClusterIP",
                    "selector": ["app": .string(name)], "ports": [["port": 80, "targetPort": 8080, "protocol": "TCP"]],
                ]
            }
            add("v1", "Endpoints", namespace, name) { $0["subsets"] = [] }
        }
        let betas = version < KubernetesVersion(minor: 25)
        if random.chance(40) {
            let beta = betas && random.chance(60)
            let empty = random.chance(25)
            add(beta ? "policy/v1beta1" : "policy/v1", "PodDisruptionBudget", namespace, name) {
                $0["spec"] = [
                    "minAvailable": 1,
                    "selector": empty ? [:] : ["matchLabels": ["app": .string(name)]],
                ]
            }
        }
        if random.chance(40), replicas > 0, !recreate {
            let beta = betas && random.chance(60)
            add(beta ? "autoscaling/v2beta2" : "autoscaling/v2", "HorizontalPodAutoscaler", namespace, name) {
                $0["spec"] = [
                    "minReplicas": 1, "maxReplicas": 5,
                    "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)],
                    "metrics": [
                        [
                            "type": "Resource",
                            "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 60]],
                        ]
                    ],
                ]
            }
        }
    }

    private mutating func statefulSet(_ namespace: String) {
        let uid = Self.uid(&random)
        let replicas = Int64(random.pick([0, 1, 2]))
        add("v1", "Service", namespace, "db") {
            $0["spec"] = ["clusterIP": "None", "selector": ["app": "db"], "ports": [["port": 5432]]]
        }
        add("apps/v1", "StatefulSet", namespace, "db") {
            $0["metadata.uid"] = .string(uid)
            $0["spec"] = [
                "replicas": .integer(replicas), "serviceName": "db", "selector": ["matchLabels": ["app": "db"]],
                "template": Self.template("db"),
                "volumeClaimTemplates": [
                    [
                        "metadata": ["name": "data"],
                        "spec": [
                            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
                            "storageClassName": "standard",
                        ],
                    ]
                ],
            ]
        }
        for index in 0..<max(1, replicas) {
            add("v1", "PersistentVolumeClaim", namespace, "data-db-\(index)") {
                $0["metadata.annotations"] = ["pv.kubernetes.io/bind-completed": "yes"]
                $0["spec"] = [
                    "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
                    "storageClassName": "standard", "volumeName": .string("pv-\(namespace)-\(index)"),
                ]
            }
        }
    }

    private mutating func cronJob(_ namespace: String, _ name: String) {
        let beta = version < KubernetesVersion(minor: 25) && random.chance(60)
        let suspended: Bool? = random.pick([nil, false, true])
        let uid = Self.uid(&random)
        add(beta ? "batch/v1beta1" : "batch/v1", "CronJob", namespace, name) {
            $0["metadata.uid"] = .string(uid)
            $0["spec"] = [
                "schedule": "*/5 * * * *",
                "jobTemplate": ["spec": ["template": Self.template(name, restart: "OnFailure")]],
            ]
            if let suspended { $0["spec.suspend"] = .bool(suspended) }
        }
        if random.chance(50) {
            add("batch/v1", "Job", namespace, "\(name)-2801") {
                $0["metadata.ownerReferences"] = [
                    Self.owner(beta ? "batch/v1beta1" : "batch/v1", "CronJob", name, uid)
                ]
                $0["spec"] = ["template": Self.template(name, restart: "OnFailure")]
                $0["status"] = ["succeeded": 1, "completionTime": "2023-05-01T00:00:00Z"]
            }
        }
    }

    private mutating func add(
        _ apiVersion: String, _ kind: String, _ namespace: String?, _ name: String, _ edit: (inout KubeObject) -> Void
    ) {
        var object = KubeObject(GroupVersionKind(apiVersion: apiVersion, kind: kind), namespace: namespace, name: name)
        object["metadata.uid"] = .string(Self.uid(&random))
        object["metadata.resourceVersion"] = .string(String(100 + objects.count))
        object["metadata.creationTimestamp"] = "2023-04-01T00:00:00Z"
        edit(&object)
        objects.append(object)
    }

    private static func template(_ name: String, restart: String? = nil) -> JSONValue {
        var spec: JSONObject = [
            "containers": [
                [
                    "name": "c", "image": "registry.example.com/app:1",
                    "env": [["name": "MODE", "value": "yes"]],
                    "ports": [["containerPort": 8080]],
                ]
            ]
        ]
        if let restart { spec["restartPolicy"] = .string(restart) }
        return ["metadata": ["labels": ["app": .string(name)]], "spec": .object(spec)]
    }

    private static func owner(_ apiVersion: String, _ kind: String, _ name: String, _ uid: String) -> JSONValue {
        [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
            "controller": true, "blockOwnerDeletion": true,
        ]
    }

    private static func uid(_ random: inout SeededGenerator) -> String {
        let a = random.next()
        let b = random.next()
        let digits = Array("0123456789abcdef")
        var text = ""
        for (index, word) in [a, b].enumerated() {
            for nibble in 0..<16 {
                if index == 0, nibble == 8 || nibble == 12 { text.append("-") }
                if index == 1, nibble == 0 || nibble == 4 { text.append("-") }
                text.append(digits[Int(word >> UInt64(60 - 4 * nibble)) & 0xF])
            }
        }
        return text
    }
}
