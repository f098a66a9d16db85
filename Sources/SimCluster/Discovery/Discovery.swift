import HTTP
import Manifests

extension SimWorld {
    /// Answers `/api` and `/apis`, in the form that the client asks for and this minor knows.
    func discovery(_ request: HTTPRequest, core: Bool) throws(APIStatus) -> HTTPResponse {
        guard request.method == .get else { throw .methodNotAllowed }
        switch try discoveryForm(accept: request.headers["Accept"]) {
        case .aggregated(let form):
            return HTTPResponse(
                status: 200,
                headers: [
                    "Content-Type": "application/json;g=apidiscovery.k8s.io;v=\(form);as=APIGroupDiscoveryList"
                ],
                body: aggregated(core: core, version: form).canonicalBytes)
        case .legacy where core:
            return .json([
                "kind": "APIVersions", "versions": ["v1"],
                "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1:443"]],
            ])
        case .legacy:
            return .json([
                "kind": "APIGroupList", "apiVersion": "v1",
                "groups": .array(groups.filter { !$0.isEmpty }.map { .object(groupObject($0)) }),
            ])
        }
    }

    /// Answers `/apis/GROUP`.
    func groupDocument(_ group: String) throws(APIStatus) -> HTTPResponse {
        guard groups.contains(group), !group.isEmpty else { throw .pageNotFound }
        var document = groupObject(group)
        document["kind"] = "APIGroup"
        document["apiVersion"] = "v1"
        return .json(.object(document))
    }

    /// Answers `/api/v1` and `/apis/GROUP/VERSION`.
    func resourceList(_ apiVersion: String) throws(APIStatus) -> HTTPResponse {
        let resources = servedResources.filter { $0.gvk.apiVersion == apiVersion }
        guard !resources.isEmpty else {
            let gvk = GroupVersionKind(apiVersion: apiVersion, kind: "")
            if !gvk.group.isEmpty, apis.hasGroup(gvk.group) { throw .noSuchResource }
            throw .pageNotFound
        }
        var document: JSONObject = [
            "kind": "APIResourceList", "groupVersion": .string(apiVersion),
            "resources": .array(resources.flatMap(legacyEntries)),
        ]
        if apiVersion != "v1" { document["apiVersion"] = "v1" }
        return .json(.object(document))
    }

    /// Everything served now, built-in and custom, in the order of discovery.
    var servedResources: [ServedResource] { apis.resources + customResources.served }

    private enum Form {
        case legacy
        case aggregated(String)
    }

    private func discoveryForm(accept: String?) throws(APIStatus) -> Form {
        guard let accept, !accept.isEmpty else { return .legacy }
        for alternative in accept.split(separator: ",") {
            let text = alternative.filter { $0 != " " }
            guard text.hasPrefix("application/json") || text.hasPrefix("*/*") || text.hasPrefix("application/*") else {
                continue
            }
            guard text.contains("as=APIGroupDiscoveryList") else {
                if text.contains("as=") { continue }
                return .legacy
            }
            if text.contains("v=v2beta1") {
                if (26...35).contains(version.minor) { return .aggregated("v2beta1") }
            } else if text.contains("v=v2"), version.minor >= 30 {
                return .aggregated("v2")
            }
        }
        throw .notAcceptable
    }

    /// Groups in their order; the core group is the empty one.
    private var groups: [String] {
        var groups: [String] = []
        for resource in servedResources where !groups.contains(resource.gvk.group) { groups.append(resource.gvk.group) }
        return groups
    }

    private func versions(of group: String) -> [String] {
        var versions: [String] = []
        for resource in servedResources where resource.gvk.group == group && !versions.contains(resource.gvk.version) {
            versions.append(resource.gvk.version)
        }
        return versions
    }

    private func groupObject(_ group: String) -> JSONObject {
        let versions = versions(of: group).map { version -> JSONValue in
            ["groupVersion": .string("\(group)/\(version)"), "version": .string(version)]
        }
        return [
            "name": .string(group), "versions": .array(versions), "preferredVersion": versions.first ?? .null,
        ]
    }

    private func legacyEntries(_ resource: ServedResource) -> [JSONValue] {
        var entry: JSONObject = [
            "name": .string(resource.plural),
            // Built-in kinds have their singular here since 1.27.
            "singularName": .string(resource.custom != nil || version.minor >= 27 ? resource.singular : ""),
            "namespaced": .bool(resource.namespaced), "kind": .string(resource.kind),
            "verbs": .array(resource.verbs.map(JSONValue.string)),
        ]
        if !resource.shortNames.isEmpty { entry["shortNames"] = .array(resource.shortNames.map(JSONValue.string)) }
        if !resource.categories.isEmpty { entry["categories"] = .array(resource.categories.map(JSONValue.string)) }
        let subresources = resource.subresources.map { name -> JSONValue in
            let description = SubresourceDescription(name, of: resource)
            var entry: JSONObject = [
                "name": .string("\(resource.plural)/\(name)"), "singularName": "",
                "namespaced": .bool(resource.namespaced), "kind": .string(description.gvk.kind),
                "verbs": .array(description.verbs.map(JSONValue.string)),
            ]
            if description.gvk.kind != resource.kind {
                entry["group"] = .string(description.gvk.group)
                entry["version"] = .string(description.gvk.version)
            }
            return .object(entry)
        }
        return [.object(entry)] + subresources
    }

    private func aggregated(core: Bool, version form: String) -> JSONValue {
        let items = groups.filter { $0.isEmpty == core }.map { group -> JSONValue in
            let versions = versions(of: group).map { version -> JSONValue in
                let resources = servedResources.filter { $0.gvk.group == group && $0.gvk.version == version }
                return [
                    "version": .string(version), "freshness": "Current",
                    "resources": .array(resources.map(aggregatedEntry)),
                ]
            }
            return [
                "metadata": group.isEmpty ? [:] : ["name": .string(group)], "versions": .array(versions),
            ]
        }
        return [
            "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(form)"), "metadata": [:],
            "items": .array(items),
        ]
    }

    private func aggregatedEntry(_ resource: ServedResource) -> JSONValue {
        var entry: JSONObject = [
            "resource": .string(resource.plural),
            "responseKind": Self.kindObject(resource.gvk),
            "scope": resource.namespaced ? "Namespaced" : "Cluster",
            "singularResource": .string(resource.singular),
            "verbs": .array(resource.verbs.map(JSONValue.string)),
        ]
        if !resource.shortNames.isEmpty { entry["shortNames"] = .array(resource.shortNames.map(JSONValue.string)) }
        if !resource.categories.isEmpty { entry["categories"] = .array(resource.categories.map(JSONValue.string)) }
        if !resource.subresources.isEmpty {
            entry["subresources"] = .array(
                resource.subresources.map { name in
                    let description = SubresourceDescription(name, of: resource)
                    return [
                        "subresource": .string(name), "responseKind": Self.kindObject(description.gvk),
                        "verbs": .array(description.verbs.map(JSONValue.string)),
                    ]
                })
        }
        return .object(entry)
    }

    private static func kindObject(_ gvk: GroupVersionKind) -> JSONValue {
        ["group": .string(gvk.group), "version": .string(gvk.version), "kind": .string(gvk.kind)]
    }
}

/// What discovery says about a subresource.
struct SubresourceDescription: Sendable {
    var gvk: GroupVersionKind
    var verbs: [String]

    init(_ name: String, of resource: ServedResource) {
        gvk = resource.gvk
        switch name {
        case "scale":
            gvk = GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")
            verbs = ["get", "patch", "update"]
        case "eviction":
            gvk = GroupVersionKind(group: "policy", version: "v1", kind: "Eviction")
            verbs = ["create"]
        case "binding":
            gvk = GroupVersionKind(group: "", version: "v1", kind: "Binding")
            verbs = ["create"]
        case "token":
            gvk = GroupVersionKind(group: "authentication.k8s.io", version: "v1", kind: "TokenRequest")
            verbs = ["create"]
        case "finalize": verbs = ["update"]
        case "log": verbs = ["get"]
        default: verbs = ["get", "patch", "update"]
        }
    }
}
