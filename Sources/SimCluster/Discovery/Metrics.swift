import Manifests

/// A deprecated API that was asked for, one sample of `apiserver_requested_deprecated_apis`.
struct RequestedDeprecatedAPI: Sendable, Hashable, Comparable {
    /// The labels as they are written: sorted by name.
    private var labels: String

    init(_ resource: ServedResource, subresource: String) {
        labels =
            "group=\"\(resource.gvk.group)\",removed_release=\"\(resource.removedRelease ?? "")\","
            + "resource=\"\(resource.plural)\",subresource=\"\(subresource)\",version=\"\(resource.gvk.version)\""
    }

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.labels < rhs.labels }

    /// The answer of `/metrics`: this one metric, in the form in which API servers write it.
    static func text(_ requested: Set<RequestedDeprecatedAPI>) -> String {
        let name = "apiserver_requested_deprecated_apis"
        guard !requested.isEmpty else { return "" }
        return "# HELP \(name) [STABLE] Gauge of deprecated APIs that have been requested, broken out by API group, "
            + "version, resource, subresource, and removed_release.\n# TYPE \(name) gauge\n"
            + requested.sorted().map { "\(name){\($0.labels)} 1\n" }.joined()
    }
}
