import Manifests

/// Which kinds hold rules that pick APIs, and where.
extension APISelectorSet {
    /// Words of which a document with such rules holds at least one.
    static let carriers: Set<String> = [
        "admissionregistration.k8s.io", "flowcontrol.apiserver.k8s.io", "ResourceQuota", "audit.k8s.io",
        "EncryptionConfiguration", "kyverno.io", "gatekeeper.sh", "argoproj.io", "velero.io",
    ]

    /// All sets of rules in an object.
    static func all(in object: KubeObject) -> [APISelectorSet] {
        let gvk = object.gvk
        switch (gvk.group, gvk.kind) {
        case ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
            ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"):
            return each(object, "webhooks").map { webhook in
                let name = object[webhook]?["name"]?.string.map { " \($0)" } ?? ""
                return APISelectorSet(
                    effect: "the webhook\(name) is not called for it",
                    selectors: rules(object, each(object, webhook.member("rules"))))
            }
        case ("admissionregistration.k8s.io", _):
            return ["spec.matchConstraints", "spec.matchResources"].map { (base: FieldPath) in
                APISelectorSet(
                    effect: "the policy does not judge it",
                    selectors: rules(object, each(object, base.member("resourceRules"))))
            }
        case ("flowcontrol.apiserver.k8s.io", "FlowSchema"):
            let places = each(object, "spec.rules").flatMap { each(object, $0.member("resourceRules")) }
            return [
                APISelectorSet(
                    effect: "its requests fall to another flow schema", selectors: rules(object, places))
            ]
        case ("", "ResourceQuota"):
            return [APISelectorSet(effect: "nothing limits its number", selectors: quotas(object))]
        case ("audit.k8s.io", "Policy"):
            return each(object, "rules").map { rule in
                APISelectorSet(
                    effect: "the audit rule does not meet it",
                    selectors: each(object, rule.member("resources")).flatMap { entry in
                        let group = APISelector.Word(
                            text: object[entry]?["group"]?.string ?? "", path: entry.member("group"))
                        return names(object, entry.member("resources")).map {
                            APISelector(group: group, versions: [], name: $0)
                        }
                    })
            }
        case ("apiserver.config.k8s.io", "EncryptionConfiguration"):
            return each(object, "resources").map { entry in
                APISelectorSet(
                    effect: "nothing of the kind is encrypted",
                    selectors: dotted(object, each(object, entry.member("resources"))))
            }
        case ("velero.io", _):
            let bases: [FieldPath] = ["spec", "spec.template"]
            return bases.map { base in
                APISelectorSet(
                    effect: "the backup leaves it out",
                    selectors: dotted(object, each(object, base.member("includedResources"))))
            }
        default: return ofPolicyEngines(object)
        }
    }

    private static func ofPolicyEngines(_ object: KubeObject) -> [APISelectorSet] {
        let gvk = object.gvk
        switch (gvk.group, gvk.kind) {
        case ("constraints.gatekeeper.sh", _):
            let selectors = each(object, "spec.match.kinds").flatMap { entry in
                (object[entry.member("kinds")]?.array ?? []).compactMap(\.string).flatMap { kind in
                    words(object, entry.member("apiGroups")).map {
                        APISelector(group: $0, versions: [], name: kind == "*" ? .any : .kind(kind))
                    }
                }
            }
            return [APISelectorSet(effect: "the constraint does not judge it", selectors: selectors)]
        case ("config.gatekeeper.sh", "Config"):
            return [
                APISelectorSet(
                    effect: "Gatekeeper does not see it",
                    selectors: each(object, "spec.sync.syncOnly").compactMap { groupKind(object, $0) })
            ]
        case ("kyverno.io", "ClusterPolicy"), ("kyverno.io", "Policy"):
            return each(object, "spec.rules").map { rule in
                let match = rule.member("match")
                let blocks =
                    [match] + each(object, match.member("any")) + each(object, match.member("all"))
                let kinds = blocks.flatMap { each(object, $0.member("resources").member("kinds")) }
                return APISelectorSet(
                    effect: "the policy does not judge it", selectors: kinds.compactMap { kyverno(object, $0) })
            }
        case ("argoproj.io", "AppProject"):
            return ["clusterResourceWhitelist", "namespaceResourceWhitelist"].map { list in
                APISelectorSet(
                    effect: "what takes its place is not allowed in the project",
                    selectors: each(object, FieldPath("spec").member(list)).compactMap { groupKind(object, $0) })
            }
        case ("argoproj.io", "Application"), ("argoproj.io", "ApplicationSet"):
            let spec: FieldPath = gvk.kind == "Application" ? "spec" : "spec.template.spec"
            return [
                APISelectorSet(
                    effect: "its differences are no longer ignored",
                    selectors: each(object, spec.member("ignoreDifferences")).compactMap { groupKind(object, $0) })
            ]
        default: return []
        }
    }

