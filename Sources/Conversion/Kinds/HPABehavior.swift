import Manifests

/// The `behavior` of a HorizontalPodAutoscaler, as servers keep it in an annotation for versions without it.
///
/// There the names start with a capital and empty members are `null`, because the type has no JSON names of its own.
enum HPABehavior {
    /// The annotation's form.
    static func toGoNames(_ behavior: JSONValue) -> JSONValue {
        guard let members = behavior.object else { return behavior }
        var converted = capitalised(members)
        for direction in ["ScaleUp", "ScaleDown"] {
            guard let rules = converted[direction]?.object else {
                converted[direction] = .null
                continue
            }
            var capitals = capitalised(rules)
            for name in ["StabilizationWindowSeconds", "SelectPolicy", "Policies"] where capitals[name] == nil {
                capitals[name] = .null
            }
            capitals["Policies"] = capitals["Policies"]?.mapElements { policy in
                policy.object.map { .object(capitalised($0)) } ?? policy
            }
            converted[direction] = .object(capitals)
        }
        return .object(converted)
    }

    /// The form of `spec.behavior`; the annotation's names may start with either case, as Go's decoder allows.
    static func fromGoNames(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                JSONObject(
                    members.filter { !$0.value.isNull }.map { member -> JSONObject.Member in
                        let name = member.key.prefix(1).lowercased() + member.key.dropFirst()
                        return (key: name, value: fromGoNames(member.value))
                    }))
        case .array(let elements): .array(elements.map(fromGoNames))
        default: value
        }
    }

    private static func capitalised(_ members: JSONObject) -> JSONObject {
        JSONObject(members.map { (key: $0.key.prefix(1).uppercased() + $0.key.dropFirst(), value: $0.value) })
    }
}
