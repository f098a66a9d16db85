import Conversion
import Findings
import Manifests

/// What the plan does with one object, with everything that later parts ask of it.
struct Judgement: Sendable {
    /// As it was read, the namespace filled in.
    var source: KubeObject
    /// The line of `objects.jsonl`.
    var line: PlannedObject
    /// The part of its wave; nil when it is in no step.
    var phase: ApplyPhase?
    /// Its place within the phase.
    var rank = 0
    /// Held behind its wave's gate.
    var gated = false
    /// How it wakes; nil when it does not sleep or stays asleep.
    var wake: MigrationClass?
    /// The remark of the rule or decision that held or skipped it.
    var remark: String?

    /// Applied to green by some step.
    var isApplied: Bool { phase != nil }
}

/// Decides object by object: skipped, held, converted or copied, and how it sleeps.
struct ObjectJudge: Sendable {
    private let input: PlanningInput
    private let versions: VersionChoice
    private let skips: SkipContext
    private let existing: [ObjectReference: KubeObject]
    /// What autoscalers of blue scale.
    private let scaled: Set<ScaleTarget>

    init(_ input: PlanningInput, versions: VersionChoice, objects: [KubeObject]) {
        self.input = input
        self.versions = versions
        skips = SkipContext(objects)
        scaled = ScaleTarget.all(in: objects)
        existing = Dictionary(
            (input.target.existing ?? []).map { ($0.reference, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The judgement, or the problem that stands in the way of one.
    ///
    /// The wave is filled in by the caller.
    func judge(_ object: KubeObject) -> Result<Judgement, Obstacle> {
        let decision = input.migration.decisions.first { $0.select.matches(object) }
        let kind = object.gvk.groupKind
        // No decision can give it a name.
        if object.name.hasPrefix(Unnamed.prefix) { return .success(skipped(object, "no-name", nil)) }
        if decision?.decision == .skip { return .success(skipped(object, ReasonCode.byDecision, decision?.reason)) }
        if decision == nil || decision?.decision == .hold || decision?.decision == .gate,
            let code = SkipRules.code(for: object, in: skips)
        {
            return .success(skipped(object, code, nil))
        }
        guard let target = versions.choose(for: object.gvk) else {
            // Removed without a successor; what it did has to be done by other means, which a hazard says.
            if kind.kind == "PodSecurityPolicy" {
                return .success(skipped(object, "api-removed:PodSecurityPolicy", nil))
            }
            if decision?.decision == .hold { return .success(heldUnwritten(object, decision?.reason)) }
            return .failure(.unservable(versions.successor(of: object.gvk)))
        }

        let portable = CopyRules.portable(object)
        var desired = portable.object
        var changes = portable.changes
        if target != object.gvk {
            do {
                let result = try input.conversions.convert(
                    desired, to: target, for: .migrating(to: input.target.identity.version))
                desired = result.object
                changes.append("convert \(object.gvk.apiVersion) to \(target.apiVersion)")
                changes.append("convert: \(reasonToConvert(target))")
                changes += result.notes.map { "convert: \($0)" }
            } catch {
                return .failure(.unconvertible("\(error)"))
            }
        }
        var judgement = Judgement(
            source: object,
            line: line(object, target == object.gvk ? .copy : .convert, reason: "", writeAs: target, changes: changes))
        let merges = decision?.decision == .merge || isGeneratedByName(object)
        let awake = desired.json
        let position = ApplyOrder.position(of: target.groupKind)
        judgement.phase = position.phase
        judgement.rank = position.rank
        if target != object.gvk { judgement.line.reason = reasonToConvert(target) }
        if let reason = occasion(for: object) { judgement.line.reason = reason }
        sleep(&judgement, &desired, kind: target.groupKind)
        if merges { judgement.line.reason = ReasonCode.merge }
        hold(&judgement, decision)
        if !merges, judgement.isApplied {
            switch Collisions.judge(
                existing: existing[greenReference(object, target)], desired: awake, migration: input.migration.name)
            {
            case .none: break
            case .same: return .success(skipped(object, ReasonCode.alreadyOnGreen, nil))
            case .foreign: return .failure(.collision)
            }
        }
        desired = CopyRules.marked(desired, migration: input.migration.name)
        // The content of Secrets never stands in a plan, not even as a digest that looks like one.
        judgement.line.desired = kind == .core("Secret") ? nil : desired.json
        return .success(judgement)
    }

    /// Why no judgement is possible.
    enum Obstacle: Error {
        case unservable(GroupVersionKind?)
        case unconvertible(String)
        case collision
    }

    /// A second object of the same name.
    func duplicate(_ object: KubeObject) -> Judgement { skipped(object, ReasonCode.duplicate, nil) }

    private func sleep(_ judgement: inout Judgement, _ desired: inout KubeObject, kind: GroupKind) {
        guard let standby = Standby.of(kind) else { return }
        guard !standby.isAsleep(judgement.source) else {
            judgement.line.reason = ReasonCode.asleepOnPurpose
            return
        }
        let override = classify(judgement.source)
        judgement.line.standby = [standby.sleep(judgement.source)]
        judgement.line.reason = override == .asleep ? ReasonCode.asleepByDecision : ReasonCode.standby
        judgement.wake = override == .asleep ? nil : override
        desired[standby.path] = standby.asleep
    }

    private func hold(_ judgement: inout Judgement, _ decision: ObjectDecision?) {
        switch decision?.decision {
        case .copy?, .merge?, .skip?: break
        case .gate?:
            judgement.gated = true
            judgement.line.disposition = .hold
            judgement.line.reason = ReasonCode.byDecision
            judgement.remark = decision?.reason
        case .hold?:
            judgement.phase = nil
            judgement.wake = nil
            judgement.line.disposition = .hold
            judgement.line.reason = ReasonCode.byDecision
            judgement.remark = decision?.reason
        case nil:
            let isDaemon = judgement.line.reason == ReasonCode.actsAtOnce
            if isDaemon, classification(judgement.source) ?? .stateless != .stateless {
                judgement.phase = nil
                judgement.line.disposition = .hold
                judgement.line.reason = "cannot-sleep"
                judgement.remark = "a DaemonSet cannot sleep, and it must not run on both sides"
            } else if let rule = HoldRules.rule(for: judgement.source) {
                judgement.gated = rule.behindGate
                if !rule.behindGate { judgement.phase = nil }
                judgement.line.disposition = .hold
                judgement.line.reason = rule.code
                judgement.remark = rule.remark
            }
        }
    }

    /// Codes for copies that act differently from how they look.
    private func occasion(for object: KubeObject) -> String? {
        switch object.gvk.kind {
        case "HorizontalPodAutoscaler": ReasonCode.inertUntilWoken
        case "DaemonSet": ReasonCode.actsAtOnce
        default: nil
        }
    }

    /// Why a rule of our own writes the object at that version, and no API server did.
    private func reasonToConvert(_ target: GroupVersionKind) -> String {
        versions.isServedByBlue(target) ? ReasonCode.readAtOldVersion : ReasonCode.noCommonVersion
    }

    /// Objects that green makes of its own accord under the same name, whatever they then hold.
    private func isGeneratedByName(_ object: KubeObject) -> Bool {
        object.name == "default"
            && (object.gvk.groupKind == .core("ServiceAccount") || object.gvk.groupKind == .core("Namespace"))
    }

    private func classification(_ object: KubeObject) -> MigrationClass? {
        input.migration.classify.first { $0.select.matches(object) }?.class
    }

    /// What people say, else what the inventory shows.
    ///
    /// In doubt exclusive: a workload that waits for its turn costs a moment, one that works twice may cost a day.
    private func classify(_ object: KubeObject) -> MigrationClass {
        classification(object)
            ?? (input.blue.workloadClass(of: object)?.workloadClass == .stateless ? .stateless : .exclusive)
    }

    private func greenReference(_ object: KubeObject, _ target: GroupVersionKind) -> ObjectReference {
        ObjectReference(kind: target.groupKind, namespace: object.namespace, name: object.name)
    }

    private func skipped(_ object: KubeObject, _ code: String, _ remark: String?) -> Judgement {
        Judgement(
            source: object, line: line(object, .skip, reason: code, writeAs: nil, changes: []), remark: remark)
    }

    private func heldUnwritten(_ object: KubeObject, _ remark: String?) -> Judgement {
        Judgement(
            source: object, line: line(object, .hold, reason: ReasonCode.byDecision, writeAs: nil, changes: []),
            remark: remark)
    }

    private func line(
        _ object: KubeObject, _ disposition: PlannedObject.Disposition, reason: String, writeAs: GroupVersionKind?,
        changes: [String]
    ) -> PlannedObject {
        let floating: [FieldPath] = scaled.contains(ScaleTarget(object)) ? ["spec.replicas"] : []
        // What is skipped is never compared again, and must not make a plan depend on whose key planned it.
        let isIdleSecret = disposition == .skip && object.gvk.groupKind == .core("Secret")
        let unread: [FieldPath] = isIdleSecret ? ["data", "stringData"] : []
        return PlannedObject(
            object: object.reference, disposition: disposition, reason: reason, wave: nil,
            readAs: object.gvk.apiVersion, writeAs: writeAs?.apiVersion,
            source: Staleness.sourceDigest(of: object, digestKey: input.digestKey, floating: floating + unread),
            desired: nil, changes: changes, standby: [], floating: floating.isEmpty ? nil : floating)
    }
}
