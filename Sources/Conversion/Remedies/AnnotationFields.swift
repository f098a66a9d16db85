import Manifests

/// `kubernetes.io/ingress.class` becomes `spec.ingressClassName`.
///
/// GKE's own classes stay: its controller heeds the annotation only.
struct IngressClassRemedy: Remedy {
    private static let annotationOnly: Set<String> = ["gce", "gce-internal", "gce-multi-cluster"]

    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let name = work.text(at: place), !name.isEmpty, !Self.annotationOnly.contains(name) else { return }
        if let field = work.object["spec.ingressClassName"]?.present {
            if field.string == name { work.drop(place) }
            return
        }
        work.drop(place)
        work.object["spec.ingressClassName"] = .string(name)
        work.note(
            place,
            "became spec.ingressClassName; the cluster needs an IngressClass named \(name) that its controller answers to"
        )
    }
}

/// The annotation that named a volume's class, and won over the field, becomes the field.
struct StorageClassRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let name = work.text(at: place) else { return }
        if let field = work.text(at: "spec.storageClassName"), field != name {
            work.note(
                place, "won over spec.storageClassName (\(field)); the field now says \(name), as the annotation did")
        }
        work.drop(place)
        work.object["spec.storageClassName"] = .string(name)
    }
}

/// Mount options of a PersistentVolume, which the annotation held with commas between them and won over the field.
struct MountOptionsRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let text = work.text(at: place) else { return }
        let options = text.split(separator: ",").map { JSONValue.string(String($0)) }
        work.drop(place)
        if !options.isEmpty { work.object["spec.mountOptions"] = .array(options) }
    }
}

/// `service.alpha.kubernetes.io/tolerate-unready-endpoints` becomes `spec.publishNotReadyAddresses`.
struct UnreadyEndpointsRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let text = work.text(at: place) else { return }
        // What Go takes for a boolean.
        switch text {
        case "1", "t", "T", "true", "TRUE", "True":
            work.drop(place)
            work.object["spec.publishNotReadyAddresses"] = true
        case "0", "f", "F", "false", "FALSE", "False": work.drop(place)
        default: return
        }
    }
}

/// `scheduler.alpha.kubernetes.io/critical-pod`, which gave pods of kube-system the class system-cluster-critical.
///
/// Elsewhere it never did anything. A manifest that does not say its namespace is left to its author.
struct CriticalPodRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        let spec = place.up(3).member("spec")
        let isCritical = work.text(at: place)?.isEmpty ?? false
        guard work.object[spec.member("priorityClassName")]?.present == nil else { return work.drop(place) }
        guard let namespace = work.object.namespace else {
            return work.leave(
                place, "which priority the pods had depends on the namespace, which is not said here",
                remedy: "In kube-system: priorityClassName system-cluster-critical (system-node-critical for agents of "
                    + "a node). Elsewhere the annotation did nothing: remove it.")
        }
        work.drop(place)
        guard isCritical, namespace == "kube-system" else {
            return work.note(place, "was heeded only in kube-system and with an empty value, and was dropped")
        }
        work.object[spec.member("priorityClassName")] = "system-cluster-critical"
        work.note(
            place,
            "became priorityClassName system-cluster-critical, as servers read it; an agent of a node may want "
                + "system-node-critical")
    }
}

/// Annotations that held a part of a PodSpec as JSON, from before the field was there.
struct PodAnnotationRemedy: Remedy {
    /// What the annotation becomes, and the form it must have.
    enum Field: Sendable {
        case initContainers, affinity, tolerations, schedulerName
    }

    /// By the annotation's name.
    let fields: [String: Field]

    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let name = place.lastName, let field = fields[name], let text = work.text(at: place) else { return }
        let member = place.up(3).member("spec").member("\(field)")
        // The field counts where both are there, and has for as long as it exists.
        guard work.object[member]?.present == nil else { return work.drop(place) }
        guard let value = Self.value(text, for: field) else {
            return work.leave(
                place, "it does not hold what \(field) could be written from",
                remedy: "Write spec.\(field) by hand, or remove the annotation.")
        }
        work.drop(place)
        work.object[member] = value
        work.note(
            place, "became \(field); servers have not heeded the annotation for years, so that this changes what runs")
    }

    private static func value(_ text: String, for field: Field) -> JSONValue? {
        if field == .schedulerName { return text.isEmpty ? nil : .string(text) }
        guard let value = try? JSONValue(parsing: text) else { return nil }
        switch field {
        case .initContainers, .tolerations:
            let name = field == .initContainers ? "name" : "key"
            guard let elements = value.array, !elements.isEmpty,
                elements.allSatisfy({ $0[name]?.string != nil || (field == .tolerations && $0["operator"] == "Exists") }
                )
            else { return nil }
            return value
        case .affinity:
            let names: Set<String> = ["nodeAffinity", "podAffinity", "podAntiAffinity"]
            guard let members = value.object, !members.isEmpty, members.allSatisfy({ names.contains($0.key) }) else {
                return nil
            }
            return value
        case .schedulerName: return nil
        }
    }
}

/// The beta mark of the default StorageClass; servers take a class for the default when either spelling says so.
struct DefaultClassRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let old = work.text(at: place) else { return }
        let other = place.parent.member("storageclass.kubernetes.io/is-default-class")
        let isDefault = old == "true" || work.text(at: other) == "true"
        let kept = work.text(at: other)
        work.drop(place)
        work.object[other] = .string(isDefault ? "true" : kept ?? old)
    }
}
