public import Manifests

/// Which Pod Security level each namespace needs, so that it admits what the PodSecurityPolicies admitted that its
/// pods may use.
///
/// Who may use a policy stands in roles and bindings; of these only those that were read count.
public struct PodSecurityNamespaces: Sendable {
    /// What one namespace needs.
    public struct Need: Sendable, Hashable {
        /// Nil for every namespace that is not named otherwise.
        public var namespace: String?
        public var level: PodSecurityLevel
        /// The policies that its pods may use, by name.
        public var policies: [String]
    }

    /// Of every namespace at last, the others by name.
    public private(set) var needs: [Need] = []
    /// People and groups that may use policies for pods which they make themselves, in any namespace.
    public private(set) var people: [(name: String, policies: [String])] = []
    /// Policies that nothing which was read lets anybody use.
    public private(set) var unused: [String] = []

    /// Whether an object has a say in it.
    public static func concerns(_ object: KubeObject) -> Bool {
        switch (object.gvk.group, object.gvk.kind) {
        case ("policy", "PodSecurityPolicy"), ("extensions", "PodSecurityPolicy"): true
        case ("rbac.authorization.k8s.io", _): true
        default: false
        }
    }

    public init(_ objects: [KubeObject]) {
        let policies = objects.filter { $0.gvk.kind == "PodSecurityPolicy" }.map(PodSecurityMapping.init)
        guard !policies.isEmpty else { return }
        let levels = Dictionary(policies.map { ($0.policy, $0.level) }) { max($0, $1) }
        var roles: [String: Set<String>] = [:]
        for role in objects where ["Role", "ClusterRole"].contains(role.gvk.kind) {
            let names = Self.policies(of: role, all: Set(levels.keys))
            if !names.isEmpty { roles[Self.key(role.gvk.kind, role.namespace, role.name)] = names }
        }
        var used: [String: Set<String>] = [:]
        var everywhere: Set<String> = []
        var people: [String: Set<String>] = [:]
        for binding in objects where ["RoleBinding", "ClusterRoleBinding"].contains(binding.gvk.kind) {
            let kind = binding["roleRef.kind"]?.string ?? ""
            let key = Self.key(kind, kind == "Role" ? binding.namespace : nil, binding["roleRef.name"]?.string ?? "")
            guard let names = roles[key] else { continue }
            for subject in binding["subjects"]?.array ?? [] {
                let reach = Self.namespace(of: subject)
                if binding.gvk.kind == "RoleBinding" {
                    // It counts in its own namespace, for pods and for who makes them there.
                    let own = binding.namespace ?? "default"
                    if reach == nil || reach == own { used[own, default: []].formUnion(names) }
                } else if let reach {
                    used[reach, default: []].formUnion(names)
                } else if let name = subject["name"]?.string, !Self.everybody.contains(name) {
                    people["\(subject["kind"]?.string ?? "") \(name)", default: []].formUnion(names)
                } else {
                    everywhere.formUnion(names)
                }
            }
        }
        func need(_ namespace: String?, _ names: Set<String>) -> Need? {
            names.compactMap { levels[$0] }.max().map {
                Need(namespace: namespace, level: $0, policies: names.sorted())
            }
        }
        needs = used.sorted { $0.key < $1.key }.compactMap { need($0.key, $0.value.union(everywhere)) }
        if let every = need(nil, everywhere) { needs.append(every) }
        self.people = people.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
        unused = Set(levels.keys).subtracting(used.values.reduce(everywhere) { $0.union($1) })
            .subtracting(people.values.joined()).sorted()
    }

    /// Groups that every pod's service account is in.
    private static let everybody: Set<String> = [
        "system:serviceaccounts", "system:authenticated", "system:unauthenticated",
    ]

    private static func key(_ kind: String, _ namespace: String?, _ name: String) -> String {
        "\(kind)/\(kind == "Role" ? namespace ?? "default" : "")/\(name)"
    }

    /// The policies that a role lets its holders use.
    private static func policies(of role: KubeObject, all: Set<String>) -> Set<String> {
        var found: Set<String> = []
        for rule in role["rules"]?.array ?? [] {
            func names(_ list: String, _ words: Set<String>) -> Bool {
                (rule[list]?.array ?? []).contains { $0.string.map { $0 == "*" || words.contains($0) } ?? false }
            }
            guard names("apiGroups", ["policy", "extensions"]), names("resources", ["podsecuritypolicies"]),
                names("verbs", ["use"])
            else { continue }
            let listed = (rule["resourceNames"]?.array ?? []).compactMap(\.string)
            found.formUnion(listed.isEmpty ? all : all.intersection(listed))
        }
        return found
    }

    /// The namespace whose pods a subject stands for; nil for all of them, and for people.
    private static func namespace(of subject: JSONValue) -> String? {
        let name = subject["name"]?.string ?? ""
        switch subject["kind"]?.string {
        case "ServiceAccount": return subject["namespace"]?.string
        case "Group": return after("system:serviceaccounts:", name)
        case "User": return after("system:serviceaccount:", name).map { String($0.prefix { $0 != ":" }) }
        default: return nil
        }
    }

    private static func after(_ prefix: String, _ text: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }
}
