public import Manifests

/// Objects that Argo CD or Flux puts back whenever somebody else changes them.
public struct GitOpsManagedHazard: HazardCheck {
    public let id = "gitops-managed"
    public let summary = "Argo CD or Flux manages objects and may undo standby, or delete copies."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            let object = entry.object
            if object.gvk.group == "argoproj.io", object.gvk.kind == "Application" {
                let heals = object["spec.syncPolicy.automated.selfHeal"]?.bool == true
                return hazard(
                    .informs, entry, at: heals ? "spec.syncPolicy.automated.selfHeal" : "spec.syncPolicy",
                    "\(object.reference) manages what it deploys"
                        + (heals ? " and undoes standby within seconds (selfHeal)." : "."),
                    "Point it at green in Git after the switch; pause its automatic sync for the cutover.")
            }
            guard AsleepOnPurposeHazard.sleepingField(of: object) == nil,
                inventory.workloadClass(of: object) != nil, let manager = Self.manager(of: object)
            else { return nil }
            return hazard(
                .informs, entry, at: manager.path,
                "\(object.reference) belongs to \(manager.name), which may set its replicas or suspend back.",
                "Pause \(manager.name) for it in both clusters until the wave is done.")
        }
    }

    /// Who manages an object through Git, and the annotation or label that says so.
    public static func manager(of object: KubeObject) -> (name: String, path: FieldPath)? {
        let annotation = "argocd.argoproj.io/tracking-id"
        if object[annotation: annotation] != nil {
            return ("Argo CD", FieldPath([.member("metadata"), .member("annotations"), .member(annotation)]))
        }
        for (label, name) in [
            ("argocd.argoproj.io/instance", "Argo CD"), ("kustomize.toolkit.fluxcd.io/name", "Flux"),
            ("helm.toolkit.fluxcd.io/name", "Flux"),
        ] where object.labels[label] != nil {
            return (name, FieldPath([.member("metadata"), .member("labels"), .member(label)]))
        }
        return nil
    }
}
