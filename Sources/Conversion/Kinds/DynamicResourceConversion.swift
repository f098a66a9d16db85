public import Manifests

/// ResourceClaim, ResourceClaimTemplate and ResourceSlice: v1beta1 says directly what v1beta2 and v1 say one level
/// further down (`requests[].exactly`) or up (`devices[].basic`).
public struct DynamicResourceConversion: KindConversion {
    public let versions: [GroupVersionKind]
    private let kind: String

    /// For one of the three kinds.
    public init(kind: String) {
        self.kind = kind
        versions = ["v1beta1", "v1beta2", "v1"].map {
            GroupVersionKind(group: "resource.k8s.io", version: $0, kind: kind)
        }
    }

    static let all: [any KindConversion] = ["ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"].map {
        DynamicResourceConversion(kind: $0)
    }

    /// What a request asks for one device; its name, and the list to choose from, stay where they are.
    private static let staysInRequest: Set<String> = ["name", "firstAvailable", "exactly"]

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        let fromFirst = object.gvk.version == "v1beta1"
        guard fromFirst != (target.version == "v1beta1") else { return result }
        let path: FieldPath
        switch kind {
        case "ResourceClaim": path = "spec.devices.requests"
        case "ResourceClaimTemplate": path = "spec.spec.devices.requests"
        default: path = "spec.devices"
        }
        guard let elements = object[path]?.array else { return result }
        result.object[path] = .array(
            elements.map { element in
                guard let members = element.object else { return element }
                if kind == "ResourceSlice" { return .object(Self.device(members, flattens: fromFirst)) }
                return .object(fromFirst ? Self.nested(members) : Self.flat(members))
            })
        return result
    }

    private static func nested(_ members: JSONObject) -> JSONObject {
        var outer: JSONObject = [:]
        var inner: JSONObject = [:]
        for member in members {
            if staysInRequest.contains(member.key) {
                outer[member.key] = member.value
            } else {
                inner[member.key] = member.value
            }
        }
        // A request that offers a choice asks for nothing itself.
        if !inner.isEmpty || outer["firstAvailable"]?.present == nil { outer["exactly"] = .object(inner) }
        return outer
    }

    private static func flat(_ members: JSONObject) -> JSONObject {
        var outer = members
        for member in outer.take("exactly")?.object ?? [:] { outer[member.key] = member.value }
        return outer
    }

    private static func device(_ members: JSONObject, flattens: Bool) -> JSONObject {
        var device = members
        if flattens {
            for member in device.take("basic")?.object ?? [:] { device[member.key] = member.value }
            return device
        }
        let name = device.take("name")
        var outer: JSONObject = ["basic": .object(device)]
        outer["name"] = name
        return outer
    }
}
