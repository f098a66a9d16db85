import Manifests
public import Planning
import Routing

/// Starts a program that is told how a run stands.
public protocol HookRunner: Sendable {
    /// Runs it with these bytes on its standard input, within the hook's own limit; why it did not end well, or nil.
    func run(_ hook: MigrationHook, input: [UInt8]) async -> String?
}

/// The hooks of one run: which program hears of which end of a process, and what it is told.
struct RunHooks: Sendable {
    let runner: any HookRunner
    let hooks: MigrationHooks

    /// Tells the program for this end, if there is one; why it did not end well, or nil.
    ///
    /// What it is told comes from the journal, which holds no credentials and no data of Secrets.
    func tell(_ ending: Action.Ending, _ state: RunState, _ outcome: RunOutcome, at wall: Int64) async -> String? {
        guard let (name, hook) = hook(for: ending) else { return nil }
        var traffic = JSONObject()
        for (route, weights) in state.traffic { traffic[route] = .integer(Int64(weights.green)) }
        var told: JSONObject = [
            "event": .string(name), "at": .string(Moment.timestamp(milliseconds: wall)), "run": .string(state.run),
            "plan": .string(state.planName), "planDigest": .string(state.planDigest.description),
            "phase": .string(state.phase.description), "message": .string(outcome.message),
            "next": .array(outcome.next.map(JSONValue.string)), "green": .object(traffic),
            "inDoubt": .array(state.inDoubt.map { .string($0.id.description) }),
            "owed": .array(state.owed.map { .string($0.id.description) }),
        ]
        if case .waiting(let gate) = ending { told["gate"] = .string(gate) }
        if let halt = state.halt { told["code"] = .string(halt.code) }
        let bytes = JSONValue.object(told).canonicalBytes + [UInt8(ascii: "\n")]
        guard let trouble = await runner.run(hook, input: bytes) else { return nil }
        return "hook \(name) (\(hook.run.first ?? "")): \(trouble)"
    }

    private func hook(for ending: Action.Ending) -> (String, MigrationHook)? {
        switch ending {
        case .waiting: hooks.waiting.map { ("waiting", $0) }
        case .halted: hooks.halted.map { ("halted", $0) }
        case .rolledBack, .paused: hooks.returned.map { ("returned", $0) }
        case .succeeded: hooks.done.map { ("done", $0) }
        case .interrupted, .lockLost: nil
        }
    }
}
