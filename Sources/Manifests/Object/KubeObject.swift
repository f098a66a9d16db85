/// A Kubernetes object as it travels: unstructured, with typed access to what every object has.
///
/// Invariant: `json` is an object and has string members `apiVersion` and `kind`. Everything else may be missing.
public struct KubeObject: Sendable, Hashable, Codable {
    /// The whole object.
    public private(set) var json: JSONValue

    /// Nil unless `json` is an object with non-empty strings under `apiVersion` and `kind`.
    public init?(_ json: JSONValue) {
        guard let apiVersion = json["apiVersion"]?.string, let kind = json["kind"]?.string,
            !apiVersion.isEmpty, !kind.isEmpty
        else { return nil }
        self.json = json
    }

    /// A fresh object with only these members.
    public init(_ gvk: GroupVersionKind, namespace: String? = nil, name: String) {
        var metadata: JSONObject = ["name": .string(name)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        json = [
            "apiVersion": .string(gvk.apiVersion), "kind": .string(gvk.kind), "metadata": .object(metadata),
        ]
    }

    public var gvk: GroupVersionKind {
        get { GroupVersionKind(apiVersion: json["apiVersion"]?.string ?? "", kind: json["kind"]?.string ?? "") }
        set {
            json["apiVersion"] = .string(newValue.apiVersion)
            json["kind"] = .string(newValue.kind)
        }
    }

    public var name: String {
        get { json["metadata"]?["name"]?.string ?? "" }
        set { self["metadata.name"] = .string(newValue) }
    }

    /// Nil for cluster-scoped objects, and for namespaced ones in a manifest that does not say.
    public var namespace: String? {
        get { json["metadata"]?["namespace"]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        set { self["metadata.namespace"] = newValue.map(JSONValue.string) }
    }

    public var reference: ObjectReference {
        ObjectReference(kind: gvk.groupKind, namespace: namespace, name: name)
    }

    public var uid: String? { json["metadata"]?["uid"]?.string }
    public var resourceVersion: String? { json["metadata"]?["resourceVersion"]?.string }
    public var labels: JSONObject { json["metadata"]?["labels"]?.object ?? [:] }
    public var annotations: JSONObject { json["metadata"]?["annotations"]?.object ?? [:] }

    /// The annotation's text, nil when absent.
    ///
    /// Setting the first one creates `metadata.annotations`.
    public subscript(annotation name: String) -> String? {
        get { json["metadata"]?["annotations"]?[name]?.string }
        set {
            self[FieldPath([.member("metadata"), .member("annotations"), .member(name)])] = newValue.map(
                JSONValue.string)
        }
    }

    /// The value at a place, as on ``JSONValue``.
    ///
    /// `apiVersion` and `kind` are changed through ``gvk`` only.
    public subscript(path: FieldPath) -> JSONValue? {
        get { json[path] }
        set {
            precondition(
                path.elements.count > 1 || (path != "apiVersion" && path != "kind" && !path.elements.isEmpty),
                "use gvk to change what kind of object this is")
            json[path] = newValue
        }
    }

    public init(from decoder: any Decoder) throws {
        let json = try JSONValue(from: decoder)
        guard let object = KubeObject(json) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "an object needs apiVersion and kind"))
        }
        self = object
    }

    public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}
