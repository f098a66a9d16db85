import Catalog
import Manifests

/// Fields that name another object's kind where the target does not serve it.
///
/// Only what is certain is found. Autoscalers look their target up by group and kind and take any version of it, so
/// `apps/v1beta1` there goes on working and `extensions/v1beta1` does not; kustomize compares versions word by word.
public struct ReferencedAPICheck: Check {
    public let code = "reference-api"
    public let summary = "A field refers to another object in a group or at a version the target does not serve."

    /// Kinds with the places that hold `apiVersion` and `kind` of what they act on.
    private static let places: [GroupKind: [FieldPath]] = [
        GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler"): ["spec.scaleTargetRef"],
        GroupKind(group: "autoscaling.k8s.io", kind: "VerticalPodAutoscaler"): ["spec.targetRef"],
        GroupKind(group: "keda.sh", kind: "ScaledObject"): ["spec.scaleTargetRef"],
        GroupKind(group: "argoproj.io", kind: "Rollout"): ["spec.workloadRef"],
    ]

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let object = subject.object
        var references: [(gvk: GroupVersionKind, path: FieldPath)] = []
        for place in Self.places[object.gvk.groupKind] ?? [] {
            if let apiVersion = object[place]?["apiVersion"]?.string, let kind = object[place]?["kind"]?.string {
                let gvk = GroupVersionKind(apiVersion: apiVersion, kind: kind)
                let versions = context.catalog.lifecycles(of: gvk.groupKind)
                guard !versions.contains(where: { $0.exists(at: context.target) }) else { continue }
                references.append((gvk, place.member("apiVersion")))
            }
        }
        references += kustomizeTargets(of: object)
        return references.compactMap { reference in
            guard case .removed(let since) = APIVerdict(of: reference.gvk, context: context) else { return nil }
            let replacement = context.replacement(for: reference.gvk)
            return subject.finding(
                code, .breaks, about: reference.gvk, at: reference.path, place: .reference, since: since,
                replacement: replacement,
                message: "\(reference.path) refers to \(reference.gvk), which is no longer served since \(since).",
                remedy: replacement.map { "Write \($0.apiVersion) there." } ?? "Point it at a kind that is served.")
        }
    }

    /// The targets of patches in a kustomization, which must match the resources' versions word for word.
    private func kustomizeTargets(of object: KubeObject) -> [(gvk: GroupVersionKind, path: FieldPath)] {
        guard object.gvk.group == "kustomize.config.k8s.io" else { return [] }
        return ["patches", "patchesJson6902"].flatMap { member in
            (object[FieldPath([.member(member)])]?.array ?? []).enumerated().compactMap { index, patch in
                guard let target = patch["target"], let version = target["version"]?.string,
                    let kind = target["kind"]?.string
                else { return nil }
                let gvk = GroupVersionKind(group: target["group"]?.string ?? "", version: version, kind: kind)
                return (gvk, FieldPath([.member(member)]).index(index).member("target").member("version"))
            }
        }
    }
}
