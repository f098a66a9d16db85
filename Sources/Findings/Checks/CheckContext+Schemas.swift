import Catalog
import Manifests

extension CheckContext {
    /// Where an object is not what the schemas of the target describe.
    ///
    /// Empty for kinds that have none, which other checks speak about, and for patches, which hold only a part.
    func violations(of object: KubeObject) -> [SchemaViolation] {
        guard !object.json.holdsPatchDirective else { return [] }
        return Catalog.builtInSchemas.at(target)?.violations(of: object) ?? []
    }
}

extension JSONValue {
    /// Whether a member somewhere inside is a directive of a strategic merge patch, such as `$patch: delete`.
    fileprivate var holdsPatchDirective: Bool {
        switch self {
        case .array(let elements): elements.contains { $0.holdsPatchDirective }
        case .object(let members):
            members.contains { member in
                ["$patch", "$retainKeys"].contains(member.key) || member.key.hasPrefix("$setElementOrder/")
                    || member.key.hasPrefix("$deleteFromPrimitiveList/") || member.value.holdsPatchDirective
            }
        default: false
        }
    }
}

extension FieldPath {
    /// The path without its last step.
    var parent: FieldPath { FieldPath(Array(elements.dropLast())) }

    /// The last step, as a person names it.
    var last: String { elements.last.map { FieldPath([$0]).description } ?? "" }
}

extension [Finding] {
    /// In the order of the text, where it is known; what stands nowhere stays as it is.
    func inTextOrder() -> [Finding] {
        enumerated().sorted { a, b in
            let first = (a.element.location?.line ?? 0, a.element.location?.column ?? 0, a.offset)
            return first < (b.element.location?.line ?? 0, b.element.location?.column ?? 0, b.offset)
        }.map(\.element)
    }
}
