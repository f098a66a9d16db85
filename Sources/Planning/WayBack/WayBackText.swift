import Manifests
import Routing

/// Writes `WAY-BACK.md`: how to return with nothing but kubectl and the plan's folder.
///
/// Every command sets a state and adds to none, so that all of it can be repeated, and carried out when nobody knows
/// how far the run came. Deleting is by name *and* by the label of this migration: a foreign object of that name stays.
struct WayBackText {
    let plan: Plan
    let objects: [PlannedObject]
    let blueContext: String
    let greenContext: String
    /// The plural by which kubectl knows a kind.
    let resource: (GroupKind) -> String

    /// The whole file.
    var text: String {
        ([opening, usersFirst, checkpoints] + stepSections).joined(separator: "\n")
    }

    private var opening: String {
        """
        # The way back of \(plan.name)

        Made with the plan; for a person who has kubectl and this folder, and no kirikae. With kirikae, type
        `kirikae rollback` instead: it looks before it writes.

        - blue is `\(plan.blue.name)` (\(plan.blue.version)), context `\(blueContext)`\(uid(plan.blue))
        - green is `\(plan.green.name)` (\(plan.green.version)), context `\(greenContext)`\(uid(plan.green))

        Make sure that the contexts lead to these clusters:

        ```sh
        \(kubectl(.blue, nil, "get namespace kube-system -o jsonpath='{.metadata.uid}'"))
        \(kubectl(.green, nil, "get namespace kube-system -o jsonpath='{.metadata.uid}'"))
        ```

        Every command sets a state and can be repeated. Run them in this folder. Where green does not answer, leave its
        commands out and come back to them later: the users do not wait for green.

        """
    }

    /// What matters at 2 a.m.: exclusive work and traffic of every wave on blue.
    private var usersFirst: String {
        var lines = ["## First: everything that users need, back on blue", ""]
        var any = false
        for wave in plan.waves.reversed() {
            for phase in UndoPhase.allCases where phase != .reverse {
                for step in wave.steps.reversed() where step.undoPhase == phase && step.action.hasEffect {
                    // One command per route is enough: the first step down leads to blue at once.
                    if case .route(let action) = step.action, action.from != .allBlue { continue }
                    lines += ["\(step.title) – taken back (`\(step.id)`):", "", "```sh", undo(step), "```", ""]
                    any = true
                }
            }
        }
        if !any { lines += ["Nothing: this plan moves no traffic and puts nothing on blue to sleep.", ""] }
        return lines.joined(separator: "\n")
    }

    private var checkpoints: String {
        var lines = [
            "## To a checkpoint", "", "Carry out the sections below in the order given, from where the run came to.",
            "",
        ]
        for entry in plan.wayBack {
            lines += ["### \(entry.checkpoint)", "", entry.state, ""]
            lines += entry.undoes.enumerated().map { "\($0.offset + 1). `\($0.element)`" }
            if entry.undoes.isEmpty { lines.append("Nothing stands behind it.") }
            lines.append("")
            for loss in entry.notRestored { lines += ["Not restored: \(loss).", ""] }
        }
        return lines.joined(separator: "\n")
    }

    /// One section per step with an effect, last step first.
    private var stepSections: [String] {
        ["## Taking back each step", ""]
            + plan.steps.reversed().filter { $0.step.action.hasEffect }.map { _, step in
                "### \(step.id)\n\n\(step.title) – taken back:\n\n```sh\n\(undo(step))\n```\n"
            }
    }

    private func undo(_ step: Step) -> String {
        switch step.action {
        case .apply(let action):
            let lines = Dictionary(
                objects.filter { $0.disposition != .skip }.map { ($0.object, $0) },
                uniquingKeysWith: { first, _ in first })
            return action.objects.reversed().map { remove(lines[$0], $0) }.joined(separator: "\n")
        case .setFields(let action):
            return action.changes.reversed().map { patch(action.side, $0) }.joined(separator: "\n")
        case .route(let action):
            guard let route = plan.routes.first(where: { $0.name == action.route }) else { return "" }
            return RouterRegistry.byHand(kind: route.backend, settings: route.settings, weights: action.from)
                ?? "# Set route \(route.name) to \(action.from)."
        case .waitReady, .verify, .measure, .gate, .checkpoint: return ""
        }
    }

    private func remove(_ line: PlannedObject?, _ reference: ObjectReference) -> String {
        let target = line?.greenReference ?? reference
        let label = "\(OwnMarks.migrationLabel)=\(plan.name)"
        if line?.mergesIntoExisting ?? false {
            return "# \(target) may be older than the migration and is not deleted; only its mark is taken off.\n"
                + kubectl(
                    .green, target.namespace, "label \(resource(target)) \(target.name) \(OwnMarks.migrationLabel)-")
        }
        return kubectl(
            .green, target.namespace,
            "delete \(resource(target)) -l \(label) --field-selector metadata.name=\(target.name)")
    }

    private func patch(_ side: Side, _ change: FieldChange) -> String {
        var merge: JSONValue = [:]
        for field in change.fields { merge.setForMerge(field.path.elements[...], to: field.from ?? .null) }
        let group = GroupVersionKind(apiVersion: change.apiVersion, kind: change.object.kind.kind).group
        let target = ObjectReference(
            kind: GroupKind(group: group, kind: change.object.kind.kind), namespace: change.object.namespace,
            name: change.object.name)
        return kubectl(
            side, target.namespace,
            "patch \(resource(target)) \(target.name) --type=merge -p '\(merge.canonicalText)'")
    }

    private func resource(_ reference: ObjectReference) -> String {
        let plural = resource(reference.kind)
        return reference.kind.group.isEmpty ? plural : "\(plural).\(reference.kind.group)"
    }

    private func kubectl(_ side: Side, _ namespace: String?, _ rest: String) -> String {
        let context = side == .blue ? blueContext : greenContext
        return "kubectl --context='\(context)' " + (namespace.map { "-n \($0) " } ?? "") + rest
    }

    private func uid(_ cluster: ClusterIdentity) -> String { cluster.uid.map { ", UID of kube-system `\($0)`" } ?? "" }
}

extension JSONValue {
    /// Sets a member of a merge patch, where null means "take away" and therefore has to be written.
    fileprivate mutating func setForMerge(_ path: ArraySlice<FieldPath.Element>, to value: JSONValue) {
        guard case .member(let name)? = path.first else { return }
        var members = object ?? [:]
        if path.count == 1 {
            members[name] = value
        } else {
            var child = members[name] ?? [:]
            child.setForMerge(path.dropFirst(), to: value)
            members[name] = child
        }
        self = .object(members)
    }
}
