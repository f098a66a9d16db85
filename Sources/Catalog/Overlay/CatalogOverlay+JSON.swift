public import Manifests

extension CatalogOverlay {
    /// The content of a file that reads as this overlay; only lifecycles are written, which is what imports make.
    public var json: JSONValue {
        var members: JSONObject = [
            "apiVersion": .string(Self.apiVersion), "kind": .string(Self.kind), "metadata": ["name": .string(name)],
            "apis": .array(apis.map(\.json)),
        ]
        members["newest"] = newest.map { .string($0.description) }
        return .object(members)
    }

    /// The same as text for people, in the order in which the schema tells the members.
    public var yaml: String {
        YAML.text(
            json,
            keyOrder: [
                "apiVersion", "kind", "metadata", "name", "newest", "apis", "resource", "scope", "class",
                "defaultEnabled", "introduced", "deprecated", "removed", "replacement", "since", "note", "source",
            ])
    }
}

extension CatalogOverlay.API {
    var json: JSONValue {
        var members: JSONObject = [
            "apiVersion": .string(gvk.apiVersion), "kind": .string(gvk.kind), "source": .string(source),
        ]
        members["resource"] = resource.map(JSONValue.string)
        members["scope"] = namespaced.map { $0 ? "Namespaced" : "Cluster" }
        members["class"] = kindClass.map { .string($0.rawValue) }
        members["defaultEnabled"] = defaultEnabled.map(JSONValue.bool)
        for (name, fact) in [("introduced", introduced), ("deprecated", deprecated), ("removed", removed)] {
            switch fact {
            case .unsaid: break
            case .none: members[name] = .null
            case .value(let version): members[name] = .string(version.description)
            }
        }
        switch replacement {
        case .unsaid: break
        case .none: members["replacement"] = .null
        case .value(let replacement):
            var named: JSONObject = [
                "apiVersion": .string(replacement.gvk.apiVersion), "kind": .string(replacement.gvk.kind),
            ]
            named["since"] = replacement.since.map { .string($0.description) }
            members["replacement"] = .object(named)
        }
        if !notes.isEmpty { members["note"] = .string(notes.joined(separator: " ")) }
        return .object(members)
    }
}
