import Findings
import Manifests

/// One rule about objects that green makes by itself, or that mean nothing there.
struct SkipRule: Sendable {
    /// Why, as a stable code; reports count by it.
    let code: String
    /// Whether the object is one of them.
    let matches: @Sendable (_ object: KubeObject, _ context: SkipContext) -> Bool

    init(_ code: String, _ matches: @escaping @Sendable (_ object: KubeObject, _ context: SkipContext) -> Bool) {
        self.code = code
        self.matches = matches
    }

    /// A rule that the kind alone decides.
    init(_ code: String, kinds: Set<GroupKind>) {
        self.init(code) { object, _ in kinds.contains(object.gvk.groupKind) }
    }

    /// A rule that the API group alone decides.
    init(_ code: String, groups: Set<String>) {
        self.init(code) { object, _ in groups.contains(object.gvk.group) }
    }
}

/// What skip rules may ask about other objects.
struct SkipContext: Sendable {
    /// `namespace/name` of every Service with a selector.
    let servicesWithSelector: Set<String>
    /// `namespace/name` of every Secret that a ServiceAccount lists as its own.
    let accountSecrets: Set<String>

    init(_ objects: [KubeObject]) {
        var services: Set<String> = []
        var secrets: Set<String> = []
        for object in objects {
            let namespace = object.namespace ?? ""
            switch object.gvk.groupKind {
            case .core("Service"):
                if let selector = object["spec.selector"]?.object, !selector.isEmpty {
                    services.insert("\(namespace)/\(object.name)")
                }
            case .core("ServiceAccount"):
                for secret in object.json["secrets"]?.array ?? [] {
                    if let name = secret["name"]?.string { secrets.insert("\(namespace)/\(name)") }
                }
            default: break
            }
        }
        servicesWithSelector = services
        accountSecrets = secrets
    }
}
