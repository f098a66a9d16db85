public import Manifests

/// RBAC: v1alpha1 says of a subject its `apiVersion`, v1beta1 and v1 its `apiGroup`; roles are the same in all.
///
/// In v1alpha1 the user `*` stood for everybody who is authenticated, which is a group elsewhere.
public struct RBACConversion: KindConversion {
    public let versions: [GroupVersionKind]

    /// For one of the four kinds.
    public init(kind: String) {
        versions = ["v1alpha1", "v1beta1", "v1"].map {
            GroupVersionKind(group: Self.group, version: $0, kind: kind)
        }
    }

    static let all: [any KindConversion] = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"].map {
        RBACConversion(kind: $0)
    }

    private static let group = "rbac.authorization.k8s.io"

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        let fromAlpha = object.gvk.version == "v1alpha1"
        guard fromAlpha != (target.version == "v1alpha1"), let subjects = object["subjects"]?.array else {
            return result
        }
        var converted: [JSONValue] = []
        for (index, subject) in subjects.enumerated() {
            guard var members = subject.object else { return result }
            if fromAlpha {
                if Self.becomesGroup(&members), purpose != .reading {
                    result.notes.append("subjects[\(index)]: the user * became the group system:authenticated")
                }
            } else {
                Self.toAlpha(&members)
            }
            converted.append(.object(members))
        }
        result.object[FieldPath([.member("subjects")])] = .array(converted)
        return result
    }

    /// Writes the group; true when the user `*` became a group.
    private static func becomesGroup(_ members: inout JSONObject) -> Bool {
        let version = members.take("apiVersion")?.string ?? ""
        let isEverybody =
            members["kind"] == "User" && members["name"] == "*" && (version.isEmpty || version == "\(group)/v1alpha1")
        if isEverybody {
            members["kind"] = "Group"
            members["name"] = "system:authenticated"
        }
        switch members["kind"]?.string {
        case "ServiceAccount": break
        case "User", "Group": members["apiGroup"] = .string(group)
        default:
            let group = GroupVersionKind(apiVersion: version, kind: "").group
            if !group.isEmpty { members["apiGroup"] = .string(group) }
        }
        return isEverybody
    }

    private static func toAlpha(_ members: inout JSONObject) {
        let group = members.take("apiGroup")?.string ?? ""
        switch members["kind"]?.string {
        case "ServiceAccount": members["apiVersion"] = "v1"
        case "User", "Group": members["apiVersion"] = .string("\(Self.group)/v1alpha1")
        default: if !group.isEmpty { members["apiVersion"] = .string(group) }
        }
    }
}
