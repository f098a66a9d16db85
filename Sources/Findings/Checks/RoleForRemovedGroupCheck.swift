import Catalog
import Manifests

/// Roles that grant something in an API group of which the target serves nothing.
///
/// Such a rule is no error; it grants nothing, and whoever leaned on it is refused at the successor group.
public struct RoleForRemovedGroupCheck: Check {
    public let code = "role-for-removed-group"
    public let summary = "A role grants access to resources of an API group that the target no longer has."

    public init() {}

    public func need(in context: CheckContext) -> CheckNeed {
        let gone = context.catalog.lifecycles.filter { entry in
            entry.kindClass == .resource && (entry.endOfService.map { context.target >= $0 } ?? false)
        }
        return .anyGroupOf(
            Set(gone.map { ["rbac.authorization.k8s.io", $0.gvk.group, $0.resource] }), in: ["Role", "ClusterRole"])
    }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let object = subject.object
        guard object.gvk.group == "rbac.authorization.k8s.io", ["Role", "ClusterRole"].contains(object.gvk.kind) else {
            return []
        }
        var findings: [Finding] = []
        let rules = object["rules"]?.array ?? []
        for (index, rule) in rules.enumerated() {
            let groups = (rule["apiGroups"]?.array ?? []).compactMap(\.string)
            let resources = (rule["resources"]?.array ?? []).compactMap(\.string)
            for (place, group) in groups.enumerated() where group != "*" {
                for (resource, entries) in gone(group, resources, context) {
                    let successors = Set(
                        entries.compactMap { context.replacement(for: $0)?.group })
                    // A role that grants it in the successor's group too was written for both releases.
                    guard let since = entries.compactMap({ context.catalog.lifecycle(of: $0)?.endOfService }).max(),
                        let first = entries.first,
                        !rules.contains(where: { grants(resource, inOneOf: successors, rule: $0) })
                    else { continue }
                    let path = FieldPath([.member("rules")]).index(index).member("apiGroups").index(place)
                    findings.append(
                        subject.finding(
                            code, successors.isEmpty ? .info : .warns,
                            consequence: successors.isEmpty ? .nothingYet : .breaksLater, about: first, at: path,
                            place: .reference,
                            since: since, replacement: context.replacement(for: first),
                            message: "It grants \(resource) in group \(group), where nothing of that name is served "
                                + "since \(since).",
                            remedy: successors.sorted().first.map { "Grant \(resource) in group \($0) as well." }
                                ?? "Remove the rule."))
                }
            }
        }
        return findings
    }

    private func grants(_ resource: String, inOneOf groups: Set<String>, rule: JSONValue) -> Bool {
        let named = (rule["apiGroups"]?.array ?? []).compactMap(\.string)
        let resources = (rule["resources"]?.array ?? []).compactMap(\.string)
        return named.contains { $0 == "*" || groups.contains($0) }
            && resources.contains { $0 == "*" || $0 == resource }
    }

    /// The resources a rule names that once were in the group and no longer are in any version.
    private func gone(
        _ group: String, _ resources: [String], _ context: CheckContext
    )
        -> [(resource: String, entries: [GroupVersionKind])]
    {
        let inGroup = context.catalog.lifecycles.filter { $0.gvk.group == group && $0.kindClass == .resource }
        var seen: Set<String> = []
        return resources.compactMap { resource in
            // `ingresses/status` goes with `ingresses`.
            let plural = resource.split(separator: "/").first.map(String.init) ?? resource
            guard seen.insert(plural).inserted else { return nil }
            let entries = inGroup.filter { $0.resource == plural }
            guard !entries.isEmpty,
                entries.allSatisfy({ $0.endOfService.map { context.target >= $0 } ?? false })
            else { return nil }
            return (plural, entries.map(\.gvk))
        }
    }
}
