import Findings
import Manifests

/// What the plan answers to each hazard, and which ones nobody has answered.
struct HazardAnswers {
    /// Sorted by id and object.
    private(set) var hazards: [PlannedHazard] = []
    /// Hazards that refuse a plan and that the migration file does not accept.
    private(set) var open: [PlanningError.Problem] = []

    private let migration: Migration

    init(_ input: PlanningInput, objects: [Judgement]) {
        migration = input.migration
        let lines = Dictionary(objects.map { ($0.source.reference, $0) }, uniquingKeysWith: { first, _ in first })
        let context = HazardContext(catalog: input.catalog, target: input.target.identity.version)
        for hazard in HazardChecks.run(over: input.blue, context: context) {
            answer(hazard, judgement: hazard.object.flatMap { lines[$0] })
        }
        for sentence in input.blue.notSeen {
            inform(
                "not-seen", nil, sentence,
                "what is there is not in the plan; grant the right to list it, or move it by hand")
        }
        reportSystemNamespaces(objects)
        reportHeld(objects)
        reportMissing(objects)
        reportSplitWork(objects)
    }

    /// Adds hazards that other parts of the planner found.
    mutating func add(_ more: [PlannedHazard]) { hazards += more }

    /// All hazards in the plan's order, each once.
    func sorted() -> [PlannedHazard] {
        var seen: Set<PlannedHazard> = []
        return hazards.filter { seen.insert($0).inserted }.sorted { first, second in
            let a = first.object?.description ?? ""
            let b = second.object?.description ?? ""
            return (first.id, a, first.message) < (second.id, b, second.message)
        }
    }

    private mutating func answer(_ hazard: Hazard, judgement: Judgement?) {
        if let reason = accepted(hazard, judgement) {
            add(hazard, .acknowledged, reason)
            return
        }
        switch hazard.severity {
        case .informs: add(hazard, .informs, hazard.answer)
        case .inserts: add(hazard, .inserts, hazard.answer)
        case .refuses:
            // What is held by rule is not applied until someone decides: nothing can happen before that.
            if let judgement, judgement.line.disposition == .hold, !judgement.isApplied {
                add(hazard, .inserts, "held (\(judgement.line.reason)): not applied until someone decides")
                return
            }
            add(hazard, .informs, hazard.answer)
            let object = hazard.object.map { "\n      object: \($0)" } ?? ""
            open.append(
                PlanningError.Problem(
                    object: hazard.object, location: hazard.location, message: "\(hazard.id): \(hazard.message)",
                    remedy: "\(hazard.answer) To go on, write under acknowledge:\n    - hazard: \(hazard.id)\(object)"
                        + "\n      reason: …"))
        }
    }

    private mutating func add(_ hazard: Hazard, _ answer: PlannedHazard.Answer, _ detail: String) {
        hazards.append(
            PlannedHazard(
                id: hazard.id, object: hazard.object.flatMap { $0.name.isEmpty ? nil : $0 }, message: hazard.message,
                answer: answer, detail: detail))
    }

    private mutating func inform(_ id: String, _ object: ObjectReference?, _ message: String, _ detail: String?) {
        hazards.append(PlannedHazard(id: id, object: object, message: message, answer: .informs, detail: detail))
    }

    private func accepted(_ hazard: Hazard, _ judgement: Judgement?) -> String? {
        let acknowledged = migration.acknowledge.first {
            $0.hazard == hazard.id && ($0.object == nil || $0.object == hazard.object)
        }
        if let acknowledged { return acknowledged.reason }
        guard hazard.severity == .refuses, let judgement else { return nil }
        return migration.decisions.first { $0.select.matches(judgement.source) }?.reason
    }

    private mutating func reportSystemNamespaces(_ objects: [Judgement]) {
        var counts: [String: Int] = [:]
        for object in objects where object.line.reason == "system-namespace" {
            guard let namespace = object.source.namespace, object.source.gvk.groupKind != .core("ServiceAccount")
            else { continue }
            counts[namespace, default: 0] += 1
        }
        for (namespace, count) in counts.sorted(by: { $0.key < $1.key }) {
            inform(
                "system-namespace", nil, "\(count) objects in \(namespace) are left behind",
                "green has its own \(namespace); move by hand what people put there")
        }
    }

    private mutating func reportHeld(_ objects: [Judgement]) {
        for object in objects where object.line.disposition == .hold && !object.isApplied {
            inform(
                "held", object.line.object, object.remark ?? object.line.reason,
                "not applied; decide in the migration file: copy, gate or skip")
        }
    }

    /// Names that workloads need in their namespace and that nobody carries there.
    private mutating func reportMissing(_ objects: [Judgement]) {
        let carried = Set(objects.filter { $0.isApplied }.map(\.line.object))
        let generated = ["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"]
        for object in objects where object.isApplied {
            for need in LocalReferences.of(object.source)
            where !carried.contains(need) && !generated.contains(need.name) {
                inform(
                    "missing-reference", object.line.object, "needs \(need), which is not copied",
                    "its Pods may not start on green")
            }
        }
    }

    /// Waves whose exclusive work moves at once while their traffic moves by and by.
    private mutating func reportSplitWork(_ objects: [Judgement]) {
        let exclusive = Set(objects.filter { $0.wake == .exclusive && $0.isApplied }.compactMap(\.line.wave))
        for route in migration.routes where route.shares.count > 1 && exclusive.contains(route.wave) {
            inform(
                "exclusive-moves-first", nil,
                "while \(route.name) moves step by step, blue answers its share with the exclusive work of "
                    + "\(route.wave) asleep there",
                "where blue needs that work to answer, write steps: [100] for \(route.name)")
        }
    }
}
