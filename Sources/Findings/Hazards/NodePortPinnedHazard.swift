import Manifests

/// Services whose node ports somebody outside may have written down.
public struct NodePortPinnedHazard: HazardCheck {
    public let id = "node-port-pinned"
    public let summary = "A Service has node ports that a load balancer in front may name."

    public init() {}

    public func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard] {
        inventory.migrating.compactMap { entry in
            guard entry.object.gvk.groupKind == GroupKind(group: "", kind: "Service"),
                let index = Self.pinnedPort(of: entry.object)
            else { return nil }
            let port = entry.object[FieldPath("spec.ports").index(index).member("nodePort")]?.integer ?? 0
            return hazard(
                .informs, entry, at: FieldPath("spec.ports").index(index).member("nodePort"),
                "\(entry.object.reference) was given node port \(port) by hand: something in front may use it.",
                "The port is kept; see that it is free on green and that nothing points at green's nodes too early.")
        }
    }

    /// The first port whose node port a person chose: written in the manifest, not allotted by the server.
    ///
    /// What was last applied tells the two apart. Without it, only an object from a file is known to be written so.
    static func pinnedPort(of service: KubeObject) -> Int? {
        guard let ports = service["spec.ports"]?.array else { return nil }
        let applied = service[annotation: LastAppliedAPICheck.annotation]
            .flatMap { try? JSONValue(parsing: $0) }
        guard let chosen = applied ?? (service.uid == nil ? service.json : nil) else { return nil }
        let numbers = (chosen["spec"]?["ports"]?.array ?? []).compactMap { $0["nodePort"]?.integer }
        return ports.firstIndex { port in port["nodePort"]?.integer.map(numbers.contains) ?? false }
    }
}
