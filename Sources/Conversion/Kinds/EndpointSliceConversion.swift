public import Manifests

/// EndpointSlice: v1beta1 says where an endpoint is in a map `topology`, v1 in the members `nodeName` and `zone`;
/// other topology keys go to `deprecatedTopology`, which v1 shows but nobody can write.
public struct EndpointSliceConversion: KindConversion {
    public let versions = ["v1beta1", "v1"].map {
        GroupVersionKind(group: "discovery.k8s.io", version: $0, kind: "EndpointSlice")
    }

    private static let hostname = "kubernetes.io/hostname"
    private static let zone = "topology.kubernetes.io/zone"

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        guard let endpoints = object["endpoints"]?.array else { return result }
        let toV1 = target.version == "v1"
        var converted: [JSONValue] = []
        for (index, endpoint) in endpoints.enumerated() {
            guard var members = endpoint.object else { return result }
            if toV1 { Self.toV1(&members) } else { Self.toV1beta1(&members) }
            if purpose.repairs(since: 0), let lost = members.take("deprecatedTopology")?.object, !lost.isEmpty {
                result.notes.append(
                    "endpoints[\(index)].topology: \(lost.keys.joined(separator: ", ")) cannot be written in v1")
            }
            converted.append(.object(members))
        }
        result.object[FieldPath([.member("endpoints")])] = .array(converted)
        return result
    }

    private static func toV1(_ members: inout JSONObject) {
        guard var topology = members.take("topology")?.object else { return }
        if let node = topology.take(hostname), members["nodeName"]?.present == nil { members["nodeName"] = node }
        if let zone = topology.take(zone) { members["zone"] = zone }
        if !topology.isEmpty { members["deprecatedTopology"] = .object(topology) }
    }

    private static func toV1beta1(_ members: inout JSONObject) {
        var topology = members.take("deprecatedTopology")?.object ?? [:]
        if let node = members["nodeName"]?.present { topology[hostname] = node }
        if let zone = members.take("zone")?.present { topology[Self.zone] = zone }
        if !topology.isEmpty { members["topology"] = .object(topology) }
    }
}
