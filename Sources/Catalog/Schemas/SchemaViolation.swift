public import Manifests

/// One place where an object is not what the published schema of its kind describes.
public struct SchemaViolation: Sendable, Hashable {
    /// What is wrong there.
    public enum Problem: Sendable, Hashable {
        /// The release knows no such field.
        ///
        /// `meant` is a field of that release with nearly the same name; `releases` are those that do know the field.
        case unknown(meant: String?, releases: [KubernetesVersion])
        /// A field that must be there is absent or null; the path is its own.
        case missing
        /// A value of another type.
        case wrongType(expected: String, found: String)
    }

    public var path: FieldPath
    public var problem: Problem
    /// The type whose field it is, such as `core.v1.PodSpec`.
    public var type: String
}

extension MinorSchemas {
    /// Where an object is not what this release's schema describes, from the outside in and in the order of the names;
    /// nil for kinds without a schema, such as custom resources.
    ///
    /// Null counts as absent, as it does for a server. Within `status`, which servers fill themselves, nothing is
    /// missing.
    public func violations(of object: KubeObject) -> [SchemaViolation]? {
        guard let type = type(of: object.gvk) else { return nil }
        var examination = SchemaExamination(version: version)
        examination.examine(object.json, as: .object(type), at: FieldPath(), in: type.name)
        return examination.violations
    }
}

/// Walks one object beside its schema.
private struct SchemaExamination {
    let version: KubernetesVersion
    var violations: [SchemaViolation] = []
    private var isStatus = false

    init(version: KubernetesVersion) { self.version = version }

    mutating func examine(_ value: JSONValue, as shape: SchemaShape, at path: FieldPath, in type: String) {
        switch (shape, value) {
        case (_, .null), (.any, _), (.freeObject, _): return
        case (.string, .string), (.bytes, .string), (.dateTime, .string), (.boolean, .bool): return
        case (.integer, .integer), (.number, .integer), (.number, .double): return
        case (.quantity, .string), (.quantity, .integer), (.quantity, .double): return
        case (.integerOrString, .string), (.integerOrString, .integer): return
        case (.list(let element), .array(let elements)):
            for (index, value) in elements.enumerated() {
                examine(value, as: element, at: path.index(index), in: type)
            }
        case (.map(let element), .object(let members)):
            for member in members { examine(member.value, as: element, at: path.member(member.key), in: type) }
        case (.object(let inner), .object(let members)): examine(members, as: inner, at: path)
        default:
            report(path, .wrongType(expected: shape.words, found: value.typeWord), in: type)
        }
    }

    private mutating func examine(_ members: JSONObject, as type: SchemaType, at path: FieldPath) {
        for member in members {
            let place = path.member(member.key)
            guard let field = type.field(member.key) else {
                report(
                    place,
                    .unknown(
                        meant: NearName.of(member.key, among: type.fields.map(\.name)),
                        releases: type.releases(ofField: member.key)),
                    in: type.name)
                continue
            }
            let entersStatus = path.elements.isEmpty && member.key == "status"
            if entersStatus { isStatus = true }
            examine(member.value, as: field.shape, at: place, in: type.name)
            if entersStatus { isStatus = false }
        }
        guard !isStatus else { return }
        for name in type.required where members[name].map(\.isNull) ?? true {
            report(path.member(name), .missing, in: type.name)
        }
    }

    private mutating func report(_ path: FieldPath, _ problem: SchemaViolation.Problem, in type: String) {
        violations.append(SchemaViolation(path: path, problem: problem, type: type))
    }
}

extension SchemaType {
    /// The releases that know the field, this one or not, ascending.
    public func releases(ofField name: String) -> [KubernetesVersion] {
        let lines = storage.types[index].fields.map { storage.fields[$0] }.filter { $0.name == name }
        return (storage.oldest...storage.newest).filter { minor in lines.contains { $0.releases.contains(minor: minor) }
        }
        .map { KubernetesVersion(minor: $0) }
    }
}

extension SchemaShape {
    /// What stands there, as a sentence wants it: `a string`.
    fileprivate var words: String {
        switch self {
        case .string: "a string"
        case .bytes: "a string of base64"
        case .dateTime: "a time, as a string"
        case .boolean: "true or false"
        case .integer: "an integer"
        case .number: "a number"
        case .quantity: "a quantity, such as 500m or 2"
        case .integerOrString: "an integer or a string"
        case .freeObject, .object: "a mapping"
        case .map: "a mapping"
        case .list: "a list"
        case .any: "anything"
        }
    }
}

extension JSONValue {
    fileprivate var typeWord: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer: "an integer"
        case .double: "a number with a fraction"
        case .string: "a string"
        case .array: "a list"
        case .object: "a mapping"
        }
    }
}
