import Manifests

/// Compares what we wrote with what a server keeps, which is not always the same text: defaults are filled in, empty
/// maps dropped, quantities rewritten.
enum FieldComparison {
    /// Whether two values of one field mean the same.
    ///
    /// Absent, null and empty are one.
    static func same(_ lhs: JSONValue?, _ rhs: JSONValue?) -> Bool {
        isEmpty(lhs) && isEmpty(rhs) || lhs == rhs
    }

    /// The places at which `live` does not hold what `wanted` says.
    ///
    /// What only `live` has is a default, or somebody else's field, and no difference.
    static func differences(
        wanted: JSONValue, live: JSONValue?, at path: FieldPath = FieldPath()
    )
        -> [(path: FieldPath, wanted: JSONValue, live: JSONValue?)]
    {
        if isEmpty(wanted) { return [] }
        switch (wanted, live) {
        case (.object(let members), .object(let others)):
            return members.flatMap { differences(wanted: $0.value, live: others[$0.key], at: path.member($0.key)) }
        case (.array(let elements), .array(let others)) where elements.count == others.count:
            return zip(elements, others).enumerated().flatMap {
                differences(wanted: $1.0, live: $1.1, at: path.index($0))
            }
        case (_, .some(let live)) where wanted == live || sameQuantity(wanted, live, at: path):
            return []
        default:
            return [(path, wanted, live)]
        }
    }

    /// The part of `live` that has a counterpart in `wanted`: what we own, in the server's own spelling.
    static func projection(of live: JSONValue, onto wanted: JSONValue) -> JSONValue {
        switch (live, wanted) {
        case (.object(let members), .object(let shape)):
            var kept = JSONObject()
            for member in shape {
                if let value = members[member.key] { kept[member.key] = projection(of: value, onto: member.value) }
            }
            return .object(kept)
        case (.array(let elements), .array(let shape)) where elements.count == shape.count:
            return .array(zip(elements, shape).map { projection(of: $0, onto: $1) })
        default:
            return live
        }
    }

    private static func isEmpty(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null: true
        case .object(let members): members.allSatisfy { isEmpty($0.value) }
        case .array(let elements): elements.isEmpty
        default: false
        }
    }

    private static let quantityMembers: Set<String> = [
        "requests", "limits", "hard", "capacity", "min", "max", "default", "defaultRequest", "maxLimitRequestRatio",
        "averageValue", "value", "sizeLimit", "podFixed", "divisor", "storage",
    ]

    /// `1000m` and `1`, `0.5` and `500m`: the same amount where an amount stands.
    private static func sameQuantity(_ lhs: JSONValue, _ rhs: JSONValue, at path: FieldPath) -> Bool {
        let names = path.elements.suffix(2).compactMap { element -> String? in
            if case .member(let name) = element { name } else { nil }
        }
        guard names.contains(where: quantityMembers.contains), let left = Quantity(lhs), let right = Quantity(rhs)
        else {
            return false
        }
        return left == right
    }
}

/// A Kubernetes quantity as a whole number of nano-units.
private struct Quantity: Equatable {
    let nanos: Double

    init?(_ value: JSONValue) {
        let text: String
        switch value {
        case .string(let string): text = string
        case .integer(let number): text = String(number)
        case .double(let number): text = "\(number)"
        default: return nil
        }
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-" || $0 == "+") }
        let suffix = String(text.dropFirst(digits.count))
        let scale: [String: Double] = [
            "": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
            "Ki": 1024, "Mi": 1_048_576, "Gi": 1_073_741_824, "Ti": 1_099_511_627_776,
            "Pi": 1_125_899_906_842_624, "Ei": 1_152_921_504_606_846_976,
        ]
        guard let number = Double(digits), let factor = scale[suffix] else { return nil }
        nanos = (number * factor * 1e9).rounded()
    }
}
