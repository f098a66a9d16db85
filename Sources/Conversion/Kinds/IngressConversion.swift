public import Manifests

/// Ingress: extensions/v1beta1 and networking.k8s.io/v1beta1 are the same; networking.k8s.io/v1 renamed the backends.
///
/// A path without `pathType`, which v1 requires, gets what v1beta1 means by that: ImplementationSpecific. The
/// annotation `kubernetes.io/ingress.class` stays: it is still obeyed, and no class of that name may exist on green.
public struct IngressConversion: KindConversion {
    public let versions = [
        GroupVersionKind(group: "extensions", version: "v1beta1", kind: "Ingress"),
        GroupVersionKind(group: "networking.k8s.io", version: "v1beta1", kind: "Ingress"),
        GroupVersionKind(group: "networking.k8s.io", version: "v1", kind: "Ingress"),
    ]

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        guard (object.gvk.version == "v1") != (target.version == "v1"), var spec = object["spec"]?.object else {
            return result
        }
        let toV1 = target.version == "v1"
        var conversion = BackendConversion(purpose: purpose, object: object.reference, notes: [])
        if let backend = spec.take(toV1 ? "backend" : "defaultBackend")?.present {
            spec[toV1 ? "defaultBackend" : "backend"] =
                try conversion.convert(backend, toV1: toV1, at: toV1 ? "spec.backend" : "spec.defaultBackend")
        }
        result.object["spec"] = .object(spec)
        for (ruleIndex, rule) in (spec["rules"]?.array ?? []).enumerated() {
            for (pathIndex, var path) in (rule["http"]?["paths"]?.array ?? []).enumerated() {
                let place = FieldPath("spec.rules").index(ruleIndex).member("http").member("paths").index(pathIndex)
                if let backend = path["backend"]?.present {
                    path["backend"] = try conversion.convert(backend, toV1: toV1, at: place.member("backend"))
                }
                if toV1, path["pathType"]?.present == nil {
                    path["pathType"] = "ImplementationSpecific"
                    conversion.notes.append(
                        "\(place.member("pathType")) is required now and became ImplementationSpecific, "
                            + "as its absence meant")
                }
                result.object[place] = path
            }
        }
        result.notes += conversion.notes
        return result
    }
}

/// Rewrites the backends of one Ingress and collects the notes.
private struct BackendConversion {
    let purpose: ConversionPurpose
    let object: ObjectReference
    var notes: [String]

    mutating func convert(_ backend: JSONValue, toV1: Bool, at path: FieldPath) throws(ConversionError) -> JSONValue {
        guard var members = backend.object else { return backend }
        return .object(toV1 ? try forV1(&members, at: path) : forV1beta1(&members))
    }

    private mutating func forV1(_ members: inout JSONObject, at path: FieldPath) throws(ConversionError) -> JSONObject {
        let name = members.take("serviceName")?.string ?? ""
        let port = members.take("servicePort")?.present
        // Beside a resource, v1beta1 shows `servicePort: 0`, which means nothing.
        if name.isEmpty, members["resource"]?.present != nil { return members }
        guard !name.isEmpty else {
            throw ConversionError(
                code: .malformed, message: "a backend names neither a service nor a resource; name one",
                object: object, path: path)
        }
        var service: JSONObject = ["name": .string(name)]
        switch port {
        case .integer(let number)?: if number != 0 { service["port"] = ["number": .integer(number)] }
        case .string(let text)?:
            if purpose.repairs(since: 0), let number = Int64(text) {
                service["port"] = ["number": .integer(number)]
                notes.append("\(path): the port \"\(text)\" is a number and was written as one")
            } else {
                service["port"] = ["name": .string(text)]
            }
        default: break
        }
        members["service"] = .object(service)
        return members
    }

    private func forV1beta1(_ members: inout JSONObject) -> JSONObject {
        let service = members.take("service")?.present
        if let name = service?["name"] { members["serviceName"] = name }
        members["servicePort"] = service?["port"]?["name"]?.present ?? service?["port"]?["number"]?.present ?? 0
        return members
    }
}
