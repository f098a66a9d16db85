package import Manifests

/// A place inside an object that names the kind of another one.
package struct APIReference: Hashable {
    /// Which versions satisfy it.
    package enum Match: Hashable {
        /// Any version of the kind: the reader looks it up by group and kind.
        case kind
        /// That version and no other.
        case version
    }

    package var gvk: GroupVersionKind
    /// Where the version stands, or the group where no version is named.
    package var path: FieldPath
    package var match: Match
    /// What goes without effect when nothing answers to the name.
    package var meaning: Meaning

    package init(gvk: GroupVersionKind, path: FieldPath, match: Match, meaning: Meaning) {
        self.gvk = gvk
        self.path = path
        self.match = match
        self.meaning = meaning
    }

    /// Who reads the reference, and what becomes of it.
    package enum Meaning: Hashable {
        /// Something acts on the object named.
        case acts
        /// The object named owns this one; the garbage collector looks it up.
        case owns
        /// Kustomize picks the object to change by it.
        case patches
    }
}

/// A whole object that stands inside another one, to be applied by whoever reads that.
package struct EmbeddedManifest: Hashable {
    package var gvk: GroupVersionKind
    /// The `apiVersion`, or the field whose text holds it.
    package var path: FieldPath
    /// The line within that text, counted from 1; nil where the object is no text.
    package var line: Int?

    package init(gvk: GroupVersionKind, path: FieldPath, line: Int?) {
        self.gvk = gvk
        self.path = path
        self.line = line
    }
}

/// Finds references by their form: a mapping with `apiVersion` and `kind` and no `metadata`, which has a `name` or
/// stands under a field called so-and-so-Ref or so-and-so-Kind.
///
/// Schemas, examples in them, the status and what managers recorded are no references and are not walked.
package struct APIReferenceWalk {
    package private(set) var references: [APIReference] = []
    /// Mappings with `apiVersion`, `kind` and `metadata`: whole objects inside another.
    package private(set) var manifests: [EmbeddedManifest] = []

    /// Kinds that only tell of other objects, or whose content is schema.
    private static let silent: Set<GroupKind> = [
        GroupKind(group: "", kind: "Event"), GroupKind(group: "events.k8s.io", kind: "Event"),
        GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"),
        GroupKind(group: "", kind: "Endpoints"), GroupKind(group: "discovery.k8s.io", kind: "EndpointSlice"),
    ]

    package init(_ object: KubeObject) {
        guard !Self.silent.contains(object.gvk.groupKind) else { return }
        for member in object.json.object ?? [:] {
            switch member.key {
            case "apiVersion", "kind", "status": continue
            case "metadata":
                for (index, owner) in (member.value["ownerReferences"]?.array ?? []).enumerated() {
                    take(owner, at: FieldPath("metadata.ownerReferences").index(index), .owns)
                }
            default: walk(member.value, at: FieldPath([.member(member.key)]))
            }
        }
    }

    /// Over a value that stands by itself, such as the values of a chart.
    package init(value: JSONValue) { walk(value, at: FieldPath()) }

    private mutating func walk(_ value: JSONValue, at path: FieldPath) {
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() { walk(element, at: path.index(index)) }
        case .object(let members):
            if let apiVersion = members["apiVersion"]?.string, let kind = members["kind"]?.string {
                let gvk = GroupVersionKind(apiVersion: apiVersion, kind: kind)
                if members["metadata"]?.object != nil {
                    manifests.append(EmbeddedManifest(gvk: gvk, path: path.member("apiVersion"), line: nil))
                } else if members["name"]?.string != nil || Self.isReferenceField(path) {
                    take(value, at: path, .acts)
                }
            }
            for member in members where member.key != "status" { walk(member.value, at: path.member(member.key)) }
        default: break
        }
    }

    private static func isReferenceField(_ path: FieldPath) -> Bool {
        guard case .member(let name) = path.elements.last else { return false }
        return name.hasSuffix("Ref") || name.hasSuffix("Kind") || name == "subject"
    }

    private mutating func take(_ value: JSONValue, at path: FieldPath, _ meaning: APIReference.Meaning) {
        guard let apiVersion = value["apiVersion"]?.string, let kind = value["kind"]?.string else { return }
        references.append(
            APIReference(
                gvk: GroupVersionKind(apiVersion: apiVersion, kind: kind), path: path.member("apiVersion"),
                match: .kind, meaning: meaning))
    }
}
