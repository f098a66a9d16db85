import Manifests

extension ClusterMaker {
    mutating func workload(_ namespace: String, _ name: String) {
        let replicas = Int64(random.pick([0, 1, 1, 2, 3]))
        let isServed = random.chance(70)
        let recreate = random.chance(20)
        let odd = random.chance(30)
        // Labels are shorter than names may be.
        let label = JSONValue.string(String(name.prefix(40)))
        add("v1", "ConfigMap", namespace, "\(name)-config") { $0["data"] = ["mode": "yes"] }
        add("v1", "Secret", namespace, "\(name)-secret") {
            $0["type"] = "Opaque"
            $0["data"] = ["password": "aHVudGVyMg=="]
        }
        let template = template(label, config: "\(name)-config")
        let uid = add("apps/v1", "Deployment", namespace, name) {
            if odd {
                $0["metadata.annotations"] = [
                    "note": "replicas: 7", "deployment.kubernetes.io/revision": "4", "kirikae.dev/unrelated": "x",
                    "kubectl.kubernetes.io/last-applied-configuration": "{\"apiVersion\":\"extensions/v1beta1\"}\n",
                ]
                $0["metadata.finalizers"] = ["example.com/keep"]
            }
            $0["spec"] = [
                "replicas": .integer(replicas), "selector": ["matchLabels": ["app": label]],
                "strategy": ["type": recreate ? "Recreate" : "RollingUpdate"], "template": template,
            ]
            $0["status"] = [
                "replicas": .integer(replicas), "readyReplicas": .integer(replicas),
                "updatedReplicas": .integer(replicas), "availableReplicas": .integer(replicas), "observedGeneration": 1,
            ]
        }
        madeByController(namespace, name, replicas, owner: uid, label, template)
        if random.chance(20) {
            // An owner that is no controller: the object is copied, the reference cannot be.
            add("v1", "ConfigMap", namespace, "\(name)-owned") {
                $0["metadata.ownerReferences"] = [Self.owner("apps/v1", "Deployment", name, uid, controller: false)]
            }
        }
        if isServed { service(namespace, name, label) }
        if random.chance(40) { budget(namespace, name, label) }
        // Also over what sleeps: an autoscaler rests while its target is at 0.
        if random.chance(40), !recreate { autoscaler(namespace, name, replicas) }
    }

