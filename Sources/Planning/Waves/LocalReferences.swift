import Findings
import Manifests

/// The Secrets, ConfigMaps, claims and accounts that a workload's Pods name, and cannot start without.
enum LocalReferences {
    /// Sorted and each once; optional ones are left out.
    static func of(_ object: KubeObject) -> [ObjectReference] {
        guard let template = PodTemplate(of: object), let spec = template.json["spec"] else { return [] }
        var found: Set<ObjectReference> = []
        let namespace = object.namespace
        func need(_ kind: String, _ name: JSONValue?, optional: JSONValue? = nil) {
            guard let name = name?.string, !name.isEmpty, optional?.bool != true else { return }
            found.insert(ObjectReference(kind: .core(kind), namespace: namespace, name: name))
        }
        if spec["serviceAccountName"]?.string != "default" { need("ServiceAccount", spec["serviceAccountName"]) }
        for secret in spec["imagePullSecrets"]?.array ?? [] { need("Secret", secret["name"]) }
        for volume in spec["volumes"]?.array ?? [] {
            need("Secret", volume["secret"]?["secretName"], optional: volume["secret"]?["optional"])
            need("ConfigMap", volume["configMap"]?["name"], optional: volume["configMap"]?["optional"])
            need("PersistentVolumeClaim", volume["persistentVolumeClaim"]?["claimName"])
            for source in volume["projected"]?["sources"]?.array ?? [] {
                need("Secret", source["secret"]?["name"], optional: source["secret"]?["optional"])
                need("ConfigMap", source["configMap"]?["name"], optional: source["configMap"]?["optional"])
            }
        }
        for container in template.containers.map(\.container) {
            for source in container["envFrom"]?.array ?? [] {
                need("Secret", source["secretRef"]?["name"], optional: source["secretRef"]?["optional"])
                need("ConfigMap", source["configMapRef"]?["name"], optional: source["configMapRef"]?["optional"])
            }
            for variable in container["env"]?.array ?? [] {
                let source = variable["valueFrom"]
                need("Secret", source?["secretKeyRef"]?["name"], optional: source?["secretKeyRef"]?["optional"])
                need(
                    "ConfigMap", source?["configMapKeyRef"]?["name"], optional: source?["configMapKeyRef"]?["optional"])
            }
        }
        return found.sorted()
    }
}
