import Manifests
import Planning

extension Runner {
    static func outcome(_ ending: Action.Ending, _ state: RunState) -> RunOutcome {
        let run = state.run
        switch ending {
        case .succeeded:
            return RunOutcome(
                .succeeded, run: run, message: "run \(run) is done; journal head \(state.head)", state: state)
        case .rolledBack:
            return RunOutcome(
                .rolledBack, run: run, message: "run \(run) is rolled back; journal head \(state.head)", state: state,
                next: ["kirikae apply PLAN, to begin anew: this run is over"])
        case .paused(let place, let owed, let reason):
            var message = "run \(run) stands at \(place)"
            if owed > 0 { message += "; " + owedWords(owed, state) }
            if let reason { message += "; it went back by itself: \(reason)" }
            return RunOutcome(.paused, run: run, message: message, state: state, next: ["kirikae resume \(run)"])
        case .waiting(let gate):
            let digest = state.gates[gate]?.digest.map { " --digest \($0)" } ?? ""
            return RunOutcome(
                .waiting, run: run, message: "run \(run) waits at gate \(gate): \(state.gates[gate]?.message ?? "")",
                state: state, next: ["kirikae approve \(run) --gate \(gate)\(digest)", "kirikae resume \(run)"])
        case .halted:
            return RunOutcome(
                .halted, run: run, message: state.halt?.message ?? "run \(run) is halted", state: state,
                next: state.halt?.next ?? [])
        case .interrupted(let signal):
            return RunOutcome(
                .interrupted, run: run, message: "run \(run) was stopped by \(signal)", state: state,
                next: ["kirikae resume \(run)"])
        case .lockLost(let side, let message):
            return RunOutcome(
                .locked, run: run, message: "the lock on \(side) is lost: \(message)", state: state,
                next: [
                    "kubectl -n \(RunPorts.leaseNamespace) get lease \(RunPorts.leaseName(state.planName)) -o yaml",
                    "kirikae resume \(run)",
                ])
        }
    }

    /// What is still to be taken back, and what it waits for.
    private static func owedWords(_ owed: Int, _ state: RunState) -> String {
        guard !state.isDegraded, let why = state.owed.compactMap(\.message).first else {
            return "green was out of reach and is owed \(owed) undos"
        }
        return "\(owed) undos are still owed: \(why)"
    }

    /// What a finished run answers to every command.
    static func outcome(of state: RunState) -> RunOutcome {
        switch state.phase {
        case .succeeded: outcome(.succeeded, state)
        case .rolledBack: outcome(.rolledBack, state)
        default: RunOutcome(.abandoned, run: state.run, message: "run \(state.run) was abandoned", state: state)
        }
    }

    static func outcome(_ error: JournalError, run: String?) -> RunOutcome {
        let kind: RunOutcome.Kind =
            switch error.code {
            case .locked: .locked
            case .noSuchRun, .alreadyBegun, .unknownFormat, .sealed: .refused
            case .writeFailed, .diskFull, .unreadable, .corrupt: .journalFailed
            }
        let next = run.map { error.code == .corrupt ? ["kirikae journal verify \($0)"] : ["kirikae status \($0)"] }
        return RunOutcome(kind, run: run, message: error.description, next: next ?? [])
    }

    static func outcome(_ trouble: LeaseGuard.Trouble, _ side: Side, _ state: RunState) -> RunOutcome {
        let message = text(trouble, side)
        if case .outOfReach = trouble {
            return RunOutcome(
                .unreachable, run: state.run, message: message, state: state, next: ["kirikae resume \(state.run)"])
        }
        return RunOutcome(
            .locked, run: state.run, message: message, state: state,
            next: [
                "kirikae lock show \(state.run)", "kirikae status \(state.run), which needs no lock",
                "kirikae resume \(state.run), when it has stopped",
            ])
    }

    static func text(_ trouble: LeaseGuard.Trouble, _ side: Side) -> String {
        switch trouble {
        case .held(let holder): "\(holder) is at work on \(side.rawValue)"
        case .otherRun(let run):
            "run \(run) is unfinished on \(side.rawValue): resume, roll back or abandon it where it was begun"
        case .outOfReach(let message): "\(side.rawValue): \(message)"
        }
    }

    static func refusal(_ preflight: Preflight.Result, run: String?, state: RunState?) -> RunOutcome {
        let problems = preflight.problems.filter { !$0.isWarning }
        let isStale = problems.allSatisfy { $0.code == .objectChanged || $0.code == .objectDeleted }
        let isGone = problems.contains { $0.code == .clusterUnreachable }
        return RunOutcome(
            isStale ? .stale : isGone ? .unreachable : .refused, run: run,
            message: problems.count == 1
                ? problems[0].description : "\(problems.count) things keep the run from beginning; nothing was written",
            state: state, problems: preflight.problems,
            next: Array(Set(problems.map(\.remedy))).sorted()
                + (state.map { ["kirikae rollback \($0.run), before a new plan: this run is unfinished"] } ?? []))
    }

    static func broken(_ run: String) -> RunOutcome {
        RunOutcome(
            .journalFailed, run: run, message: "the journal of run \(run) does not begin with run.begin",
            next: ["kirikae journal verify \(run)"])
    }

    /// A side that is needed to go on does not answer; users can be taken back to blue all the same.
    static func unreachable(_ message: String, _ state: RunState) -> RunOutcome {
        RunOutcome(
            .unreachable, run: state.run, message: message, state: state,
            next: ["kirikae rollback \(state.run)", "kirikae resume \(state.run)"])
    }
}
