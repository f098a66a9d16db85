public import Manifests

/// PodDisruptionBudget: policy/v1beta1 and policy/v1 have the same fields, but one of them changed its meaning.
///
/// The empty selector `{}` selects no pods in v1beta1 and all pods of the namespace in v1; an absent selector selects
/// none in both.
///
/// Servers that serve both (1.21 to 1.24) keep the meaning, not the text: they write a selector over a label that no
/// pod carries, `Exists` for "no pods" in v1 and `DoesNotExist` for "all pods" in v1beta1. This conversion does the
/// same, whatever it is for, so that an object converted here equals the one read from a cluster at the other
/// version, and a budget that protected nothing does not block every eviction of a namespace on green.
public struct PodDisruptionBudgetConversion: KindConversion {
    public let versions = ["v1beta1", "v1"].map {
        GroupVersionKind(group: "policy", version: $0, kind: "PodDisruptionBudget")
    }
    public let keepsFields = true

    /// The label of the servers' own selectors; pods never carry it.
    static let label = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"
    /// Selects no pods in v1.
    static let noneInV1 = selector("Exists")
    /// Selects all pods in v1beta1.
    static let allInV1beta1 = selector("DoesNotExist")

    private static func selector(_ operator: JSONValue) -> JSONValue {
        ["matchExpressions": [["key": .string(label), "operator": `operator`]]]
    }

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        guard let selector = object["spec.selector"]?.present else { return result }
        switch (target.version, selector) {
        case ("v1", _) where Self.isEmpty(selector):
            result.object["spec.selector"] = Self.noneInV1
            result.notes.append(
                "the empty selector selects no pods in policy/v1beta1 but all pods in policy/v1; "
                    + "it became one that selects none. If the budget was meant to protect pods, name their labels")
        case ("v1", Self.allInV1beta1): result.object["spec.selector"] = [:]
        case ("v1beta1", Self.noneInV1): result.object["spec.selector"] = [:]
        case ("v1beta1", _) where Self.isEmpty(selector):
            result.object["spec.selector"] = Self.allInV1beta1
            result.notes.append("the empty selector selects all pods in policy/v1; it became one that does in v1beta1")
        default: break
        }
        return result
    }

    /// True for `{}` and for a selector whose lists are empty, which servers treat alike.
    private static func isEmpty(_ selector: JSONValue) -> Bool {
        guard let members = selector.object else { return false }
        return members.allSatisfy { member in
            member.value.isNull || member.value.array?.isEmpty == true || member.value.object?.isEmpty == true
        }
    }
}
