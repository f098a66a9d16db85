import Execution
import Manifests
import Rehearsal

/// What a drill proved, for people and for programs.
enum DrillText {
    /// The claims, each with what it rests on, and where everything lies.
    static func render(
        _ proofs: [DrillProof], report: DrillReport, plan: String, folder: String, console: Console
    ) -> String {
        var lines = ["Proved by this drill (seed \(report.seed), plan \(report.planDigest.short)):"]
        var seen: Set<String> = []
        for claim in proofs.flatMap(\.claims) where seen.insert(claim.id + claim.statement).inserted {
            lines.append("  \(claim.holds ? "✓" : "✗") \(claim.statement)")
            lines += claim.counterexamples.map { "      \($0)" }
        }
        if let before = report.before, let after = report.after {
            lines += [
                "", "Digests of what the clusters hold:",
                "  blue   before \(before.blue.digest.short)   after \(after.blue.digest.short)",
                "  green  before \(before.green.digest.short)   after \(after.green.digest.short)",
            ]
        }
        lines += ["", "plan     \(plan)/plan.yaml", "back     \(plan)/WAY-BACK.md"]
        if let run = report.run { lines.append("journal  \(folder)/runs/\(run)/journal.jsonl") }
        lines.append("report   \(folder)/report.json")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same for programs; this is what `report.json` holds.
    static func json(_ proofs: [DrillProof], report: DrillReport) -> JSONValue {
        var members: JSONObject = [
            "plan": .string(report.plan), "planDigest": .string(report.planDigest.description),
            "seed": .string(String(report.seed)), "records": .integer(Int64(report.records)),
            "holds": .bool(proofs.allSatisfy(\.holds)),
            "claims": .array(
                proofs.flatMap(\.claims).map { claim in
                    [
                        "id": .string(claim.id), "holds": .bool(claim.holds), "statement": .string(claim.statement),
                        "counterexamples": .array(claim.counterexamples.map(JSONValue.string)),
                    ]
                }),
            "waysBack": .array(
                report.returns.map { back in
                    [
                        "from": .string(back.wayBack.from), "to": .string(back.wayBack.to),
                        "virtualMilliseconds": .integer(back.milliseconds), "exact": .bool(back.isExact),
                    ]
                }),
        ]
        members["gates"] = .array(
            report.measurements.map { measured in
                var gate: JSONObject = [
                    "gate": .string(measured.gate), "result": .string(measured.result.rawValue),
                    "figures": .object(measured.figures),
                ]
                gate["reason"] = measured.reason.map(JSONValue.string)
                return .object(gate)
            })
        members["returns"] = .array(
            report.times.map { time in
                var back: JSONObject = ["target": .string(time.target)]
                back["reason"] = time.reason.map(JSONValue.string)
                back["trafficVirtualMilliseconds"] = time.trafficMilliseconds.map(JSONValue.integer)
                back["virtualMilliseconds"] = time.wholeMilliseconds.map(JSONValue.integer)
                return .object(back)
            })
        if let run = report.run { members["run"] = .string(run) }
        if let before = report.before, let after = report.after {
            members["digests"] = [
                "blueBefore": .string(before.blue.digest.description),
                "blueAfter": .string(after.blue.digest.description),
                "greenBefore": .string(before.green.digest.description),
                "greenAfter": .string(after.green.digest.description),
            ]
        }
        return .object(members)
    }
}
