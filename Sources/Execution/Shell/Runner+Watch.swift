import Planning

extension Runner {
    /// Stays with a run: goes on with it as often as something lets it, until it is over, went back, halted or is told
    /// to stop.
    ///
    /// While a soak lasts or a gate measures, the Leases are renewed and a gate may send the run back, also when green's
    /// API has died. While a person is awaited nothing is held, so that `approve` can write; once it has, the run goes
    /// on. What could not be judged is measured again, and a cluster that cannot be reached is tried again. A run that
    /// is halted or paused needs a person, and is left as it is.
    public func watch(_ run: String, _ document: PlanDocument) async -> RunOutcome {
        while true {
            let state: RunState
            do throws(JournalError) {
                guard let found = RunState(try ports.store.read(run).records) else { return Self.broken(run) }
                state = found
            } catch { return Self.outcome(error, run: run) }
            switch state.phase {
            case .halted, .paused:
                return RunOutcome(
                    .refused, run: run, message: "run \(run) is \(state.phase): it does not go on by itself",
                    state: state,
                    next: state.halt?.next ?? ["kirikae resume \(run)"])
            default: break
            }
            let outcome = await resume(run, document)
            switch outcome.kind {
            case .waiting, .unreachable: break
            default: return outcome
            }
            guard await pause(outcome, document) else {
                var stopped = outcome
                stopped.kind = .interrupted
                stopped.message = "stopped watching: \(outcome.message)"
                return stopped
            }
        }
    }

    /// Waits until it is worth going on; false when somebody wants to stop.
    private func pause(_ outcome: RunOutcome, _ document: PlanDocument) async -> Bool {
        guard let run = outcome.run else { return false }
        ports.observer.waiting(
            outcome.message, progress: RunProgress(total: 0, done: 0, wave: nil, step: nil, isRollingBack: false))
        let known = outcome.state?.nextSequence ?? 0
        let isForPeople = outcome.kind == .waiting && !isMeasured(outcome, document)
        var waited = 0
        while ports.signals.stage == 0 {
            await ports.clock.sleep(for: .seconds(Self.watchSeconds))
            waited += Self.watchSeconds
            if isForPeople {
                let records = try? ports.store.read(run).records
                if (records?.count ?? 0) > known { return true }
            } else if waited >= Self.retrySeconds {
                return true
            }
        }
        return false
    }

    private func isMeasured(_ outcome: RunOutcome, _ document: PlanDocument) -> Bool {
        guard case .waiting(let gate) = outcome.state?.phase else { return false }
        return document.plan.steps.contains { _, step in
            guard step.id == gate, case .gate(let action) = step.action else { return false }
            return action.gate == .probe
        }
    }

    /// How often the journal is looked at for an approval.
    private static let watchSeconds = 2
    /// How long until a gate is measured again, or a cluster tried again.
    private static let retrySeconds = 10
}
