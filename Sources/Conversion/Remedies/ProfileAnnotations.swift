import Manifests

/// Annotations that named a seccomp or AppArmor profile become fields of the security context.
///
/// The field counts where both are there. An annotation for a container that is not in the pod stays: somebody may add
/// that container later.
struct ProfileRemedy: Remedy {
    /// The annotation for the whole pod, where there is one.
    var ofPod: String?
    /// Followed by the container's name.
    var ofContainer: String
    /// The member of the security context.
    var field: String

    static let seccomp = ProfileRemedy(
        ofPod: "seccomp.security.alpha.kubernetes.io/pod",
        ofContainer: "container.seccomp.security.alpha.kubernetes.io/",
        field: "seccompProfile")
    static let appArmor = ProfileRemedy(
        ofContainer: "container.apparmor.security.beta.kubernetes.io/", field: "appArmorProfile")

    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let name = place.lastName, let text = work.text(at: place) else { return }
        let spec = place.up(3).member("spec")
        guard let holder = name == ofPod ? spec : container(of: name, in: spec, work) else { return }
        let field = holder.member("securityContext").member(self.field)
        if work.object[field]?.present != nil { return work.drop(place) }
        guard let profile = Self.profile(text) else { return }
        work.drop(place)
        work.object[field] = profile
    }

    private func container(of annotation: String, in spec: FieldPath, _ work: Mending) -> FieldPath? {
        guard annotation.hasPrefix(ofContainer) else { return nil }
        let name = annotation.dropFirst(ofContainer.count)
        for list in ["containers", "initContainers"] {
            let place = spec.member(list)
            let containers = work.object[place]?.array ?? []
            if let index = containers.firstIndex(where: { $0["name"]?.string == String(name) }) {
                return place.index(index)
            }
        }
        return nil
    }

    private static func profile(_ text: String) -> JSONValue? {
        switch text {
        case "runtime/default", "docker/default": return ["type": "RuntimeDefault"]
        case "unconfined": return ["type": "Unconfined"]
        default:
            guard text.hasPrefix("localhost/"), text.count > 10 else { return nil }
            return ["type": "Localhost", "localhostProfile": .string(String(text.dropFirst(10)))]
        }
    }
}
