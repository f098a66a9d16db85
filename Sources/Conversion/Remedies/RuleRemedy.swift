import Catalog
import Manifests

/// Rules that pick APIs by group and resource, and some by version: what took the place of those that are gone is
/// picked as well.
///
/// The old names stay, for clusters that still know them. A rule is widened where that picks nothing but the
/// successors; else a rule of its own is added behind it.
struct RuleRemedy {
    private struct API: Hashable {
        var group: String
        /// Empty where rules do not look at versions.
        var version: String
        var resource: String
    }

    private let catalog: Catalog
    private let target: KubernetesVersion
    private let hasVersions: Bool

    /// Mends every list of such rules in an object.
    static func mend(_ work: inout Mending) {
        let gvk = work.object.gvk
        switch (gvk.group, gvk.kind) {
        case ("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole"):
            mend("rules", hasVersions: false, "grants", &work)
        case ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
            ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"):
            for index in (work.object["webhooks"]?.array ?? []).indices {
                mend(
                    FieldPath("webhooks").index(index).member("rules"), hasVersions: true, "is called for", &work,
                    hint: "; the webhook has to understand that version")
            }
        case ("admissionregistration.k8s.io", _):
            for base in ["spec.matchConstraints", "spec.matchResources"] as [FieldPath] {
                mend(base.member("resourceRules"), hasVersions: true, "judges", &work)
            }
        case ("flowcontrol.apiserver.k8s.io", "FlowSchema"):
            for index in (work.object["spec.rules"]?.array ?? []).indices {
                mend(
                    FieldPath("spec.rules").index(index).member("resourceRules"), hasVersions: false, "takes", &work)
            }
        default: return
        }
    }

    private static func mend(
        _ list: FieldPath, hasVersions: Bool, _ verb: String, _ work: inout Mending, hint: String = ""
    ) {
        guard let rules = work.object[list]?.array, !rules.isEmpty else { return }
        let remedy = RuleRemedy(catalog: work.catalog, target: work.target, hasVersions: hasVersions)
        var mended: [JSONValue] = []
        for (index, rule) in rules.enumerated() {
            let missing = remedy.missing(in: rule, beside: rules)
            mended += remedy.widened(rule, by: missing)
            for api in missing.sorted(by: { ($0.group, $0.resource) < ($1.group, $1.resource) }) {
                let version = api.version.isEmpty ? api.group : "\(api.group)/\(api.version)"
                work.note(list.index(index), "\(verb) \(api.resource) of \(version) as well\(hint)")
            }
        }
        if mended != rules { work.object[list] = .array(mended) }
    }

    /// What took the place of the APIs that a rule picks and the release does not have, unless another rule picks it.
    private func missing(in rule: JSONValue, beside rules: [JSONValue]) -> Set<API> {
        var missing: Set<API> = []
        for group in words(rule, "apiGroups") where group != "*" {
            for resource in words(rule, "resources") {
                let plural = Self.plural(resource)
                guard plural != "*" else { continue }
                let picked = entries(group, plural).filter { picks(rule, $0) }
                guard !picked.isEmpty, picked.allSatisfy({ isGone($0) }) else { continue }
                let successors = picked.compactMap { catalog.replacement(for: $0.gvk, at: target) }
                    .compactMap { catalog.lifecycle(of: $0) }
                guard let successor = successors.first,
                    !rules.contains(where: { rule in successors.contains { picks(rule, $0) } })
                else { continue }
                let suffix = resource.dropFirst(plural.count)
                missing.insert(
                    API(
                        group: successor.gvk.group, version: hasVersions ? successor.gvk.version : "",
                        resource: successor.resource + suffix))
            }
        }
        return missing
    }

    /// The rule, or it and those that are added behind it.
    private func widened(_ rule: JSONValue, by missing: Set<API>) -> [JSONValue] {
        guard !missing.isEmpty else { return [rule] }
        var wide = rule
        func add(_ values: [String], to name: String) {
            let there = words(wide, name)
            let new = values.filter { !there.contains($0) && !there.contains("*") }
            wide[name] = .array((wide[name]?.array ?? []) + new.map { .string($0) })
        }
        add(Set(missing.map(\.group)).sorted(), to: "apiGroups")
        if hasVersions { add(Set(missing.map(\.version)).sorted(), to: "apiVersions") }
        add(Set(missing.map(\.resource)).sorted(), to: "resources")
        // Without resources of its own, `*` would take in all of the added group.
        let isExact =
            !words(rule, "resources").contains { Self.plural($0) == "*" }
            && catalog.lifecycles.allSatisfy { entry in
                guard entry.kindClass == .resource, !isGone(entry), picks(wide, entry), !picks(rule, entry) else {
                    return true
                }
                return missing.contains { $0.group == entry.gvk.group && Self.plural($0.resource) == entry.resource }
            }
        if isExact { return [wide] }
        return [rule]
            + missing.sorted { ($0.group, $0.resource) < ($1.group, $1.resource) }.map { api in
                var added = rule
                added["apiGroups"] = [.string(api.group)]
                if hasVersions { added["apiVersions"] = [.string(api.version)] }
                added["resources"] = [.string(api.resource)]
                return added
            }
    }

    private func picks(_ rule: JSONValue, _ entry: APILifecycle) -> Bool {
        func names(_ word: String, in list: String) -> Bool { words(rule, list).contains { $0 == "*" || $0 == word } }
        return names(entry.gvk.group, in: "apiGroups")
            && (!hasVersions || names(entry.gvk.version, in: "apiVersions"))
            && words(rule, "resources").contains { ["*", entry.resource].contains(Self.plural($0)) }
    }

    private func entries(_ group: String, _ plural: String) -> [APILifecycle] {
        catalog.lifecycles.filter { $0.gvk.group == group && $0.resource == plural && $0.kindClass == .resource }
    }

    private func isGone(_ entry: APILifecycle) -> Bool { entry.endOfService.map { target >= $0 } ?? false }

    private func words(_ rule: JSONValue, _ name: String) -> [String] {
        (rule[name]?.array ?? []).compactMap(\.string)
    }

    /// `ingresses` of `ingresses/status`.
    private static func plural(_ resource: String) -> String {
        resource.split(separator: "/").first.map(String.init) ?? resource
    }
}
