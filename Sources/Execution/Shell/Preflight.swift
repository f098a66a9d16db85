import Manifests
import Planning
import Routing

/// Everything that must hold before the first write.
///
/// Reads only.
struct Preflight: Sendable {
    let document: PlanDocument
    let ports: RunPorts
    /// Operations that are not done yet; on a fresh run all of them.
    let remaining: [PlannedOperation]
    /// Nil on a fresh run: nothing on green can be ours then.
    let run: String?
    /// Whether the run stands at a gate from which it would go back by itself: then it goes on measuring, though green's
    /// API does not answer.
    var isGuarding = false

    /// How many objects were compared, and what was found.
    struct Result: Sendable {
        var checked = 0
        var problems: [PreflightProblem] = []
        var isBlocking: Bool { problems.contains { !$0.isWarning } }
        var warnings: [String] { problems.filter(\.isWarning).map(\.description) }
    }

    func check() async -> Result {
        var result = Result()
        result.problems = planProblems()
        if result.isBlocking { return result }
        result.problems += await clusterProblems()
        if result.problems.contains(where: { $0.code == .clusterUnreachable }) { return result }
        // Comparing objects of the wrong cluster would only add noise.
        if result.isBlocking { return result }
        result.problems += await rightsProblems()
        result.problems += await mirrorProblems()
        if run == nil { result.problems += await routeProblems() }
        await checkObjects(&result)
        return result
    }

    private func planProblems() -> [PreflightProblem] {
        var problems: [PreflightProblem] = []
        if document.plan.format > Plan.currentFormat {
            problems.append(
                PreflightProblem(
                    .planUnsupported, place: "plan", message: "format \(document.plan.format) is newer than this tool",
                    remedy: "use the kirikae that made it"))
        }
        var seen: Set<OperationID> = []
        for operation in PlannedOperation.all(of: document.plan) where !seen.insert(operation.id).inserted {
            problems.append(
                PreflightProblem(
                    .planUnsupported, place: "\(operation.id)", message: "stands twice in the plan",
                    remedy: "make the plan again; report this"))
        }
        for (_, step) in document.plan.steps {
            if case .gate(let gate) = step.action, gate.gate == .probe, !ports.prober.isConnected {
                problems.append(
                    PreflightProblem(
                        .planUnsupported, place: step.id, message: "nothing is there to measure with",
                        remedy: "connect a prober; the command line does"))
            }
        }
        if document.plan.green.uid == nil, !ports.isRehearsal {
            problems.append(
                PreflightProblem(
                    .noTarget, place: "green", message: "the plan was made before green existed",
                    remedy: "make it again with --green-context; until then it can be drilled only"))
        }
        return problems
    }

    private func clusterProblems() async -> [PreflightProblem] {
        var facts: [Side: ClusterFacts] = [:]
        var problems: [PreflightProblem] = []
        for side in Side.allCases {
            do throws(StepFailure) { facts[side] = try await ports.cluster(side).facts() } catch {
                problems.append(
                    PreflightProblem(
                        .clusterUnreachable, place: side.rawValue, message: error.message,
                        remedy: "check the context, the credentials and the network",
                        isWarning: side == .green && isGuarding))
            }
        }
        guard let blue = facts[.blue], let green = facts[.green] else { return problems }
        let plan = document.plan
        if blue.uid == green.uid {
            return [
                PreflightProblem(
                    .sameCluster, place: "blue and green",
                    message: "both contexts lead to the same cluster, \(blue.uid)",
                    remedy: "give two contexts")
            ]
        }
        if blue.uid == plan.green.uid, green.uid == plan.blue.uid {
            return [
                PreflightProblem(
                    .swappedClusters, place: "blue and green", message: "the two contexts are swapped",
                    remedy: "exchange --blue-context and --green-context")
            ]
        }
        for (side, planned, found) in [(Side.blue, plan.blue, blue), (.green, plan.green, green)] {
            let isUnbound = planned.uid == nil && side == .green && ports.isRehearsal
            if found.uid != planned.uid, !isUnbound {
                problems.append(
                    PreflightProblem(
                        .wrongCluster, place: side.rawValue,
                        message: "is \(found.uid); the plan is for \(planned.name), \(planned.uid ?? "none")",
                        remedy: "choose the context of \(planned.name), or make a plan for this pair"))
            } else if found.version != planned.version {
                problems.append(
                    PreflightProblem(
                        .wrongVersion, place: side.rawValue,
                        message: "runs \(found.version); the plan was made for \(planned.version)",
                        remedy: "make the plan again"))
            } else if let apis = planned.apis, let now = found.apis, apis != now {
                problems.append(
                    PreflightProblem(
                        .apisChanged, place: side.rawValue,
                        message: "serves other API groups than when the plan was made",
                        remedy: "nothing, if that is expected", isWarning: true))
            }
        }
        return problems
    }

