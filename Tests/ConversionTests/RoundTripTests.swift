import Conversion
import Manifests
import Testing

/// Small, seeded and the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Random autoscalers and Ingresses as a server would hold them.
private struct Generator {
    var random: SplitMix64

    mutating func bool() -> Bool { Bool.random(using: &random) }
    mutating func number(_ range: ClosedRange<Int64>) -> JSONValue { .integer(Int64.random(in: range, using: &random)) }
    mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
    mutating func quantity() -> JSONValue { .string(pick(["10", "100Mi", "2k", "250m"])) }

    mutating func metric() -> JSONValue {
        var named: JSONValue = ["name": .string(pick(["qps", "queue", "rps"]))]
        if bool() { named["selector"] = ["matchLabels": ["app": "x"]] }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            return [
                "type": "Resource",
                "resource": ["name": "memory", "target": ["type": "AverageValue", "averageValue": quantity()]],
            ]
        case 1:
            return [
                "type": "ContainerResource",
                "containerResource": [
                    "name": "cpu", "container": "c",
                    "target": ["type": "Utilization", "averageUtilization": number(1...100)],
                ],
            ]
        case 2:
            return [
                "type": "Pods",
                "pods": ["metric": named, "target": ["type": "AverageValue", "averageValue": quantity()]],
            ]
        case 3, 4:
            let average = bool()
            return [
                "type": "Object",
                "object": [
                    "metric": named, "describedObject": ["apiVersion": "v1", "kind": "Service", "name": "s"],
                    "target": average
                        ? ["type": "AverageValue", "averageValue": quantity()] : ["type": "Value", "value": quantity()],
                ],
            ]
        default:
            let average = bool()
            return [
                "type": "External",
                "external": [
                    "metric": named,
                    "target": average
                        ? ["type": "AverageValue", "averageValue": quantity()] : ["type": "Value", "value": quantity()],
                ],
            ]
        }
    }

    mutating func autoscaler() -> KubeObject {
        var object = KubeObject(
            GroupVersionKind(group: "autoscaling", version: "v2", kind: "HorizontalPodAutoscaler"), namespace: "shop",
            name: "x")
        object["spec.scaleTargetRef"] = ["apiVersion": "apps/v1", "kind": "Deployment", "name": "x"]
        object["spec.maxReplicas"] = number(1...20)
        var metrics: [JSONValue] = []
        for _ in 0..<Int.random(in: 0..<4, using: &random) { metrics.append(metric()) }
        // Last, where reading through v1 puts it.
        if bool() {
            metrics.append([
                "type": "Resource",
                "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": number(1...100)]],
            ])
        }
        if !metrics.isEmpty { object["spec.metrics"] = .array(metrics) }
        if bool() {
            var rules: JSONValue = ["selectPolicy": "Max"]
            if bool() { rules["stabilizationWindowSeconds"] = number(0...600) }
            if bool() { rules["policies"] = [["type": "Pods", "value": number(1...9), "periodSeconds": 15]] }
            object["spec.behavior"] = bool() ? ["scaleUp": rules] : ["scaleDown": rules, "scaleUp": rules]
        }
        if bool() { object[annotation: "kept"] = "yes" }
        if bool() {
            object["status.desiredReplicas"] = number(0...9)
            object["status.currentMetrics"] = bool() ? .null : [currentCPU()]
            if bool() { object["status.conditions"] = [["type": "AbleToScale", "status": "True"]] }
        }
        return object
    }

    mutating func currentCPU() -> JSONValue {
        [
            "type": "Resource",
            "resource": [
                "name": "cpu", "current": ["averageUtilization": number(0...99), "averageValue": quantity()],
            ],
        ]
    }

    mutating func backend() -> JSONValue {
        if Int.random(in: 0..<4, using: &random) == 0 { return ["resource": ["kind": "Bucket", "name": "b"]] }
        return ["service": ["name": "s", "port": bool() ? ["number": number(1...65535)] : ["name": "http"]]]
    }

    mutating func ingress() -> KubeObject {
        var object = KubeObject(
            GroupVersionKind(group: "networking.k8s.io", version: "v1", kind: "Ingress"), namespace: "shop", name: "x")
        if bool() { object["spec.defaultBackend"] = backend() }
        var rules: [JSONValue] = []
        for index in 0..<Int.random(in: 0..<3, using: &random) {
            var paths: [JSONValue] = []
            for _ in 0..<Int.random(in: 1..<4, using: &random) {
                paths.append(["path": "/p", "pathType": .string(pick(["Exact", "Prefix"])), "backend": backend()])
            }
            rules.append(["host": .string("h\(index)"), "http": ["paths": .array(paths)]])
        }
        if !rules.isEmpty { object["spec.rules"] = .array(rules) }
        return object
    }
}

@Suite("Round trips")
struct RoundTripTests {
    @Test("An autoscaler comes back from every other version, and every way round agrees", arguments: 0..<200)
    func autoscalers(_ seed: UInt64) throws {
        var generator = Generator(random: SplitMix64(state: seed))
        try expectRoundTrips(generator.autoscaler())
    }

    @Test("An Ingress comes back from every other version", arguments: 0..<100)
    func ingresses(_ seed: UInt64) throws {
        var generator = Generator(random: SplitMix64(state: seed))
        try expectRoundTrips(generator.ingress())
    }

    @Test("A budget comes back, whatever its selector")
    func budgets() throws {
        let selectors: [JSONValue?] = [nil, [:], ["matchLabels": ["a": "b"]], ["matchExpressions": [["key": "k"]]]]
        for selector in selectors {
            for version in ["v1beta1", "v1"] {
                var budget = KubeObject(
                    GroupVersionKind(group: "policy", version: version, kind: "PodDisruptionBudget"), name: "x")
                budget["spec.minAvailable"] = 1
                budget["spec.selector"] = selector
                try expectRoundTrips(budget)
            }
        }
    }

    private func expectRoundTrips(_ object: KubeObject) throws {
        let registry = ConversionRegistry.builtIn
        for purpose in [ConversionPurpose.reading, .migratingToNewest] {
            for version in registry.versions(of: object.gvk) {
                let there = try registry.convert(object, to: version, for: purpose).object
                #expect(there.gvk == version)
                let back = try registry.convert(there, to: object.gvk, for: purpose).object
                #expect(back.json.indentedText == object.json.indentedText, "by way of \(version)")
                for other in registry.versions(of: object.gvk) {
                    let direct = try registry.convert(object, to: other, for: purpose).object
                    let around = try registry.convert(there, to: other, for: purpose).object
                    #expect(direct.json.indentedText == around.json.indentedText, "\(other) by way of \(version)")
                }
            }
        }
    }
}
