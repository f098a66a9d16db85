import Manifests

/// What objects of the shop name, as far as Kubernetes has no check for it.
enum ShopReferences {
    /// Every object that this one names and that must be there.
    static func named(by object: KubeObject) -> [ObjectReference] {
        // What a controller made follows its owner.
        if object["metadata.ownerReferences"] != nil { return [] }
        return pod(of: object) + roles(of: object) + others(of: object) + services(in: object.json, of: object)
    }

    /// The UIDs of owners, claims and accounts that this object names.
    static func uids(in object: KubeObject) -> [String] {
        var uids = (object["metadata.ownerReferences"]?.array ?? []).compactMap { $0["uid"]?.string }
        uids += [object["spec.claimRef.uid"]?.string, object["involvedObject.uid"]?.string].compactMap { $0 }
        uids += [object[annotation: "kubernetes.io/service-account.uid"]].compactMap { $0 }
        for member in ["subsets", "endpoints"] {
            for entry in object[FieldPath([.member(member)])]?.array ?? [] {
                uids += (entry["addresses"]?.array ?? []).compactMap { $0["targetRef"]?["uid"]?.string }
                uids += [entry["targetRef"]?["uid"]?.string].compactMap { $0 }
            }
        }
        return uids
    }

    private static func reference(_ kind: String, in namespace: String?, _ name: JSONValue?) -> [ObjectReference] {
        name?.string.map { [ObjectReference(kind: GroupKind(kind), namespace: namespace, name: $0)] } ?? []
    }

    private static func pod(of object: KubeObject) -> [ObjectReference] {
        let paths: [FieldPath] = ["spec.template.spec", "spec.jobTemplate.spec.template.spec", "spec"]
        guard let spec = paths.compactMap({ object[$0] }).first(where: { $0["containers"] != nil }) else { return [] }
        let namespace = object.namespace
        var found = reference("ServiceAccount", in: namespace, spec["serviceAccountName"])
        found += reference("PriorityClass.scheduling.k8s.io", in: nil, spec["priorityClassName"])
        for volume in spec["volumes"]?.array ?? [] {
            found += reference("Secret", in: namespace, volume["secret"]?["secretName"])
        }
        for container in spec["containers"]?.array ?? [] {
            for source in container["envFrom"]?.array ?? [] {
                found += reference("ConfigMap", in: namespace, source["configMapRef"]?["name"])
            }
            for variable in container["env"]?.array ?? [] {
                found += reference("Secret", in: namespace, variable["valueFrom"]?["secretKeyRef"]?["name"])
            }
        }
        return found
    }

    private static func roles(of object: KubeObject) -> [ObjectReference] {
        guard let role = object["roleRef"] else { return [] }
        let kind = "\(role["kind"]?.string ?? "").rbac.authorization.k8s.io"
        var found = reference(
            kind, in: role["kind"]?.string == "Role" ? object.namespace : nil, role["name"])
        for subject in object["subjects"]?.array ?? [] where subject["kind"] == "ServiceAccount" {
            found += reference("ServiceAccount", in: subject["namespace"]?.string, subject["name"])
        }
        return found
    }

    private static func others(of object: KubeObject) -> [ObjectReference] {
        let namespace = object.namespace
        switch object.gvk.kind {
        case "HorizontalPodAutoscaler":
            return reference("Deployment.apps", in: namespace, object["spec.scaleTargetRef.name"])
        case "StatefulSet":
            return reference("Service", in: namespace, object["spec.serviceName"])
        case "PersistentVolume":
            return reference(
                "PersistentVolumeClaim", in: object["spec.claimRef.namespace"]?.string, object["spec.claimRef.name"])
                + reference("StorageClass.storage.k8s.io", in: nil, object["spec.storageClassName"])
        case "PersistentVolumeClaim":
            return reference("PersistentVolume", in: nil, object["spec.volumeName"])
        case "VolumeAttachment":
            return reference("Node", in: nil, object["spec.nodeName"])
                + reference("PersistentVolume", in: nil, object["spec.source.persistentVolumeName"])
        case "ServiceAccount":
            let secrets = (object["imagePullSecrets"]?.array ?? []) + (object["secrets"]?.array ?? [])
            return secrets.flatMap { reference("Secret", in: namespace, $0["name"]) }
        case "Secret":
            return object[annotation: "kubernetes.io/service-account.name"].map {
                reference("ServiceAccount", in: namespace, .string($0))
            } ?? []
        case "Ingress":
            var found = reference("IngressClass.networking.k8s.io", in: nil, object["spec.ingressClassName"])
            for entry in object["spec.tls"]?.array ?? [] {
                found += reference("Secret", in: namespace, entry["secretName"])
            }
            for rule in object["spec.rules"]?.array ?? [] {
                for path in rule["http"]?["paths"]?.array ?? [] {
                    found += reference("Service", in: namespace, path["backend"]?["service"]?["name"])
                }
            }
            return found
        case "ValidatingWebhookConfiguration":
            return (object["webhooks"]?.array ?? []).flatMap { webhook in
                let service = webhook["clientConfig"]?["service"]
                return reference("Service", in: service?["namespace"]?.string, service?["name"])
            }
        default: return []
        }
    }

    /// Services named by their DNS names, anywhere in the object.
    private static func services(in value: JSONValue, of object: KubeObject) -> [ObjectReference] {
        switch value {
        case .string(let text):
            guard let end = text.firstRange(of: ".svc.cluster.local") else { return [] }
            let host = text[..<end.lowerBound].split(separator: "/").last ?? ""
            let labels = host.split(separator: ".")
            guard labels.count >= 2 else { return [] }
            return reference(
                "Service", in: String(labels[labels.count - 1]), .string(String(labels[labels.count - 2])))
        case .array(let elements): return elements.flatMap { services(in: $0, of: object) }
        case .object(let members): return members.flatMap { services(in: $0.value, of: object) }
        default: return []
        }
    }
}
