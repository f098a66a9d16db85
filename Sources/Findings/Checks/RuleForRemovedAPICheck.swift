import Catalog
import Manifests

/// Rules that pick APIs of which the target serves none any more: webhooks, admission policies, quotas, flow schemas,
/// audit policies, and those of the policy engines.
///
/// Such a rule is no error anywhere; it meets nothing, and what it guarded goes unguarded under its new name. A webhook
/// with `matchPolicy: Equivalent` is no better: equal are only versions that the server serves.
public struct RuleForRemovedAPICheck: Check {
    public let code = "rule-for-removed-api"
    public let summary = "A webhook, policy or quota picks APIs of a group or version that the target no longer has."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        APISelectorSet.all(in: subject.object).flatMap { set in
            var seen: Set<String> = []
            return set.selectors.compactMap { selector -> Finding? in
                guard selector.group.text != "*", seen.insert(selector.words).inserted else { return nil }
                return finding(about: selector, of: set, in: subject, context: context)
            }
        }.inOrderOfPlaces
    }

    public func need(in context: CheckContext) -> CheckNeed { .anyOf(APISelectorSet.carriers) }

    private func finding(
        about selector: APISelector, of set: APISelectorSet, in subject: CheckSubject, context: CheckContext
    ) -> Finding? {
        let entries = context.catalog.lifecycles.filter { $0.kindClass == .resource && selector.picks($0) }
        let ends = entries.compactMap { Self.end($0, context) }
        guard let first = entries.first, ends.count == entries.count, let since = ends.max() else { return nil }
        let successors = entries.compactMap { context.replacement(for: $0.gvk) }
        let entriesThere = successors.compactMap { context.catalog.lifecycle(of: $0) }
        // Rules that name the successor too were written for both releases.
        guard !entriesThere.contains(where: { entry in set.selectors.contains { $0.picks(entry) } }) else { return nil }
        let groupIsGone = !context.catalog.lifecycles.contains {
            $0.gvk.group == first.gvk.group && Self.names($0, selector) && Self.end($0, context) == nil
        }
        let successor = entriesThere.first
        let isMany = selector.name == .any
        return subject.finding(
            code, successor == nil ? .info : .warns, consequence: .ignored, about: first.gvk,
            at: selector.path(groupIsGone: groupIsGone), place: .reference, since: since,
            replacement: successor?.gvk,
            message: "It picks \(selector.words)\(Self.versions(selector)), where nothing is served since \(since): "
                + "\(set.effect).",
            remedy: successor.map {
                let what = isMany ? "its successors" : $0.resource
                return "Name \(what) at \($0.gvk.apiVersion) as well."
            } ?? "Remove the rule, or keep it for releases before \(since).")
    }

    private static func names(_ entry: APILifecycle, _ selector: APISelector) -> Bool {
        switch selector.name {
        case .any: true
        case .kind(let kind): entry.gvk.kind == kind
        case .resource(let plural): entry.resource == plural
        }
    }

    private static func versions(_ selector: APISelector) -> String {
        let named = selector.versions.map(\.text).filter { $0 != "*" }
        return named.isEmpty || named.count < selector.versions.count ? "" : " at \(named.joined(separator: ", "))"
    }

    /// Since when the target no longer has it; nil while it does.
    private static func end(_ entry: APILifecycle, _ context: CheckContext) -> KubernetesVersion? {
        if let served = context.served?.serves(entry.gvk), served { return nil }
        guard let end = entry.endOfService, context.target >= end else { return nil }
        return end
    }
}
