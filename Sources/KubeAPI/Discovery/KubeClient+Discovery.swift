import HTTP
import Manifests

extension KubeClient {
    /// Everything the server serves: by two requests where it knows aggregated discovery (on by default since
    /// 1.27), else group by group.
    public func discover() async throws(KubeError) -> Discovery {
        let core = try await discoveryDocument("/api")
        let groups = try await discoveryDocument("/apis")
        if Self.isAggregated(core), Self.isAggregated(groups) {
            return AggregatedDiscovery.read([core, groups])
        }
        var legacy = LegacyDiscovery(core: core, groups: groups)
        // A server that aggregates only one of the two documents is asked again without.
        if Self.isAggregated(core) || Self.isAggregated(groups) {
            legacy = LegacyDiscovery(
                core: try await discoveryDocument("/api", accept: "application/json"),
                groups: try await discoveryDocument("/apis", accept: "application/json"))
        }
        try await gather(&legacy)
        return legacy.discovery
    }

    /// Asks for each group version's resources, a few at a time.
    private func gather(_ legacy: inout LegacyDiscovery) async throws(KubeError) {
        let pending = legacy.groupVersions
        let answers = await withTaskGroup(of: ResourceListAnswer.self) { group in
            var answers: [String: Result<JSONValue, KubeError>] = [:]
            var rest = pending[...]
            for groupVersion in rest.prefix(8) { group.addTask { await resourceList(of: groupVersion) } }
            rest = rest.dropFirst(8)
            while let answer = await group.next() {
                answers[answer.groupVersion] = answer.result
                if let groupVersion = rest.popFirst() { group.addTask { await resourceList(of: groupVersion) } }
            }
            return answers
        }
        for groupVersion in pending {
            switch answers[groupVersion] {
            case .success(let document): legacy.add(document, for: groupVersion)
            case .failure(let error):
                // An aggregated API whose backend is down answers 503, and 404 in old versions. It must not take
                // discovery of everything else with it, nor be taken for "serves nothing".
                guard let status = error.status, status == 404 || status >= 500 else { throw error }
                legacy.unavailable.append(groupVersion)
            case nil: break
            }
        }
    }

    /// What one group version answered.
    ///
    /// A struct on purpose: a tuple that holds a result with a typed error, given back by a child task, crashes release
    /// builds of Swift 6.3.
    private struct ResourceListAnswer: Sendable {
        var groupVersion: String
        var result: Result<JSONValue, KubeError>
    }

    private func resourceList(of groupVersion: String) async -> ResourceListAnswer {
        let path = groupVersion.contains("/") ? "/apis/\(groupVersion)" : "/api/\(groupVersion)"
        do {
            return ResourceListAnswer(groupVersion: groupVersion, result: .success(try await discoveryDocument(path)))
        } catch {
            return ResourceListAnswer(groupVersion: groupVersion, result: .failure(error))
        }
    }

    private func discoveryDocument(
        _ path: String, accept: String = AggregatedDiscovery.accept
    ) async throws(KubeError) -> JSONValue {
        let call = Call(verb: "discover", target: path)
        let request = HTTPRequest(.get, path, headers: ["Accept": accept])
        let document = try decode(try await send(request, call), call)
        guard let kind = document["kind"]?.string,
            ["APIVersions", "APIGroupList", "APIResourceList", "APIGroupDiscoveryList"].contains(kind)
        else { throw failure(.decoding, "the answer is no discovery document", call) }
        return document
    }

    private static func isAggregated(_ document: JSONValue) -> Bool {
        document["kind"]?.string == "APIGroupDiscoveryList"
    }
}

/// Reads the two documents of aggregated discovery (`apidiscovery.k8s.io`, v2 and v2beta1 are alike).
enum AggregatedDiscovery {
    /// kubectl's: newest first, and plain JSON for servers that do not aggregate.
    static let accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

    static func read(_ documents: [JSONValue]) -> Discovery {
        var resources: [APIResource] = []
        var preferred: [String: String] = [:]
        var groupVersions: [String] = []
        var unavailable: [String] = []
        for item in documents.flatMap({ $0["items"]?.array ?? [] }) {
            let group = item["metadata"]?["name"]?.string ?? ""
            for version in item["versions"]?.array ?? [] {
                guard let name = version["version"]?.string else { continue }
                let groupVersion = GroupVersionKind(group: group, version: name, kind: "").apiVersion
                // The first version is the preferred one: this form has no other place for it.
                if preferred[group] == nil { preferred[group] = name }
                groupVersions.append(groupVersion)
                // Stale: the backend of an aggregated API did not answer; what is listed is what it once served.
                if version["freshness"]?.string == "Stale" { unavailable.append(groupVersion) }
                for resource in version["resources"]?.array ?? [] {
                    guard let plural = resource["resource"]?.string,
                        let kind = resource["responseKind"]?["kind"]?.string, !kind.isEmpty
                    else { continue }
                    resources.append(
                        APIResource(
                            gvk: GroupVersionKind(group: group, version: name, kind: kind), plural: plural,
                            namespaced: resource["scope"]?.string == "Namespaced",
                            verbs: (resource["verbs"]?.array ?? []).compactMap(\.string)))
                }
            }
        }
        return Discovery(
            resources: resources, preferredVersions: preferred, groupVersions: groupVersions,
            unavailable: unavailable)
    }
}

/// Gathers the documents of discovery group by group.
struct LegacyDiscovery {
    private(set) var groupVersions: [String] = []
    var unavailable: [String] = []
    private var preferred: [String: String] = [:]
    private var resources: [APIResource] = []

    init(core: JSONValue, groups: JSONValue) {
        groupVersions = (core["versions"]?.array ?? []).compactMap(\.string)
        if let first = groupVersions.first { preferred[""] = first }
        for group in groups["groups"]?.array ?? [] {
            guard let name = group["name"]?.string else { continue }
            preferred[name] = group["preferredVersion"]?["version"]?.string
            groupVersions += (group["versions"]?.array ?? []).compactMap { $0["groupVersion"]?.string }
        }
    }

    mutating func add(_ document: JSONValue, for groupVersion: String) {
        for resource in document["resources"]?.array ?? [] {
            // A slash marks a subresource; its kind may belong to another group (`scale`, `eviction`).
            guard let plural = resource["name"]?.string, !plural.contains("/"),
                let kind = resource["kind"]?.string, !kind.isEmpty
            else { continue }
            resources.append(
                APIResource(
                    gvk: GroupVersionKind(apiVersion: groupVersion, kind: kind), plural: plural,
                    namespaced: resource["namespaced"]?.bool ?? false,
                    verbs: (resource["verbs"]?.array ?? []).compactMap(\.string)))
        }
    }

    var discovery: Discovery {
        Discovery(
            resources: resources, preferredVersions: preferred, groupVersions: groupVersions,
            unavailable: unavailable)
    }
}