    private static func each(_ object: KubeObject, _ path: FieldPath) -> [FieldPath] {
        EmbeddedManifests.each(object, path)
    }

    private static func words(_ object: KubeObject, _ path: FieldPath) -> [APISelector.Word] {
        each(object, path).compactMap { path in
            object[path]?.string.map { APISelector.Word(text: $0, path: path) }
        }
    }

    /// `apiGroups`, `apiVersions` and `resources`, each with each.
    private static func rules(_ object: KubeObject, _ places: [FieldPath]) -> [APISelector] {
        places.flatMap { place in
            let versions = words(object, place.member("apiVersions"))
            let names = names(object, place.member("resources"))
            return words(object, place.member("apiGroups")).flatMap { group in
                names.map { APISelector(group: group, versions: versions, name: $0) }
            }
        }
    }

    /// Plurals of a list, each once; `ingresses/status` goes with `ingresses`, `*/scale` with everything.
    private static func names(_ object: KubeObject, _ path: FieldPath) -> [APISelector.Name] {
        var seen: Set<APISelector.Name> = []
        return words(object, path).compactMap { word in
            let plural = word.text.split(separator: "/").first.map(String.init) ?? "*"
            let name: APISelector.Name = plural == "*" ? .any : .resource(plural)
            return seen.insert(name).inserted ? name : nil
        }
    }

    /// `ingresses.extensions`.
    private static func dotted(_ object: KubeObject, _ places: [FieldPath]) -> [APISelector] {
        places.compactMap { place in object[place]?.string.flatMap { dotted($0, at: place) } }
    }

    private static func dotted(_ text: String, at path: FieldPath) -> APISelector? {
        let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        return APISelector(group: .init(text: parts[1], path: path), versions: [], name: .resource(parts[0]))
    }

    /// `count/ingresses.extensions` among the limits.
    private static func quotas(_ object: KubeObject) -> [APISelector] {
        (object["spec.hard"]?.object ?? [:]).compactMap { limit in
            guard limit.key.hasPrefix("count/") else { return nil }
            return dotted(
                String(limit.key.dropFirst("count/".count)), at: FieldPath("spec.hard").member(limit.key))
        }
    }

    /// A mapping with `group` and `kind`, and sometimes `version`.
    private static func groupKind(_ object: KubeObject, _ place: FieldPath) -> APISelector? {
        guard let kind = object[place]?["kind"]?.string, let group = object[place]?["group"]?.string else { return nil }
        let version = object[place]?["version"]?.string
        return APISelector(
            group: .init(text: group, path: place.member("group")),
            versions: version.map { [.init(text: $0, path: place.member("version"))] } ?? [],
            name: kind == "*" ? .any : .kind(kind))
    }

    /// `group/version/Kind`; shorter forms name no group.
    private static func kyverno(_ object: KubeObject, _ place: FieldPath) -> APISelector? {
        let parts = (object[place]?.string ?? "").split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)
        guard parts.count == 3, parts[2].first?.isUppercase == true else { return nil }
        return APISelector(
            group: .init(text: parts[0], path: place), versions: [.init(text: parts[1], path: place)],
            name: .kind(parts[2]))
    }
}
