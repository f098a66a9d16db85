import Execution
import Manifests
import Routing

/// Runs as `kirikae runs` shows them.
enum RunSummary {
    /// One line a run.
    static func table(_ runs: [StoredRun]) -> String {
        let rows = runs.map { run -> [String] in
            guard let state = run.state else { return [run.id, "?", "damaged: \(run.problem?.message ?? "")", "?"] }
            return [run.id, state.planName, state.phase.description, state.begun.timestamp]
        }
        let header = ["RUN", "PLAN", "PHASE", "BEGUN"]
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        return ([header] + rows).map { row in
            zip(row, widths).map { text, width in text + String(repeating: " ", count: width - text.count) }
                .joined(separator: "   ").trimmingSuffix(while: \.isWhitespace).description
        }.joined(separator: "\n")
    }

    /// One run with its cuts and what is open.
    static func text(_ run: StoredRun) -> String {
        guard let state = run.state else { return "run \(run.id): damaged" }
        var lines = [
            "run         \(state.run)", "plan        \(state.planName) (\(state.planDigest.short))",
            "phase       \(state.phase)", "begun       \(state.begun.timestamp)", "last        \(state.last.timestamp)",
            "journal     \(run.place)/journal.jsonl (\(state.nextSequence) records, head \(state.head.short))",
            "checkpoints "
                + (state.checkpoints.isEmpty ? "none" : state.checkpoints.map(\.name).joined(separator: ", ")),
        ]
        let counts = Dictionary(grouping: state.operations.values, by: \.status.rawValue).mapValues(\.count)
        lines.append(
            "operations  " + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
        lines += state.inDoubt.map { "in doubt    \($0.id)" }
        if let halt = state.halt { lines.append("halted      \(halt.message)") }
        return lines.joined(separator: "\n")
    }

    /// One run for programs.
    static func json(_ run: StoredRun) -> JSONValue {
        guard let state = run.state else {
            return [
                "run": .string(run.id), "place": .string(run.place), "problem": .string(run.problem?.message ?? ""),
            ]
        }
        var members: JSONObject = [
            "run": .string(run.id), "plan": .string(state.planName),
            "planDigest": .string(state.planDigest.description),
            "phase": .string(state.phase.description), "begun": .string(state.begun.timestamp),
            "last": .string(state.last.timestamp), "place": .string(run.place),
            "records": .integer(Int64(state.nextSequence)), "head": .string(state.head.description),
            "checkpoints": .array(state.checkpoints.map { .string($0.name) }),
            "inDoubt": .array(state.inDoubt.map { .string($0.id.description) }),
            "owed": .array(state.owed.map { .string($0.id.description) }),
        ]
        var traffic = JSONObject()
        for (route, weights) in state.traffic {
            traffic[route] = ["blue": .integer(Int64(weights.blue)), "green": .integer(Int64(weights.green))]
        }
        members["traffic"] = .object(traffic)
        if let halt = state.halt {
            members["halt"] = [
                "code": .string(halt.code), "message": .string(halt.message),
                "next": .array(halt.next.map(JSONValue.string)),
            ]
        }
        return .object(members)
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var rest = self[...]
        while let last = rest.last, predicate(last) { rest.removeLast() }
        return rest
    }
}