    /// What the credentials may not do, asked before it is needed in the middle of a night.
    private func rightsProblems() async -> [PreflightProblem] {
        var problems: [PreflightProblem] = []
        for side in Side.allCases {
            let rules = PlanRights.changing(document.plan, document.objects, side: side)
            do throws(StepFailure) {
                for right in try await ports.cluster(side).missing(rules) {
                    problems.append(
                        PreflightProblem(
                            .notAllowed, place: side.rawValue, message: "you may not \(right)",
                            remedy: "kirikae rbac \(side.rawValue) PLAN prints the rights that this plan needs"))
                }
            } catch {
                problems.append(
                    PreflightProblem(
                        .notAllowed, place: side.rawValue,
                        message: "it cannot be asked what the credentials may do: \(error.message)",
                        remedy: "nothing, if you know that they may", isWarning: true))
            }
        }
        return problems
    }

    /// A mirror that cannot be written would stop the run before its first weight; better now.
    private func mirrorProblems() async -> [PreflightProblem] {
        guard let mirror = ports.mirror else { return [] }
        do throws(MirrorError) {
            try await mirror.probe(run ?? "\(document.plan.name)-\(document.digest.short)")
            return []
        } catch {
            return [
                PreflightProblem(
                    .mirrorUnwritable, place: "mirror \(mirror.place)", message: error.message,
                    remedy: "make it writable, or name another with --mirror")
            ]
        }
    }

    private func routeProblems() async -> [PreflightProblem] {
        var baseline: [String: Weights] = [:]
        for operation in PlannedOperation.all(of: document.plan) {
            if case .route(let action) = operation.step.action, baseline[action.route] == nil {
                baseline[action.route] = action.from
            }
        }
        var problems: [PreflightProblem] = []
        for route in document.plan.routes {
            guard let router = ports.routers[route.name] else {
                problems.append(
                    PreflightProblem(
                        .routeUnreadable, place: "route \(route.name)", message: "no router is connected",
                        remedy: "check the route's back end and settings"))
                continue
            }
            do throws(RoutingError) {
                let weights = try await router.read().weights
                if let expected = baseline[route.name], weights != expected {
                    problems.append(
                        PreflightProblem(
                            .routeUnexpected, place: "route \(route.name)",
                            message: "stands at \(weights); the plan begins at \(expected)",
                            remedy: "set it with 'kirikae route set', or make the plan again"))
                }
            } catch {
                problems.append(
                    PreflightProblem(
                        .routeUnreadable, place: "route \(route.name)", message: error.message,
                        remedy: "check the route's back end and settings"))
            }
        }
        return problems
    }

    private func checkObjects(_ result: inout Result) async {
        let byReference = Dictionary(document.objects.map { ($0.object, $0) }) { first, _ in first }
        let lines = remaining.compactMap { operation -> PlannedObject? in
            guard case .apply = operation.step.action, let object = operation.id.object else { return nil }
            return byReference[object]
        }
        let isSecret: (PlannedObject) -> Bool = { $0.object.kind == GroupKind(group: "", kind: "Secret") }
        if ports.digestKey == nil, lines.contains(where: isSecret) {
            result.problems.append(
                PreflightProblem(
                    .noDigestKey, place: "secrets",
                    message: "without the digest key it cannot be told whether Secrets changed since the plan",
                    remedy: "give the key that the inventory was taken with", isWarning: true))
        }
        await checkBlue(lines.filter { ports.digestKey != nil || !isSecret($0) }, &result)
        await checkGreen(lines, &result)
        result.checked += lines.count
    }

