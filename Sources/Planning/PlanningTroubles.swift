import Conversion
import Manifests

/// Collects what stands in the way of a plan, so that people mend it in one go and not one error after the other.
struct PlanningTroubles {
    private let migration: Migration
    private var unservable: [PlanningError.Problem] = []
    private var collisions: [PlanningError.Problem] = []
    private var unassignedNamespaces: [String: Int] = [:]
    private var missingNamespaces: [String: Int] = [:]

    init(migration: Migration) { self.migration = migration }

    /// Notes why an object got no judgement.
    mutating func add(_ obstacle: ObjectJudge.Obstacle, _ object: KubeObject, location: SourceLocation?) {
        let reference = object.reference
        let decision =
            "or write under decisions: {select: {kind: \(reference.kind), "
            + (reference.namespace.map { "namespace: \($0), " } ?? "") + "name: \(reference.name)}, decision: "
        switch obstacle {
        case .unservable(let successor):
            // The words that `kirikae convert` has for it.
            let advice =
                ConversionRegistry.reasonForNoConversion(of: object.gvk).map {
                    $0.prefix(1).uppercased() + $0.dropFirst()
                }
                ?? successor.map { "Rewrite it as \($0) on blue" } ?? "Replace it by something that green has"
            unservable.append(
                .init(
                    object: reference, location: location,
                    message: "green does not serve \(object.gvk), and nothing here can rewrite it",
                    remedy: "\(advice), \(decision)skip, reason: …}."))
        case .unconvertible(let why):
            unservable.append(
                .init(
                    object: reference, location: location, message: why,
                    remedy: "Mend the object on blue, \(decision)skip, reason: …}."))
        case .collision:
            collisions.append(
                .init(
                    object: reference, location: location,
                    message: "green has an object of that name that this migration did not make",
                    remedy: "Rename or remove it on green, \(decision)skip, reason: …} – or decision: merge."))
        }
    }

    /// Notes an object in a namespace that no wave names.
    mutating func unassigned(_ object: KubeObject) { unassignedNamespaces[object.namespace ?? "", default: 0] += 1 }

    /// Notes namespaces that objects need and that neither the plan nor green brings.
    mutating func checkNamespaces(_ judgements: [Judgement], existing: [KubeObject]?) {
        var known = SkipRules.clusterNamespaces.union(["default"])
        let carried = judgements.filter { $0.isApplied || $0.line.reason == ReasonCode.alreadyOnGreen }.map(\.source)
        for object in carried + (existing ?? []) where object.gvk.groupKind == .core("Namespace") {
            known.insert(object.name)
        }
        for judgement in judgements where judgement.isApplied {
            guard let namespace = judgement.source.namespace, !known.contains(namespace) else { continue }
            missingNamespaces[namespace, default: 0] += 1
        }
    }

    /// Throws all troubles of the gravest kind.
    func throwIfAny() throws(PlanningError) {
        if !unservable.isEmpty {
            throw PlanningError(
                .unservable, "\(unservable.count) objects cannot be written to green:", problems: unservable)
        }
        if !unassignedNamespaces.isEmpty {
            throw PlanningError(
                .unassigned, "namespaces that no wave names:",
                problems: unassignedNamespaces.sorted { $0.key < $1.key }.map { namespace, count in
                    .init(
                        message: "namespace \(namespace) holds \(count) objects",
                        remedy: "Name it in a wave, or write unassignedNamespaces: platform.")
                })
        }
        if !missingNamespaces.isEmpty {
            throw PlanningError(
                .unassigned, "namespaces that nobody creates on green:",
                problems: missingNamespaces.sorted { $0.key < $1.key }.map { namespace, count in
                    .init(
                        message:
                            "\(count) objects live in namespace \(namespace), and no Namespace of that name is copied",
                        remedy: "Add it to the inventory, or create it on green and plan against the live cluster.")
                })
        }
        if !collisions.isEmpty {
            throw PlanningError(
                .collisions, "\(collisions.count) objects on green are in the way; nothing has been written:",
                problems: collisions)
        }
    }
}
