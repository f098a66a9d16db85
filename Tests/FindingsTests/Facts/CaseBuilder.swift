import Catalog
import Manifests

/// Makes values in which a statement of a fact is true, or just not.
enum CaseBuilder {
    /// Texts for the regular expressions of the data file: one that matches.
    ///
    /// A new expression needs its line here; the table test says so.
    static let samples: [String: String] = [
        #"(?m)^\s*(proxy|upstream|resyncperiod|federation)\b"#: ".:53 {\n    proxy . 8.8.8.8\n}\n",
        "k8s-dns-(kube-dns|dnsmasq-nanny|sidecar)": "k8s.example.com/k8s-dns-sidecar:1.14.8",
        "^docker://": "docker://20.10.7",
        "-token-[a-z0-9]{5}$": "builder-token-x7k2p",
        #"^(k8s\.gcr\.io|gcr\.io/google[-_]containers)/"#: "k8s.gcr.io/pause:3.2",
        #"^containerd://1\.[0-5]\."#: "containerd://1.5.13",
        #"(^|\s)(CRON_)?TZ="#: "CRON_TZ=Asia/Tokyo 0 3 * * *",
        #"leader-elect(ion)?-resource-lock=(endpoints|configmaps|endpointsleases|configmapsleases)"#:
            "--leader-elect-resource-lock=endpoints",
        #"^containerd://1\."#: "containerd://1.7.22",
        #"(registry\.k8s\.io|k8s\.gcr\.io)/ingress-nginx/controller"#:
            "registry.k8s.io/ingress-nginx/controller:v1.9.4",
        #"(^|\.)0[0-9]"#: "10.0.010.1/32",
        #"^::[fF]{4}:[0-9]+\."#: "::ffff:10.0.0.1",
        // Names that are no DNS labels.
        "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$": "web.example",
    ]

    /// Puts a value at a pattern: the first element of lists, the member itself for `..`.
    static func put(_ value: JSONValue, at steps: ArraySlice<PathPattern.Step>, into root: inout JSONValue) {
        guard let step = steps.first else {
            root = merged(root, value)
            return
        }
        let rest = steps.dropFirst()
        switch step {
        case .member(let name):
            var child = root[name] ?? .object([:])
            put(value, at: rest, into: &child)
            if case .array = root { return }
            root[name] = child
        case .each:
            var elements = root.array ?? []
            var child = elements.first ?? .object([:])
            put(value, at: rest, into: &child)
            if elements.isEmpty { elements = [child] } else { elements[0] = child }
            root = .array(elements)
        case .anywhere: put(value, at: rest, into: &root)
        case .either(let patterns): put(value, at: (patterns.first?.steps ?? []) + rest, into: &root)
        }
    }

    private static func merged(_ old: JSONValue, _ new: JSONValue) -> JSONValue {
        guard case .object(let members) = new, case .object(var result) = old else { return new }
        for member in members { result[member.key] = member.value }
        return .object(result)
    }

    /// Every way in which a test can be true, as the values to put; an empty list leaves the field out.
    static func truths(_ condition: FieldTest.Condition) -> [JSONValue?] {
        switch condition {
        case .present: [["name": "given"]]
        case .absent, .lacks, .atMost: [nil]
        case .equals(let values): values.map(typed)
        case .differs: ["10.96.0.99"]
        case .matches(let pattern): [samples[pattern.description].map { .string($0) }]
        case .mismatches(let pattern): [samples[pattern.description].map { .string($0) }]
        case .hasKey(let names): names.map { .object(JSONObject([(key: $0, value: .string("true"))])) }
        case .hasKeyPrefix(let prefix): [.object(JSONObject([(key: prefix + "web", value: .string("x"))]))]
        case .holds(let word): [.string("NodeRestriction,\(word)")]
        case .isNotAmong: ["v1alpha1"]
        case .without(let name): [.object(JSONObject([(key: "not-" + name, value: .string("x"))]))]
        case .hasHostBits: ["10.1.2.3/16"]
        }
    }

    /// A value for which a test is false while the field is written, as people write its replacement.
    static func falsehood(_ condition: FieldTest.Condition) -> JSONValue? {
        switch condition {
        case .present: nil
        case .absent: ["name": "given"]
        case .lacks(let values): typed(values.last ?? "")
        case .equals, .holds: "something-else"
        case .differs(let values): typed(values.first ?? "")
        case .matches: "plain"
        case .mismatches: "plain"
        case .hasKey, .hasKeyPrefix: ["example.com/replacement": "x"]
        case .atMost: 30
        case .isNotAmong: nil
        case .without(let name): .object(JSONObject([(key: name, value: .string("x"))]))
        case .hasHostBits: "10.1.0.0/16"
        }
    }

    static func typed(_ value: String) -> JSONValue {
        switch value {
        case "true": true
        case "false": false
        default: Int64(value).map { .integer($0) } ?? .string(value)
        }
    }

    /// The value with the tests of a probe made true; `first` is what its first test gets.
    static func make(_ probe: Probe, first: JSONValue?) -> JSONValue {
        var root: JSONValue = [:]
        put([:], at: probe.scope.steps[...], into: &root)
        for (index, test) in probe.tests.enumerated() {
            guard let value = index == 0 ? first : truths(test.condition)[0] else { continue }
            place(value, test, probe, &root)
        }
        return root
    }

    static func place(_ value: JSONValue, _ test: FieldTest, _ probe: Probe, _ root: inout JSONValue) {
        let scope = test.path.isAbsolute ? [] : probe.scope.steps
        // What other elements lack stands in an element of its own.
        if case .without = test.condition, case .member(let name) = test.path.steps.first, scope.isEmpty {
            root[name] = .array((root[name]?.array ?? []) + [value])
            return
        }
        put(value, at: (scope + test.path.steps)[...], into: &root)
    }
}
