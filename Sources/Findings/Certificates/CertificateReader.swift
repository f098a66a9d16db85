import FoundationEssentials
public import Manifests

/// Finds the certificates in an object: TLS Secrets, bundles of authorities at webhooks, APIServices and CRDs, the
/// cluster's own authorities, and kubeconfig files.
///
/// Keys are never looked at.
public enum CertificateReader {
    /// What stands in every object that may hold a certificate.
    static let need = CheckNeed.anyOf(["tls.crt", "ca.crt"], in: ["Secret"])
        .union(.anyGroupOf([["client-ca-file", "extension-apiserver-authentication"]], in: ["ConfigMap"]))
        .union(.anyOf(["client-certificate-data", "certificate-authority-data"], in: ["Config"]))
        .union(.anyGroupOf([["admissionregistration.k8s.io", "caBundle"]]))
        .union(.anyOf(["caBundle"], in: ["APIService"]))
        .union(.anyGroupOf([["conversion", "caBundle"]], in: ["CustomResourceDefinition"]))

    /// What an object holds, in the order of its places; nothing for a Secret that was redacted.
    public static func read(_ object: KubeObject) -> [CertificateFact] {
        places(in: object).flatMap { place -> [CertificateFact] in
            guard let text = object[place.path]?.string, !text.isEmpty else { return [] }
            let pem: String
            if place.isPlain {
                pem = text
            } else {
                guard let data = Data(base64Encoded: String(text.filter { !$0.isWhitespace })) else { return [] }
                pem = String(decoding: data, as: UTF8.self)
            }
            return read(
                pem: pem, role: place.role, holder: object.reference, path: place.path, renewer: renewer(of: object))
        }
    }

    /// The certificates of a text in PEM; what stands between them plays no part.
    public static func read(
        pem: String, role: CertificateFact.Role, holder: ObjectReference, path: FieldPath, renewer: String? = nil
    ) -> [CertificateFact] {
        blocks(of: pem).map { block in
            let validity = Data(base64Encoded: block).flatMap { CertificateValidity(der: Array($0)) }
            return CertificateFact(
                holder: holder, path: path, role: role, subject: validity?.subject ?? "", renewer: renewer,
                end: validity?.end ?? 0, problem: validity == nil ? "not a certificate that can be read" : nil)
        }
    }

    private struct Place {
        var path: FieldPath
        var role: CertificateFact.Role
        /// Written as it is rather than in base64.
        var isPlain = false
    }

    private static func places(in object: KubeObject) -> [Place] {
        switch (object.gvk.group, object.gvk.kind) {
        case ("", "Secret"):
            guard object[annotation: SecretRedaction.annotation] == nil else { return [] }
            return [("tls.crt", CertificateFact.Role.identity), ("ca.crt", .authority)].flatMap { name, role in
                [
                    Place(path: FieldPath("data").member(name), role: role),
                    Place(path: FieldPath("stringData").member(name), role: role, isPlain: true),
                ]
            }
        case ("", "ConfigMap"):
            // The authorities of the cluster stand in one place; `kube-root-ca.crt` repeats them in each namespace.
            guard object.name == "extension-apiserver-authentication" else { return [] }
            return ["client-ca-file", "requestheader-client-ca-file"].map {
                Place(path: FieldPath("data").member($0), role: .authority, isPlain: true)
            }
        case ("", "Config"):
            return EmbeddedManifests.each(object, "users").map {
                Place(path: $0.member("user").member("client-certificate-data"), role: .identity)
            }
                + EmbeddedManifests.each(object, "clusters").map {
                    Place(path: $0.member("cluster").member("certificate-authority-data"), role: .authority)
                }
        case ("admissionregistration.k8s.io", _):
            return EmbeddedManifests.each(object, "webhooks").map {
                Place(path: $0.member("clientConfig").member("caBundle"), role: .authority)
            }
        case ("apiregistration.k8s.io", "APIService"): return [Place(path: "spec.caBundle", role: .authority)]
        case ("apiextensions.k8s.io", "CustomResourceDefinition"):
            return ["spec.conversion.webhook.clientConfig.caBundle", "spec.conversion.webhookClientConfig.caBundle"].map
            {
                Place(path: $0, role: .authority)
            }
        default: return []
        }
    }

    /// Whoever renews what the object holds, where the object says so.
    private static func renewer(of object: KubeObject) -> String? {
        if object[annotation: "cert-manager.io/certificate-name"] != nil
            || object[annotation: "cert-manager.io/inject-ca-from"] != nil
            || object[annotation: "cert-manager.io/inject-ca-from-secret"] != nil
        {
            return "cert-manager"
        }
        if object[annotation: "service.beta.openshift.io/expiry"] != nil
            || object[annotation: "auth.openshift.io/certificate-not-after"] != nil
        {
            return "OpenShift"
        }
        return nil
    }

    private static let begin = "-----BEGIN CERTIFICATE-----"
    private static let end = "-----END CERTIFICATE-----"

    /// The base64 between the marks.
    private static func blocks(of text: String) -> [String] {
        var blocks: [String] = []
        var block: String?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix(begin) {
                block = ""
            } else if line.hasPrefix(end) {
                if let block { blocks.append(block) }
                block = nil
            } else {
                block?.append(contentsOf: line.filter { !$0.isWhitespace })
            }
        }
        return blocks
    }
}
