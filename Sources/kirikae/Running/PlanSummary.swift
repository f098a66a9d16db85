import Manifests
import Planning

/// A plan in a few lines, for the terminal.
enum PlanSummary {
    /// What `kirikae plan` prints.
    static func text(_ plan: Plan, digest: Digest, folder: String) -> String {
        let accounting = plan.accounting
        var lines = [
            "Plan \(plan.name) (\(digest.short)): \(plan.blue.name) \(plan.blue.version) → "
                + "\(plan.green.name) \(plan.green.version)",
            "",
            "  \(accounting.read) objects read: \(accounting.copied) copied, \(accounting.converted) converted, "
                + "\(accounting.held) held, \(accounting.skipped.values.reduce(0, +)) skipped",
        ]
        for (reason, count) in accounting.skipped.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append("    skipped \(count): \(reason)")
        }
        lines.append("")
        for wave in plan.waves {
            let routes = plan.routes.filter { $0.wave == wave.name }.map(\.name)
            lines.append(
                "  wave \(wave.name): \(wave.steps.count) steps"
                    + (wave.namespaces.isEmpty ? "" : ", namespaces \(wave.namespaces.joined(separator: ", "))")
                    + (routes.isEmpty ? "" : ", routes \(routes.joined(separator: ", "))"))
            let times = times(wave)
            if !times.isEmpty { lines.append("    " + times) }
        }
        lines.append("")
        for (answer, title) in [
            (PlannedHazard.Answer.inserts, "answered by steps"), (.acknowledged, "acknowledged"), (.informs, "to know"),
        ] {
            let hazards = plan.hazards.filter { $0.answer == answer }
            guard !hazards.isEmpty else { continue }
            let kinds = Dictionary(grouping: hazards, by: \.id).mapValues(\.count).sorted { $0.key < $1.key }
            lines.append(
                "  hazards \(title): "
                    + kinds.map { $0.value == 1 ? $0.key : "\($0.key) ×\($0.value)" }.joined(separator: ", "))
        }
        lines += [
            "", "  ways back: " + plan.wayBack.map(\.checkpoint).joined(separator: ", "), "",
            "Written to \(folder): plan.yaml, objects.jsonl, WAY-BACK.md, inventory/",
            "Next: kirikae drill \(folder)",
        ]
        if plan.green.uid == nil {
            lines.append("Green did not exist yet: plan again with --green-context before kirikae apply.")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What can be said before about how long a wave takes, and its way back; empty when nothing.
    static func times(_ wave: Wave) -> String {
        let seconds = wave.leastGateSeconds
        let gates = seconds > 0 ? "at its gates at least \(seconds) s, besides what people take" : nil
        return [gates, wave.returnWords].compactMap(\.self).joined(separator: "; ")
    }

    /// The counts as JSON.
    static func accounting(_ accounting: Accounting) throws -> JSONValue { try PlanCoding.json(accounting) }
}
