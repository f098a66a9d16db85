import Catalog
import Manifests

/// The rights that a migration needs on each side, and no more.
///
/// Reading is asked for whole: an inventory with holes makes a plan that loses things silently. Changing is asked for
/// by kind, as the plan has it.
public enum PlanRights {
    /// What everybody who takes an inventory, makes a plan or applies one reads.
    public static let reading = AccessRule(group: "*", resources: ["*"], verbs: ["get", "list"])

    /// The rules of one side's Lease: politeness between two operators.
    public static func lease(named name: String?) -> [AccessRule] {
        [
            AccessRule(
                group: "coordination.k8s.io", resources: ["leases"], verbs: ["get", "update"],
                names: name.map { [$0] } ?? []),
            // A name is not known to the authorizer while an object is being made.
            AccessRule(group: "coordination.k8s.io", resources: ["leases"], verbs: ["create"]),
        ]
    }

    /// What a plan changes on one side.
    public static func changing(_ plan: Plan, _ objects: [PlannedObject], side: Side) -> [AccessRule] {
        var needs: [Need: (verbs: Set<String>, namespaces: Set<String>?)] = [:]
        func add(_ kind: GroupKind, _ namespace: String?, _ verbs: [String]) {
            let need = Need(group: kind.group, resource: plural(kind, objects))
            var known = needs[need] ?? ([], [])
            known.verbs.formUnion(verbs)
            if let namespace { known.namespaces?.insert(namespace) } else { known.namespaces = nil }
            needs[need] = known
        }
        if let secret = plan.mirror?.secret, secret.side == side {
            add(.core("Secret"), secret.namespace, ["create", "delete", "get", "list", "update"])
        }
        let lines = Dictionary(objects.map { ($0.object, $0) }) { first, _ in first }
        for (_, step) in plan.steps {
            switch step.action {
            case .setFields(let action) where action.side == side:
                for change in action.changes { add(change.object.kind, change.object.namespace, ["patch"]) }
            case .apply(let action) where side == .green:
                for object in action.objects {
                    let target = lines[object]?.greenReference ?? object
                    add(target.kind, target.namespace, created(target.kind))
                    // What stands there already is completed, and what was made is taken away on the way back.
                    if lines[object]?.mergesIntoExisting == true { add(target.kind, target.namespace, ["patch"]) }
                }
            default: break
            }
        }
        return needs.map { need, known in
            AccessRule(
                group: need.group, resources: [need.resource], verbs: Array(known.verbs),
                namespaces: known.namespaces.map(Array.init))
        }.sorted()
    }

    /// What is changed on one side when no plan says it more exactly.
    public static func changing(side: Side) -> [AccessRule] {
        switch side {
        case .blue:
            [
                AccessRule(group: "", resources: ["replicationcontrollers"], verbs: ["patch"]),
                AccessRule(group: "apps", resources: ["deployments", "replicasets", "statefulsets"], verbs: ["patch"]),
                AccessRule(group: "autoscaling", resources: ["horizontalpodautoscalers"], verbs: ["patch"]),
                AccessRule(group: "batch", resources: ["cronjobs", "jobs"], verbs: ["patch"]),
            ]
        case .green:
            [
                AccessRule(group: "*", resources: ["*"], verbs: ["create", "delete", "patch"]),
                AccessRule(
                    group: "rbac.authorization.k8s.io", resources: ["clusterroles", "roles"],
                    verbs: ["bind", "escalate"]),
            ]
        }
    }

    private struct Need: Hashable {
        var group: String
        var resource: String
    }

    private static func created(_ kind: GroupKind) -> [String] {
        guard kind.group == "rbac.authorization.k8s.io" else { return ["create", "delete", "patch"] }
        // A server lets nobody hand out rights that he has not got himself, except by these two verbs. Both are asked
        // about roles, also for bindings.
        return kind.kind.hasSuffix("Binding")
            ? ["create", "delete", "patch"] : ["bind", "create", "delete", "escalate", "patch"]
    }

    /// The name in addresses: as Kubernetes has it, as a definition in the plan has it, else as almost all have it.
    private static func plural(_ kind: GroupKind, _ objects: [PlannedObject]) -> String {
        if let known = Catalog.builtIn.lifecycles(of: kind).first?.resource, known != "-" { return known }
        for line in objects where line.object.kind.kind == "CustomResourceDefinition" {
            let names = line.desired?["spec"]?["names"]
            guard line.desired?["spec"]?["group"]?.string == kind.group, names?["kind"]?.string == kind.kind else {
                continue
            }
            if let plural = names?["plural"]?.string { return plural }
        }
        return kind.kind.lowercased() + "s"
    }
}
