public import Manifests

/// What one Helm release installs, as far as names go: no values, nothing secret.
///
/// Kept beside the objects of an inventory because the Secret that holds a release is redacted there.
public struct HelmRelease: Sendable, Hashable, Comparable {
    /// One object named by the release's manifest.
    public struct Item: Sendable, Hashable, Comparable {
        public var gvk: GroupVersionKind
        public var namespace: String?
        public var name: String
        /// Line within the release's manifest, counted from 1.
        public var line: Int

        public init(gvk: GroupVersionKind, namespace: String?, name: String, line: Int) {
            self.gvk = gvk
            self.namespace = namespace
            self.name = name
            self.line = line
        }

        /// In the order of the manifest.
        public static func < (lhs: Item, rhs: Item) -> Bool { lhs.line < rhs.line }
    }

    /// The Secret that holds the release.
    public var secret: ObjectReference
    public var name: String
    public var revision: Int
    /// Helm's word: `deployed`, `superseded`, `failed` and others.
    public var status: String
    /// Objects in the manifest, in its order; empty when it could not be read.
    public var items: [Item]
    /// Why the release could not be read; nil when it could.
    public var problem: String?

    public init(
        secret: ObjectReference, name: String, revision: Int, status: String, items: [Item], problem: String? = nil
    ) {
        self.secret = secret
        self.name = name
        self.revision = revision
        self.status = status
        self.items = items
        self.problem = problem
    }

    public static func < (lhs: HelmRelease, rhs: HelmRelease) -> Bool {
        (lhs.secret, lhs.name, lhs.revision) < (rhs.secret, rhs.name, rhs.revision)
    }
}

extension HelmRelease {
    /// The form that `inventory.yaml` holds.
    var json: JSONValue {
        var members: JSONObject = [
            "secret": .string(secret.description), "name": .string(name), "revision": .integer(Int64(revision)),
            "status": .string(status),
            "items": .array(
                items.map { item in
                    var members: JSONObject = [
                        "apiVersion": .string(item.gvk.apiVersion), "kind": .string(item.gvk.kind),
                        "name": .string(item.name), "line": .integer(Int64(item.line)),
                    ]
                    members["namespace"] = item.namespace.map(JSONValue.string)
                    return .object(members)
                }),
        ]
        members["problem"] = problem.map(JSONValue.string)
        return .object(members)
    }

    /// Reads the form that `inventory.yaml` holds; nil when it is not one.
    init?(_ json: JSONValue) {
        guard let secret = json["secret"]?.string.flatMap({ ObjectReference($0) }), let name = json["name"]?.string,
            let revision = json["revision"]?.integer, let status = json["status"]?.string
        else { return nil }
        var items: [Item] = []
        for item in json["items"]?.array ?? [] {
            guard let apiVersion = item["apiVersion"]?.string, let kind = item["kind"]?.string,
                let line = item["line"]?.integer
            else { return nil }
            items.append(
                Item(
                    gvk: GroupVersionKind(apiVersion: apiVersion, kind: kind), namespace: item["namespace"]?.string,
                    name: item["name"]?.string ?? "", line: Int(line)))
        }
        self.init(
            secret: secret, name: name, revision: Int(revision), status: status, items: items,
            problem: json["problem"]?.string)
    }
}
