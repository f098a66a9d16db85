import Planning

/// The plan's `WAY-BACK.md` as it is worth at a checkpoint: in front of it, what stands now and the order in which the
/// sections behind take it back.
struct WayBackPage {
    static let name = PlanFile.wayBackName
    let text: String

    /// Nil when the plan came without a page, as in tests.
    init?(_ document: PlanDocument, _ state: RunState) {
        guard let bytes = document.files.files[Self.name], let checkpoint = state.checkpoints.last else { return nil }
        var planned = String(decoding: bytes, as: UTF8.self)[...]
        // What comes from a mirror has a front already.
        if let begin = planned.split(separator: "\n").first(where: { $0.hasPrefix(Self.title) }) {
            planned = planned[begin.startIndex...]
        }
        var lines = [
            "# Where run \(state.run) stood at checkpoint \(checkpoint.name)", "",
            "Written at \(state.last.timestamp), record \(checkpoint.sequence) of its journal. What the run did after that "
                + "is not in the lists below; the sections of the plan behind them cover every step, and every command "
                + "can be repeated.", "",
        ]
        if !state.traffic.isEmpty {
            let traffic = state.traffic.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            lines += ["Traffic as it was read back: \(traffic.joined(separator: "; ")).", ""]
        }
        let done = Self.done(document.plan, state)
        for target in state.checkpoints {
            guard let undoes = WayBack.undoSequence(plan: document.plan, done: done, to: target.name) else { continue }
            lines += ["## From here to \(target.name)", ""]
            lines += undoes.enumerated().map { "\($0.offset + 1). `\($0.element)`" }
            if undoes.isEmpty { lines.append("Nothing stands behind it.") }
            lines.append("")
        }
        text = (lines + [String(planned)]).joined(separator: "\n")
    }

    private static let title = "# The way back of "

    /// The steps of which something stands, and the checkpoints between them, in the order of their records.
    private static func done(_ plan: Plan, _ state: RunState) -> [String] {
        var last: [String: Int] = [:]
        for operation in state.effects {
            last[operation.id.step] = max(operation.sequence, last[operation.id.step] ?? 0)
        }
        let reached = Dictionary(state.checkpoints.map { ($0.name, $0.sequence) }) { _, later in later }
        for (_, step) in plan.steps {
            if let name = step.checkpointName, let sequence = reached[name] { last[step.id] = sequence }
        }
        return last.sorted { $0.value < $1.value }.map(\.key)
    }
}