    /// What its controller made, and nobody may copy.
    private mutating func madeByController(
        _ namespace: String, _ name: String, _ replicas: Int64, owner: String, _ label: JSONValue, _ template: JSONValue
    ) {
        let hash = "\(name)-7d4f"
        let uid = add("apps/v1", "ReplicaSet", namespace, hash) {
            $0["metadata.ownerReferences"] = [Self.owner("apps/v1", "Deployment", name, owner)]
            $0["spec"] = [
                "replicas": .integer(replicas), "selector": ["matchLabels": ["app": label]], "template": template,
            ]
        }
        for index in 0..<replicas {
            add("v1", "Pod", namespace, "\(hash)-\(index)") {
                $0["metadata.ownerReferences"] = [Self.owner("apps/v1", "ReplicaSet", hash, uid)]
                $0["metadata.labels"] = ["app": label]
                $0["spec"] = ["containers": [["name": "c", "image": "registry.example.com/app:1"]]]
                $0["status"] = ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]
            }
        }
    }

    private mutating func budget(_ namespace: String, _ name: String, _ label: JSONValue) {
        let empty = random.chance(25)
        let percent = random.chance(30)
        add(served("PodDisruptionBudget", ["policy/v1beta1", "policy/v1"]), "PodDisruptionBudget", namespace, name) {
            $0["spec"] = ["selector": empty ? [:] : ["matchLabels": ["app": label]]]
            $0[percent ? "spec.maxUnavailable" : "spec.minAvailable"] = percent ? "25%" : 1
        }
    }

    private mutating func autoscaler(_ namespace: String, _ name: String, _ replicas: Int64) {
        let version = served(
            "HorizontalPodAutoscaler",
            ["autoscaling/v1", "autoscaling/v2beta1", "autoscaling/v2beta2", "autoscaling/v2"])
        add(version, "HorizontalPodAutoscaler", namespace, name) {
            $0["spec"] = [
                "minReplicas": 1, "maxReplicas": 5,
                "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name)],
            ]
            switch version {
            case "autoscaling/v1": $0["spec.targetCPUUtilizationPercentage"] = 60
            case "autoscaling/v2beta1":
                $0["spec.metrics"] = [
                    ["type": "Resource", "resource": ["name": "cpu", "targetAverageUtilization": 60]]
                ]
            default:
                $0["spec.metrics"] = [
                    [
                        "type": "Resource",
                        "resource": ["name": "memory", "target": ["type": "AverageValue", "averageValue": "1500Mi"]],
                    ]
                ]
            }
            $0["status"] = ["currentReplicas": .integer(replicas), "desiredReplicas": .integer(replicas)]
        }
    }

    mutating func daemonSet(_ namespace: String) {
        let template = template("agent", config: nil)
        add("apps/v1", "DaemonSet", namespace, "agent") {
            $0["metadata.annotations"] = ["deprecated.daemonset.template.generation": "3"]
            $0["spec"] = ["selector": ["matchLabels": ["app": "agent"]], "template": template]
        }
    }

    /// ReplicaSets, ReplicationControllers and Pods that nobody owns.
    mutating func oldWorkloads(_ namespace: String) {
        let template = template("bare", config: nil)
        add("apps/v1", "ReplicaSet", namespace, "bare") {
            $0["spec"] = ["replicas": 2, "selector": ["matchLabels": ["app": "bare"]], "template": template]
        }
        add("v1", "ReplicationController", namespace, "older") {
            $0["spec"] = ["replicas": 1, "selector": ["app": "bare"], "template": template]
        }
        add("v1", "Pod", namespace, "naked") {
            $0["spec"] = ["containers": [["name": "c", "image": "i"]], "nodeName": "node-1"]
            $0["status"] = ["phase": "Running"]
        }
    }

    mutating func cronJob(_ namespace: String, _ name: String) {
        let suspended: Bool? = random.pick([nil, false, true])
        let version = served("CronJob", ["batch/v1beta1", "batch/v1"])
        let template = template(.string(name), config: nil, restart: "OnFailure")
        let schedule = random.pick(["*/5 * * * *", "@hourly", "0 3 * * MON-FRI", "0 0 31 2 *"])
        let uid = add(version, "CronJob", namespace, name) {
            $0["spec"] = [
                "schedule": .string(schedule),
                "jobTemplate": ["spec": ["template": template]],
            ]
            if let suspended { $0["spec.suspend"] = .bool(suspended) }
        }
        if random.chance(50) {
            add("batch/v1", "Job", namespace, "\(name)-2801") {
                $0["metadata.ownerReferences"] = [Self.owner(version, "CronJob", name, uid)]
                $0["spec"] = ["template": template]
                $0["status"] = Self.completed
            }
        }
    }

    /// Jobs that nobody owns: finished, and waiting to be started.
    mutating func jobs(_ namespace: String) {
        let template = template("once", config: nil, restart: "Never")
        add("batch/v1", "Job", namespace, "migrate-schema-1") {
            $0["spec"] = ["template": template, "backoffLimit": 2]
            $0["status"] = Self.completed
        }
        // Suspended Jobs are younger than the oldest minor here.
        if version.minor >= 24, random.chance(50) {
            add("batch/v1", "Job", namespace, "some-day") { $0["spec"] = ["template": template, "suspend": true] }
        }
    }

    private static let completed: JSONValue = [
        "succeeded": 1, "startTime": "2023-05-01T00:00:00Z", "completionTime": "2023-05-01T00:01:00Z",
        "conditions": [["type": "Complete", "status": "True"]],
    ]

    mutating func template(_ label: JSONValue, config: String?, restart: String? = nil) -> JSONValue {
        var environment: [JSONValue] = [["name": "MODE", "value": "yes"]]
        if !services.isEmpty, random.chance(40) {
            environment.append(
                ["name": "UPSTREAM", "value": .string("http://\(random.pick(services)).svc.cluster.local:80/")])
        }
        if let config {
            environment.append(
                ["name": "KEY", "valueFrom": ["configMapKeyRef": ["name": .string(config), "key": "mode"]]])
        }
        var spec: JSONObject = [
            "containers": [
                [
                    "name": "c",
                    "image": .string("registry.example.com:5000/app@sha256:" + String(repeating: "0", count: 64)),
                    "env": .array(environment), "ports": [["containerPort": 8080]],
                    "resources": ["requests": ["cpu": "0.1", "memory": "1e3"], "limits": ["cpu": "1000m"]],
                ]
            ]
        ]
        if random.chance(30) { spec["priorityClassName"] = "important" }
        if let restart { spec["restartPolicy"] = .string(restart) }
        return ["metadata": ["labels": ["app": label]], "spec": .object(spec)]
    }
}
