public import KubeAPI
public import Manifests

/// What a live server tells of itself beyond its objects.
public struct ServerEvidence: Sendable {
    /// A deprecated API that somebody asked the server for since it started.
    public struct RequestedAPI: Sendable, Hashable {
        public var group: String
        public var version: String
        public var resource: String
        public var subresource: String
        /// As the server says it; nil where no removal is announced.
        public var removedRelease: KubernetesVersion?

        public init(
            group: String, version: String, resource: String, subresource: String = "",
            removedRelease: KubernetesVersion? = nil
        ) {
            self.group = group
            self.version = version
            self.resource = resource
            self.subresource = subresource
            self.removedRelease = removedRelease
        }
    }

    /// Sorted by group, version, resource, subresource.
    public var requested: [RequestedAPI]
    /// What could not be read, one sentence each.
    public var notSeen: [String]
    /// Certificates that are no object: those of the connection itself.
    public var certificates: [CertificateFact]

    public init(requested: [RequestedAPI] = [], notSeen: [String] = [], certificates: [CertificateFact] = []) {
        self.requested = requested
        self.notSeen = notSeen
        self.certificates = certificates
    }

    /// The name of the metric; served since 1.19.
    static let metric = "apiserver_requested_deprecated_apis"

    /// Asks a server; before its objects are read, because reading them asks for deprecated APIs too.
    ///
    /// What may not be read is named in ``notSeen``.
    public static func read(_ client: KubeClient) async -> ServerEvidence {
        do {
            return ServerEvidence(requested: requested(in: try await client.text("/metrics")))
        } catch {
            let reason =
                switch error.code {
                case .forbidden, .unauthorized:
                    "may not be read with these credentials (nonResourceURLs /metrics, verb get)"
                case .notFound: "this server has none"
                default: error.message
                }
            return ServerEvidence(notSeen: ["/metrics: \(reason); nothing is known of who uses deprecated APIs"])
        }
    }

    /// What the metric says in a server's answer.
    static func requested(in text: [UInt8]) -> [RequestedAPI] {
        let found = PrometheusText.samples(of: metric, in: text).filter { $0.value > 0 }.compactMap { sample in
            sample.labels["resource"].map {
                RequestedAPI(
                    group: sample.labels["group"] ?? "", version: sample.labels["version"] ?? "", resource: $0,
                    subresource: sample.labels["subresource"] ?? "",
                    removedRelease: sample.labels["removed_release"].flatMap { KubernetesVersion($0) })
            }
        }
        return Set(found).sorted {
            ($0.group, $0.version, $0.resource, $0.subresource) < ($1.group, $1.version, $1.resource, $1.subresource)
        }
    }
}

extension ServerEvidence.RequestedAPI {
    /// As inventories keep it.
    var json: JSONValue {
        var members: JSONObject = [
            "group": .string(group), "version": .string(version), "resource": .string(resource),
        ]
        if !subresource.isEmpty { members["subresource"] = .string(subresource) }
        members["removedRelease"] = removedRelease.map { .string($0.description) }
        return .object(members)
    }

    /// Reads that form.
    init?(_ json: JSONValue) {
        guard let group = json["group"]?.string, let version = json["version"]?.string,
            let resource = json["resource"]?.string
        else { return nil }
        var removed: KubernetesVersion?
        if let text = json["removedRelease"] {
            guard let release = text.string.flatMap({ KubernetesVersion($0) }) else { return nil }
            removed = release
        }
        self.init(
            group: group, version: version, resource: resource, subresource: json["subresource"]?.string ?? "",
            removedRelease: removed)
    }
}
