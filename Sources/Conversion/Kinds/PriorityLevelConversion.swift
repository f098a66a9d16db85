public import Manifests

/// PriorityLevelConfiguration: v1alpha1 to v1beta2 say `assuredConcurrencyShares`, v1beta3 and v1
/// `nominalConcurrencyShares`.
///
/// An explicit 0 meant 30 up to v1beta3 and means "no seats of its own" in v1: going to v1 it becomes 30 unless the
/// annotation that v1beta3 has for this says that 0 is meant.
public struct PriorityLevelConversion: KindConversion {
    public let versions = ["v1alpha1", "v1beta1", "v1beta2", "v1beta3", "v1"].map {
        GroupVersionKind(group: "flowcontrol.apiserver.k8s.io", version: $0, kind: "PriorityLevelConfiguration")
    }

    static let keepsZero = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares"

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        guard var limited = object["spec.limited"]?.object else { return result }
        let nominal = target.version == "v1" || target.version == "v1beta3"
        limited.rename(
            nominal ? "assuredConcurrencyShares" : "nominalConcurrencyShares",
            to: nominal ? "nominalConcurrencyShares" : "assuredConcurrencyShares")
        if target.version == "v1" {
            let keeps = object[annotation: Self.keepsZero] != nil
            result.object[annotation: Self.keepsZero] = nil
            if limited["nominalConcurrencyShares"] == 0, !keeps {
                limited["nominalConcurrencyShares"] = 30
                result.notes.append("0 concurrency shares meant the default, 30, which is written out now")
            }
        } else if object.gvk.version == "v1", limited["nominalConcurrencyShares"] == 0 {
            result.object[annotation: Self.keepsZero] = ""
        }
        result.object["spec.limited"] = .object(limited)
        return result
    }
}
