public import Manifests

/// CustomResourceDefinition: v1 keeps schema, subresources and columns with each version, v1beta1 also once for all.
///
/// Servers move what is the same in every version up when they show v1beta1, and down when they show v1. When
/// migrating, what v1 refuses to create is made to say what v1beta1 meant: a definition whose objects kept unknown
/// fields goes on keeping them. A schema that is not structural cannot be made so without guessing what its author
/// meant; the conversion then names each place.
public struct CustomResourceDefinitionConversion: KindConversion {
    public let versions = ["v1beta1", "v1"].map {
        GroupVersionKind(group: "apiextensions.k8s.io", version: $0, kind: "CustomResourceDefinition")
    }

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        guard var spec = object["spec"]?.object else { return result }
        if target.version == "v1beta1" {
            Self.moveUp(&spec)
            result.object["spec"] = .object(spec)
            return result
        }
        Self.moveDown(&spec)
        if spec["scope"]?.present == nil {
            spec["scope"] = "Namespaced"
            if purpose != .reading {
                result.notes.append("spec.scope was absent and is written out as Namespaced, the default of v1beta1")
            }
        }
        if purpose == .reading {
            if spec["preserveUnknownFields"] == false { spec["preserveUnknownFields"] = nil }
        } else {
            try keepUnknownFields(&spec, of: object, &result.notes)
        }
        result.object["spec"] = .object(spec)
        return result
    }

    // MARK: - Between once for all and once for each

    private static let perVersion = ["schema", "subresources", "additionalPrinterColumns"]

    private static func moveDown(_ spec: inout JSONObject) {
        var versions = spec["versions"]?.array ?? []
        if let only = spec.take("version")?.present, versions.isEmpty {
            versions = [["name": only, "served": true, "storage": true]]
        }
        let common: [String: JSONValue?] = [
            "schema": spec.take("validation")?.present, "subresources": spec.take("subresources")?.present,
            "additionalPrinterColumns": spec.take("additionalPrinterColumns")?.present,
        ]
        for name in perVersion where !versions.contains(where: { $0[name]?.present != nil }) {
            guard let value = common[name] ?? nil else { continue }
            for index in versions.indices { versions[index][name] = value }
        }
        for index in versions.indices {
            guard let columns = versions[index]["additionalPrinterColumns"]?.present else { continue }
            versions[index]["additionalPrinterColumns"] = columns.mapElements { column in
                guard var members = column.object else { return column }
                members.rename("JSONPath", to: "jsonPath")
                return .object(members)
            }
        }
        spec["versions"] = .array(versions)
        if var conversion = spec["conversion"]?.object {
            var webhook: JSONObject = [:]
            if let client = conversion.take("webhookClientConfig")?.present { webhook["clientConfig"] = client }
            if let reviews = conversion.take("conversionReviewVersions")?.present {
                webhook["conversionReviewVersions"] = reviews
            }
            if conversion["strategy"] == "Webhook", webhook["conversionReviewVersions"] == nil {
                webhook["conversionReviewVersions"] = ["v1beta1"]
            }
            if !webhook.isEmpty { conversion["webhook"] = .object(webhook) }
            spec["conversion"] = .object(conversion)
        }
    }

    private static func moveUp(_ spec: inout JSONObject) {
        var versions = spec["versions"]?.array ?? []
        for index in versions.indices {
            guard let columns = versions[index]["additionalPrinterColumns"]?.present else { continue }
            versions[index]["additionalPrinterColumns"] = columns.mapElements { column in
                guard var members = column.object else { return column }
                members.rename("jsonPath", to: "JSONPath")
                return .object(members)
            }
        }
        if let first = versions.first {
            spec["version"] = first["name"]
            for (name, common) in zip(perVersion, ["validation", "subresources", "additionalPrinterColumns"]) {
                guard let value = first[name]?.present, versions.allSatisfy({ $0[name] == value }) else { continue }
                spec[common] = value
                for index in versions.indices { versions[index][name] = nil }
            }
        }
        spec["versions"] = .array(versions)
        if var conversion = spec["conversion"]?.object {
            if let webhook = conversion.take("webhook")?.present {
                if let client = webhook["clientConfig"]?.present { conversion["webhookClientConfig"] = client }
                if let reviews = webhook["conversionReviewVersions"]?.present {
                    conversion["conversionReviewVersions"] = reviews
                }
            }
            spec["conversion"] = .object(conversion)
        }
        if spec["preserveUnknownFields"] == nil { spec["preserveUnknownFields"] = false }
    }

    // MARK: - What v1 refuses

    private func keepUnknownFields(
        _ spec: inout JSONObject, of object: KubeObject, _ notes: inout [String]
    ) throws(ConversionError) {
        // Absence meant true in v1beta1, and v1 takes only false.
        let keeps = spec["preserveUnknownFields"]?.bool ?? true
        spec["preserveUnknownFields"] = nil
        var versions = spec["versions"]?.array ?? []
        for index in versions.indices {
            let place = FieldPath("spec.versions").index(index).member("schema").member("openAPIV3Schema")
            guard let schema = versions[index]["schema"]?["openAPIV3Schema"]?.present else {
                versions[index]["schema"] = ["openAPIV3Schema": StructuralForm.anything]
                notes.append(
                    "\(place) is required now and there was none: it became one that checks nothing and keeps "
                        + "everything")
                continue
            }
            var form = StructuralForm(schema, keepsUnknownFields: keeps)
            if let fault = form.faults.first {
                let others = form.faults.count - 1
                throw ConversionError(
                    code: .undecidable,
                    message: "v1 takes only structural schemas, and \(fault.path.isEmpty ? "the schema" : fault.path) "
                        + fault.message + (others > 0 ? "; \(others) more places like that" : "")
                        + ". What its author meant cannot be guessed: write the schema anew, with a type at every node",
                    object: object.reference, path: place)
            }
            versions[index]["schema"]?["openAPIV3Schema"] = form.schema
            notes += form.notes.map { "\(place): \($0)" }
            form.notes = []
        }
        spec["versions"] = .array(versions)
    }
}