    /// Whether the objects on blue are still what the plan was made from.
    private func checkBlue(_ lines: [PlannedObject], _ result: inout Result) async {
        var problems: [(ObjectReference, PreflightProblem)] = []
        let byReference = Dictionary(lines.map { ($0.object, $0) }) { first, _ in first }
        await read(
            lines.map { ManyObjects.Wanted(object: $0.object, apiVersion: $0.readAs) }, from: .blue, &result
        ) { one, now in
            guard let line = byReference[one.object] else { return }
            if let now, Staleness.isUnchanged(line, now: now, digestKey: ports.digestKey) { return }
            problems.append(
                (
                    line.object,
                    PreflightProblem(
                        now == nil ? .objectDeleted : .objectChanged, place: "blue \(line.object)",
                        message: now == nil ? "is gone since the plan was made" : "was changed since the plan was made",
                        remedy: "take the inventory again and make a new plan")
                ))
        }
        result.problems += problems.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Whether the names on green are free, or taken by this run itself.
    private func checkGreen(_ lines: [PlannedObject], _ result: inout Result) async {
        let namespace = GroupKind(group: "", kind: "Namespace")
        let creations = lines.filter { !$0.mergesIntoExisting }
        let (spaces, others) = (
            creations.filter { $0.object.kind == namespace }, creations.filter { $0.object.kind != namespace }
        )
        var absent: Set<String> = []
        var collisions: [PreflightProblem] = []
        func judge(_ one: ManyObjects.Wanted, _ found: KubeObject?) {
            guard let found else {
                if one.object.kind == namespace { absent.insert(one.object.name) }
                return
            }
            if isOurs(found) { return }
            collisions.append(
                PreflightProblem(
                    .collision, place: "green \(one.object)",
                    message: "exists already (uid \(found.uid ?? "?")) and was not created by this run",
                    remedy: "delete or rename it, or leave the object out of the migration"))
        }
        await read(spaces.map(Self.wantedOnGreen), from: .green, &result, judge)
        // What would stand in a namespace that is not there cannot exist.
        let inSight = others.filter { !absent.contains($0.object.namespace ?? "") }
        await read(inSight.map(Self.wantedOnGreen), from: .green, &result, judge)
        result.problems += collisions
    }

    private static func wantedOnGreen(_ line: PlannedObject) -> ManyObjects.Wanted {
        ManyObjects.Wanted(object: line.greenReference, apiVersion: line.writeAs)
    }

    /// Reads kind by kind: what cannot be read of one kind does not hide the others.
    private func read(
        _ wanted: [ManyObjects.Wanted], from side: Side, _ result: inout Result,
        _ body: (ManyObjects.Wanted, KubeObject?) -> Void
    ) async {
        var kinds: [GroupKind] = []
        var byKind: [GroupKind: [ManyObjects.Wanted]] = [:]
        for one in wanted {
            if byKind[one.object.kind] == nil { kinds.append(one.object.kind) }
            byKind[one.object.kind, default: []].append(one)
        }
        for kind in kinds {
            do throws(StepFailure) {
                try await ManyObjects(cluster: ports.cluster(side)).read(byKind[kind] ?? []) { one, found in
                    body(one, found)
                }
            } catch {
                // A kind that green does not serve yet has no objects there: its definition comes with the plan.
                if error.isUnknownKind, side == .green { continue }
                result.problems.append(
                    PreflightProblem(
                        .unreadable, place: "\(kind)", message: error.message,
                        remedy: "check permissions (kubectl auth can-i --list) and the network"))
            }
        }
    }

    private func isOurs(_ object: KubeObject) -> Bool {
        guard let run else { return false }
        return object[annotation: StepKey.annotation].flatMap { StepKey($0) }?.run == run
    }
}
