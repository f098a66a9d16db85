public import Execution
import Manifests
import Planning
import Routing

/// What a drill proved, claim by claim.
///
/// Every claim is computed from what the clusters held and the plan says; none from what the engine believes it did.
public struct DrillProof: Sendable {
    /// One statement and whether it held.
    public struct Claim: Sendable, Hashable, Codable {
        /// Stable, such as `counts-add-up`.
        public var id: String
        public var holds: Bool
        /// What was seen, in a sentence with numbers.
        public var statement: String
        /// What contradicts it, at most ten lines.
        public var counterexamples: [String]
    }

    public var claims: [Claim]
    /// Whether every claim holds.
    public var holds: Bool { claims.allSatisfy(\.holds) }

    /// Draws the conclusions.
    public init(_ report: DrillReport, document: PlanDocument) {
        claims = [
            Self.finished(report), Self.countsAddUp(document), Self.everythingStands(report, document),
        ]
        claims += report.returns.map(Self.wasExact)
        claims += [
            Self.blueDiffers(report, document), Self.asleepStayedAsleep(report, document),
            Self.trafficMoved(report, document), Self.invariants(report),
        ]
        if !report.measurements.isEmpty { claims.append(Self.gatesMeasured(report, document)) }
    }

    private static func claim(_ id: String, _ statement: String, _ counterexamples: [String]) -> Claim {
        Claim(
            id: id, holds: counterexamples.isEmpty, statement: statement,
            counterexamples: Array(counterexamples.prefix(10)))
    }

    private static func finished(_ report: DrillReport) -> Claim {
        let kind = report.outcome?.kind
        return claim(
            "finished", "the run ended as planned; \(report.records) journal records, their chain unbroken",
            kind == .succeeded ? [] : [report.outcome.map { "\($0.kind): \($0.message)" } ?? "nothing was run"])
    }

    private static func countsAddUp(_ document: PlanDocument) -> Claim {
        let accounting = document.plan.accounting
        let skipped = accounting.skipped.values.reduce(0, +)
        var wrong: [String] = []
        if !accounting.addsUp { wrong.append("the plan's own counts do not add up to \(accounting.read)") }
        if document.objects.count != accounting.read {
            wrong.append("\(document.objects.count) lines in objects.jsonl for \(accounting.read) objects read")
        }
        return claim(
            "counts-add-up",
            "\(accounting.read) objects read = \(accounting.copied) copied + \(accounting.converted) converted + "
                + "\(accounting.held) held + \(skipped) skipped, each with a reason", wrong)
    }

    private static func everythingStands(_ report: DrillReport, _ document: PlanDocument) -> Claim {
        let applied = Set(
            document.plan.steps.flatMap { entry -> [ObjectReference] in
                if case .apply(let action) = entry.step.action { action.objects } else { [] }
            })
        let there = Set(report.greenAtEnd.map(\.reference))
        let missing = applied.subtracting(there).sorted().map { "\($0) is not on green" }
        return claim("everything-stands", "all \(applied.count) objects that the plan applies stand on green", missing)
    }

    private static func wasExact(_ back: DrillReport.Return) -> Claim {
        return claim(
            "way-back-\(back.wayBack.to)",
            "the way back from \(back.wayBack.from) to \(back.wayBack.to) restored both clusters exactly "
                + "(blue \(back.found.blue.digest.short), green \(back.found.green.digest.short)) "
                + "in \(seconds(back.milliseconds)) of virtual time",
            back.differences.map { "\($0.side.rawValue): \($0.difference)" })
    }

    /// Amendment A7: after `done` blue differs by exactly the blue actions in the plan.
    private static func blueDiffers(_ report: DrillReport, _ document: PlanDocument) -> Claim {
        guard let before = report.before, let after = report.after else {
            return claim("blue-differs-as-planned", "blue was looked at", ["it was not"])
        }
        let planned = document.plan.steps.flatMap { entry -> [(ObjectReference, FieldChange.Field)] in
            guard case .setFields(let action) = entry.step.action, action.side == .blue else { return [] }
            return action.changes.flatMap { change in change.fields.map { (change.object, $0) } }
        }
        var wrong: [String] = []
        for (object, field) in planned where after.blue.objects[object]?[field.path] != field.to {
            wrong.append("\(object) \(field.path) is not \(field.to?.canonicalText ?? "absent")")
        }
        for difference in after.blue.differences(from: before.blue) {
            let isPlanned = planned.contains { object, field in
                object == difference.object
                    && (difference.path.map { place in
                        place == field.path || field.path.elements.starts(with: place.elements)
                    } ?? false)
            }
            if !isPlanned { wrong.append(difference.description) }
        }
        return claim(
            "blue-differs-as-planned",
            "blue differs from before by exactly the \(planned.count) planned field changes "
                + "(\(before.blue.digest.short) → \(after.blue.digest.short))", wrong)
    }

    private static func asleepStayedAsleep(_ report: DrillReport, _ document: PlanDocument) -> Claim {
        let green = Dictionary(report.greenAtEnd.map { ($0.reference, $0) }) { first, _ in first }
        let asleep = document.objects.filter { $0.reason == "asleep-on-purpose" }
        let woken = asleep.compactMap { planned -> String? in
            guard let object = green[planned.object] else { return "\(planned.object) is not on green" }
            let path: FieldPath = planned.object.kind.kind == "CronJob" ? "spec.suspend" : "spec.replicas"
            return DrillWatch.isAwake(object, path) ? "\(planned.object) is awake on green" : nil
        }
        return claim(
            "asleep-stayed-asleep",
            "what slept on purpose still sleeps: "
                + (asleep.isEmpty ? "nothing did" : asleep.map(\.object.description).joined(separator: ", ")), woken)
    }

    private static func trafficMoved(_ report: DrillReport, _ document: PlanDocument) -> Claim {
        var wrong: [String] = []
        var told: [String] = []
        for route in document.plan.routes {
            let history = report.histories[route.name] ?? []
            told.append("\(route.name) " + history.map { "\($0.green)" }.joined(separator: "→") + " %")
            if history.last != .allGreen { wrong.append("route \(route.name) does not end on green") }
        }
        for back in report.returns {
            for (route, weights) in back.weights.sorted(by: { $0.key < $1.key }) {
                let wave = document.plan.routes.first { $0.name == route }?.wave
                let turned = document.plan.waves.first { $0.steps.contains { $0.checkpointName == back.wayBack.to } }
                if wave == turned?.name, weights != .allBlue, back.wayBack.to.hasPrefix("before-cutover") {
                    wrong.append("after the way back route \(route) was at \(weights)")
                }
            }
        }
        return claim("traffic", "green's share of traffic: " + told.joined(separator: "; "), wrong)
    }

    /// Every probe gate that was passed had the answers that it wants.
    private static func gatesMeasured(_ report: DrillReport, _ document: PlanDocument) -> Claim {
        var wrong: [String] = []
        for (_, step) in document.plan.steps {
            guard case .gate(let gate) = step.action, let http = gate.probe?.http else { continue }
            for measured in report.measurements where measured.gate == step.id && measured.result == .good {
                let samples = measured.figures["samples"]?.integer ?? 0
                if samples < http.samples { wrong.append("\(step.id) opened on \(samples) answers") }
            }
        }
        let told = report.measurements.map { measured in
            "\(measured.gate) \(measured.result.rawValue): \(measured.text)"
        }
        return claim("gates-measured", "what gates measured: " + told.joined(separator: "; "), wrong)
    }

    private static func invariants(_ report: DrillReport) -> Claim {
        claim("invariants", "after every record: nothing that must be single ran on both clusters", report.problems)
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
