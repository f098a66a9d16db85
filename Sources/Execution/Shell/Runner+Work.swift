import Manifests
import Planning

extension Runner {
    /// Takes the Leases and drives the engine.
    ///
    /// `first` says what it is told to begin with.
    func work(
        _ document: PlanDocument, _ state: RunState, _ journal: any JournalStore,
        _ first: (RunState) -> [Event.Kind]
    ) async -> RunOutcome {
        var events = first(state)
        var isBack = state.rollback != nil
        if case .turned = events.first { isBack = true }
        var leases = leaseGuard(state.run, document)
        var takenFrom: String?
        var outOfReach: String?
        var silent: String?
        for side in Side.allCases {
            do throws(LeaseGuard.Trouble) {
                takenFrom =
                    try await leases.acquire(side) { what in
                        ports.observer.waiting(
                            what, progress: RunProgress(total: 0, done: 0, wave: nil, step: nil, isRollingBack: isBack))
                    } ?? takenFrom
                if isBack, side == .green { outOfReach = await identityProblem(document) }
            } catch {
                // The usual reason to go back is that green does not answer.
                if isBack, side == .green {
                    outOfReach = Self.text(error, side)
                    continue
                }
                if case .outOfReach = error, side == .green, Self.isGuarding(state, document.plan) {
                    silent = Self.text(error, side)
                    continue
                }
                await leases.release(isOver: false)
                return Self.outcome(error, side, state)
            }
        }
        if !isBack, let refused = elsewhere(leases.anchors, state) {
            await leases.release(isOver: false)
            return refused
        }
        if isBack, let refused = await wrongBlue(document, state) {
            await leases.release(isOver: false)
            return refused
        }
        if !leases.sides.isEmpty {
            events.insert(
                .locked(
                    epoch: max(leases.epoch, state.epoch), holder: leases.holder, sides: leases.sides,
                    takenFrom: takenFrom), at: 0)
        }
        do {
            let engine = try Engine(
                plan: document.plan, state: state, actor: ports.actor, policy: policy, mutation: mutation)
            var session = RunSession(
                ports: ports, document: document, journal: journal, engine: engine, leases: leases)
            session.greenOutOfReach = outOfReach
            session.greenSilent = silent
            session.mirror = mirror(state, document)
            return await session.drive(events)
        } catch {
            return RunOutcome(.refused, run: state.run, message: "the plan cannot be read: \(error)", state: state)
        }
    }

    /// Whether the first thing that is left to do forward is a gate from which the run goes back by itself.
    static func isGuarding(_ state: RunState, _ plan: Plan) -> Bool {
        guard state.rollback == nil else { return false }
        let next = PlannedOperation.all(of: plan).first { state.operations[$0.id]?.isDone != true }
        guard case .gate(let gate) = next?.step.action else { return false }
        // A gate that was not asked yet has measured nothing that could be relied on.
        return gate.gate == .probe && gate.onFailure == .return && state.gates[next?.step.id ?? ""] != nil
    }

    /// Opens a run under the local lock, checks that the plan is the one it was begun with, and works on it.
    func reopen(
        _ run: String, _ document: PlanDocument, reopensSucceeded: Bool = false,
        _ body: (RunState, Int?, any JournalStore) async -> RunOutcome
    ) async -> RunOutcome {
        do throws(JournalError) {
            let lock = try ports.store.lock(migration: document.plan.name, holder: holder)
            defer { lock.release() }
            let (contents, journal) = try ports.store.open(run)
            defer { journal.close() }
            guard let state = RunState(contents.records) else { return Self.broken(run) }
            guard state.planDigest == document.digest else {
                return RunOutcome(
                    .refused, run: run,
                    message:
                        "run \(run) was begun with plan \(state.planDigest.short), this is \(document.digest.short)",
                    state: state,
                    problems: [
                        PreflightProblem(
                            .planChanged, place: "plan", message: "is not the one the run was begun with",
                            remedy: "use the copy in the run's folder")
                    ], next: ["kirikae status \(run)"])
            }
            if state.phase.isTerminal, !(reopensSucceeded && state.phase == .succeeded) {
                return Self.outcome(of: state)
            }
            return await body(state, contents.torn?.bytes.count, journal)
        } catch { return Self.outcome(error, run: run) }
    }

    /// Going forward needs the run's own key: with another, what is kept now could not be read together with what was
    /// kept before.
    func wrongKey(_ state: RunState) -> RunOutcome? {
        guard let wanted = state.imageKey, wanted != ports.imageKey?.id else { return nil }
        let given = ports.imageKey.map { "the key given is \($0.id)" } ?? "no key is given"
        let problem = PreflightProblem(
            .wrongImageKey, place: "image key",
            message: "run \(state.run) seals its before-images with key \(wanted); \(given)",
            remedy: "name the file that holds key \(wanted) with --image-key-file, or put the key into "
                + "KIRIKAE_IMAGE_KEY")
        return RunOutcome(
            .refused, run: state.run, message: problem.description, state: state, problems: [problem],
            next: ["kirikae rollback \(state.run), which needs no key for what users need"])
    }

    /// Who takes the local lock, for whoever finds it taken.
    var holder: String {
        "\(ports.actor), since \(Moment.timestamp(milliseconds: ports.clock.wallMilliseconds))"
    }

