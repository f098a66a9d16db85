import Catalog
import Manifests

/// The documents in which one probe of one change is true, and those in which it just is not.
struct BehaviourCases {
    let change: BehaviourChange
    let probe: Probe

    init(_ change: BehaviourChange, _ probe: Probe) {
        self.change = change
        self.probe = probe
    }

    var all: [FactCase] {
        if case .flag(let components, let names, let test) = probe.carrier { return flags(components, names, test) }
        guard let first = probe.tests.first else { return version }
        var cases: [FactCase] = []
        for value in CaseBuilder.truths(first.condition) {
            let root = CaseBuilder.make(probe, first: value)
            cases += carried(root, true, "\(value.map { "\($0)" } ?? "nothing") at \(first.path)")
        }
        // Its replacement, or the field left out.
        if case .hasHostBits = first.condition {
        } else if probe.told == nil {
            let root = CaseBuilder.make(probe, first: CaseBuilder.falsehood(first.condition))
            cases += carried(root, false, "the replacement at \(first.path)")
        }
        for exception in probe.exceptions {
            guard let value = CaseBuilder.truths(exception.condition)[0] else { continue }
            var root = CaseBuilder.make(probe, first: CaseBuilder.truths(first.condition)[0])
            CaseBuilder.place(value, exception, probe, &root)
            cases += carried(root, false, "the exception \(exception.path)")
        }
        return cases
    }

    private func entry(_ json: JSONValue, _ isFound: Bool, _ what: String) -> FactCase {
        let code: String
        switch probe.carrier {
        case .flag: code = "component-flag"
        case .configuration, .kubeconfig: code = "component-configuration"
        default: code = "behaviour-change"
        }
        return FactCase(
            json: json, code: probe.told ?? code, fact: probe.told == nil ? change.id : nil,
            since: change.since, isFound: isFound, what: "\(change.id): \(what)")
    }

    /// The root at the place that the carrier means.
    private func carried(_ root: JSONValue, _ isFound: Bool, _ what: String) -> [FactCase] {
        switch probe.carrier {
        case .object(let group, let version, let kind):
            return [entry(object(group, version, kind, root), isFound, what)]
        case .anyObject: return [entry(object("", "v1", "ConfigMap", root), isFound, what)]
        case .pod, .podMetadata: return pods(root, isFound, what)
        case .staticPod:
            var root = root
            root[FieldPath([.member("metadata"), .member("annotations"), .member("kubernetes.io/config.source")])] =
                "file"
            return [entry(object("", "v1", "Pod", root), isFound, what)]
        case .configuration(let group, let version, let kind):
            return files(object(group, version ?? "v1", kind ?? "ClusterConfiguration", root), isFound, what)
        case .kubeconfig: return files(object("", "v1", "Config", root), isFound, what)
        case .flag: return []
        }
    }

    private func object(_ group: String, _ version: String?, _ kind: String, _ root: JSONValue) -> JSONValue {
        let served = Catalog.builtIn.lifecycles(of: GroupKind(group: group, kind: kind)).first {
            $0.exists(at: change.since) && $0.exists(at: KubernetesVersion(minor: change.since.minor - 1))
        }
        var json = root
        let gvk = GroupVersionKind(group: group, version: version ?? served?.gvk.version ?? "v1", kind: kind)
        json["apiVersion"] = .string(gvk.apiVersion)
        json["kind"] = .string(kind)
        return json
    }

    /// In every kind that makes pods.
    private func pods(_ root: JSONValue, _ isFound: Bool, _ what: String) -> [FactCase] {
        CatalogFacts.builtIn.mounts.filter { $0.name == "PodSpec" }.map { mount in
            var json: JSONValue = [:]
            let isSpec = if case .pod = probe.carrier { true } else { false }
            let steps = isSpec ? mount.path.steps : Array(mount.path.steps.dropLast())
            CaseBuilder.put(root, at: steps[...], into: &json)
            if !isSpec { CaseBuilder.put([:], at: mount.path.steps[...], into: &json) }
            let whole = object(mount.group, mount.version ?? "v1", mount.kind, json)
            return entry(whole, isFound, "\(what) in \(mount.kind)")
        }
    }

    /// As a file, and as the text of a ConfigMap.
    private func files(_ json: JSONValue, _ isFound: Bool, _ what: String) -> [FactCase] {
        let holder: JSONValue = [
            "apiVersion": "v1", "kind": "ConfigMap", "data": ["config.yaml": .string("# kept\n" + YAML.text(json))],
        ]
        return [entry(json, isFound, what), entry(holder, isFound, "\(what) in a ConfigMap")]
    }

