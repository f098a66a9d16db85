public import Manifests

extension CatalogFacts {
    /// Every PodSpec of an object with its place, as the catalog's mounts tell.
    public func podSpecs(in object: KubeObject) -> [PathPattern.Place] {
        mounts(in: object.gvk).filter { $0.name == "PodSpec" }.flatMap { $0.path.places(in: object.json) }
    }

    /// Where some probes match in an object: those bound to its kind, those for any object, those for pods and what
    /// stands beside them; in that order.
    ///
    /// Static Pods, configuration files and arguments are no fields of an object and are not looked for.
    public func places(
        in object: KubeObject, of isWanted: (ProbeReference) -> Bool
    ) -> [(reference: ProbeReference, path: FieldPath)] {
        var found: [(reference: ProbeReference, path: FieldPath)] = []
        func look(_ references: [ProbeReference], in root: JSONValue, at base: FieldPath) {
            for reference in references where isWanted(reference) {
                let probe = behaviours[reference.change].probes[reference.probe]
                if case .object(_, let version?, _) = probe.carrier, version != object.gvk.version { continue }
                for path in probe.places(in: root) {
                    found.append((reference, FieldPath(base.elements + path.elements)))
                }
            }
        }
        look(probes(in: object.gvk.groupKind), in: object.json, at: FieldPath())
        look(probes(in: .anyObject), in: object.json, at: FieldPath())
        for pod in podSpecs(in: object) {
            look(probes(in: .pod), in: pod.value, at: pod.path)
            let template = FieldPath(Array(pod.path.elements.dropLast()))
            look(probes(in: .podMetadata), in: object.json[template] ?? .null, at: template)
        }
        return found
    }
}

extension BehaviourChange {
    /// Whether it concerns objects that are to live with a release: it has happened there, or it is announced and will
    /// hurt.
    ///
    /// - Parameter onlyBroken: leaves out what is announced, what only warns, and what works where a driver took over.
    public func concerns(_ target: KubernetesVersion, onlyBroken: Bool = false) -> Bool {
        if onlyBroken { return target >= since && (severity == .breaks || severity == .degrades) }
        guard target < since else { return true }
        return [.breaks, .breaksWithoutDriver, .degrades].contains(severity) && deprecated.map { target >= $0 } ?? false
    }
}