    static func rollback(
        to target: RollbackTarget?, _ state: RunState, _ plan: Plan, _ overwriteForeign: Set<String>
    ) throws(RefusedRollback) -> Rollback {
        if let target {
            return try UndoOrder.rollback(to: target, plan: plan, state: state, overwriteForeign: overwriteForeign)
                .carrying(state.rollback)
        }
        // A rollback that was stopped goes on to where it was going.
        if var unfinished = state.rollback {
            unfinished.overwriteForeign.formUnion(overwriteForeign)
            return unfinished
        }
        guard let safest = state.safestCheckpoint else {
            let why =
                state.pass > 1 || state.operations.values.contains { $0.status == .undone }
                ? "everything was taken back" : "it has reached no checkpoint yet, and nothing was written"
            throw RefusedRollback(message: "run \(state.run) has nothing to take back: \(why)")
        }
        return try UndoOrder.rollback(
            to: .checkpoint(safest), plan: plan, state: state, overwriteForeign: overwriteForeign)
    }

    /// A journal that lacks what its own run published in a cluster is not the one to go forward with.
    ///
    /// One that came from a mirror may lack its last records, and says so itself.
    private func elsewhere(_ anchors: [Side: Digest], _ state: RunState) -> RunOutcome? {
        let foreign = anchors.filter { $0.value != state.head }
        guard !foreign.isEmpty, let records = try? ports.store.read(state.run).records,
            !records.contains(where: { $0.entry.type == .runRestored })
        else { return nil }
        let known = Set(records.map(\.hash))
        guard
            let (side, head) = foreign.filter({ !known.contains($0.value) }).min(by: {
                $0.key.rawValue < $1.key.rawValue
            })
        else { return nil }
        return RunOutcome(
            .refused, run: state.run,
            message: "the lock on \(side.rawValue) names head \(head.short) of run \(state.run), which is not in the "
                + "journal here: the run went on somewhere else, or the journal's end was cut off",
            state: state,
            next: [
                "kirikae resume \(state.run) --from-store STORE, where it is mirrored",
                "kirikae journal verify \(state.run) --anchors", "kirikae rollback \(state.run)",
            ])
    }

    /// The run's mirror.
    ///
    /// Without the run's own key there is none: only a way back comes this far without it.
    private func mirror(_ state: RunState, _ document: PlanDocument) -> SessionMirror? {
        guard let store = ports.mirror, let key = ports.imageKey, state.imageKey == key.id else { return nil }
        let files = document.files.files.merging(ports.mirroredBeside) { first, _ in first }
        return SessionMirror(
            RunMirror(store: store, key: key, run: state.run, files: PlanFiles(files)),
            merged: document.merged, clock: ports.clock
        ) { [runs = ports.store, run = state.run] number in
            guard let records = try? runs.read(run).records, records.indices.contains(number) else { return nil }
            return records[number].hash
        }
    }

    func leaseGuard(_ run: String, _ document: PlanDocument) -> LeaseGuard {
        LeaseGuard(
            clients: ports.leases, run: run, planDigest: document.digest, place: ports.place, actor: ports.actor,
            clock: ports.clock,
            isOver: { [store = ports.store] other in
                guard let contents = try? store.read(other) else { return false }
                return RunState(contents.records)?.phase.isTerminal ?? false
            })
    }

    /// The first record of a new run.
    func begin(_ document: PlanDocument, _ arguments: [String]) -> JournalRecord {
        let wall = ports.clock.wallMilliseconds
        let seed = ports.random.next()
        let stamp = Moment.timestamp(milliseconds: wall).filter { $0.isNumber || $0 == "T" }
        let suffix = String(seed & 0xFFFF | 0x10000, radix: 16).dropFirst()
        let day = stamp.prefix(8)
        let time = stamp.dropFirst(9).prefix(6)
        return JournalRecord(
            sequence: 0, previous: document.digest, moment: Moment(wall: wall, monotonic: 0),
            run: "\(document.plan.name)-\(day)-\(time)-\(suffix)", epoch: 0, actor: ports.actor,
            entry: .begin(
                plan: document.plan.name, tool: tool, blue: document.plan.blue.uid ?? "",
                green: document.plan.green.uid ?? "", arguments: arguments, seed: seed,
                imageKey: ports.imageKey?.id))
    }

    /// Appends entries without driving anything.
    func write(
        _ entries: [JournalEntry], _ state: RunState, _ journal: any JournalStore, kind: RunOutcome.Kind,
        message: String, next: [String]
    ) -> RunOutcome {
        var state = state
        do throws(JournalError) {
            for entry in entries {
                let record = JournalRecord(
                    sequence: state.nextSequence, previous: state.head,
                    moment: Moment(wall: ports.clock.wallMilliseconds, monotonic: state.last.monotonic),
                    run: state.run, epoch: state.epoch, actor: ports.actor, entry: entry)
                try journal.append([record.line], durable: true)
                state.apply(record)
            }
            return RunOutcome(kind, run: state.run, message: message, state: state, next: next)
        } catch { return Self.outcome(error, run: state.run) }
    }

    /// On the way back a green that is another cluster than planned must not be touched, like one that is gone.
    private func identityProblem(_ document: PlanDocument) async -> String? {
        // Only a rehearsal runs a plan that names no green.
        guard let planned = document.plan.green.uid else { return nil }
        do throws(StepFailure) {
            let uid = try await ports.green.facts().uid
            return uid == planned ? nil : "green is another cluster now (\(uid))"
        } catch { return "green: \(error.message)" }
    }

    private func wrongBlue(_ document: PlanDocument, _ state: RunState) async -> RunOutcome? {
        do throws(StepFailure) {
            let uid = try await ports.blue.facts().uid
            guard uid != document.plan.blue.uid else { return nil }
            return RunOutcome(
                .refused, run: state.run, message: "blue is another cluster (\(uid)) than the plan's",
                state: state, next: ["kirikae rollback \(state.run) --blue-context \(document.plan.blue.name)"])
        } catch {
            return RunOutcome(
                .unreachable, run: state.run,
                message: "blue does not answer, and the way back needs it: \(error.message)",
                state: state, next: ["kirikae rollback \(state.run)"])
        }
    }
}