    /// Configuration of which the version alone is what changed.
    private var version: [FactCase] {
        guard case .configuration(let group, let version, let kind) = probe.carrier else { return [] }
        let name = kind ?? (group.hasPrefix("audit") ? "Policy" : "ClusterConfiguration")
        let json = object(group, version, name, [:])
        var cases = files(json, true, "\(group)/\(version ?? "")")
        // Of a file whose version is gone the check of API versions speaks.
        if Catalog.builtIn.lifecycle(
            of: GroupVersionKind(group: group, version: version ?? "", kind: name)) != nil
        {
            cases[0].code = "api-removed"
            cases[0].fact = nil
        }
        cases += files(object(group, "v99", name, [:]), false, "\(group)/v99")
        return cases
    }

    private func flags(_ components: [String], _ names: [String], _ test: Probe.FlagTest) -> [FactCase] {
        let components = components.isEmpty ? ["kube-proxy", "kube-scheduler"] : components
        // Of several that must not be missing, all are there in the good case.
        let needed = change.probes.flatMap { probe -> [String] in
            guard case .flag(_, let names, .isMissing) = probe.carrier else { return [] }
            return names.map { "--\($0)=x" }
        }
        var cases: [FactCase] = []
        for component in components {
            for name in names {
                let value: String
                switch test {
                case .equals(let values): value = values.last ?? ""
                case .holds(let word): value = "NodeRestriction,\(word)"
                case .isSet, .isMissing: value = "x"
                }
                let isMissing = test == .isMissing
                let with = "--\(name)=\(value)"
                cases += [
                    entry(pod(component, isMissing ? ["--v=2"] : ["--v=2", with]), true, "\(component) --\(name)"),
                    entry(
                        pod(component, isMissing ? needed : ["--v=2"]), false, "\(component) with what it needs"),
                    entry(pod("nginx", isMissing ? ["--v=2"] : [with]), false, "nginx --\(name)"),
                ]
                guard !isMissing else { continue }
                cases.append(entry(pod(component, ["--\(name)", value]), true, "\(component) --\(name) in two words"))
                cases.append(
                    entry(
                        shell("exec /usr/local/bin/\(component) --v=2 \(with) >> /dev/null"), true,
                        "\(component) --\(name) in a shell"))
                cases += kubeadm(component, name, value)
            }
        }
        if case .equals = test {
            cases.append(entry(pod(components[0], ["--\(names[0])=other"]), false, "another value"))
        }
        return cases
    }

    private func pod(_ component: String, _ arguments: [String]) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "spec": [
                "containers": [
                    [
                        "name": .string(component), "image": "registry.example.com/hyperkube:v1",
                        "command": .array(([component] + arguments).map { .string($0) }),
                    ]
                ]
            ],
        ]
    }

    private func shell(_ line: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "spec": ["containers": [["name": "c", "command": ["/bin/sh", "-c", .string(line)]]]],
        ]
    }

    /// In the extra arguments of kubeadm, as a map and as the list that came with v1beta4.
    private func kubeadm(_ component: String, _ name: String, _ value: String) -> [FactCase] {
        let places = [
            "kube-apiserver": "apiServer", "kube-controller-manager": "controllerManager",
            "kube-scheduler": "scheduler",
        ]
        let map: JSONValue = .object(JSONObject([(key: name, value: .string(value))]))
        let list: JSONValue = [["name": .string(name), "value": .string(value)]]
        return [("v1beta2", map), ("v1beta4", list)].flatMap { version, extra -> [FactCase] in
            var json: JSONValue = ["apiVersion": .string("kubeadm.k8s.io/\(version)")]
            if let place = places[component] {
                json["kind"] = "ClusterConfiguration"
                json[place] = ["extraArgs": extra]
            } else if component == "kubelet" {
                json["kind"] = "JoinConfiguration"
                json["nodeRegistration"] = ["kubeletExtraArgs": extra]
            } else {
                return []
            }
            let holder: JSONValue = [
                "apiVersion": "v1", "kind": "ConfigMap", "data": ["ClusterConfiguration": .string(YAML.text(json))],
            ]
            return [
                entry(json, true, "\(component) \(name) in kubeadm \(version)"),
                entry(holder, true, "\(component) \(name) in kubeadm \(version) in a ConfigMap"),
            ]
        }
    }
}
