import Manifests
import Routing

/// Lays out the steps of one wave.
///
/// The numbers in the ids stand for parts of a wave, not for positions: a plan made again with one Secret more has the
/// same ids for everything else.
struct WaveSteps {
    private let wave: MigrationWave
    private let objects: [Judgement]
    private let routes: [MigrationRoute]
    private let timeout: Int
    /// Autoscalers of blue whose floor is held while the wave's traffic moves.
    private let floors: [FieldChange]
    private var steps: [Step] = []
    /// The steps that measured blue, by the place of the gate in the migration file.
    private var baselines: [Int: String] = [:]

    init(
        wave: MigrationWave, objects: [Judgement], routes: [MigrationRoute], timeout: Int, floors: [FieldChange]
    ) {
        self.wave = wave
        self.objects = objects
        self.routes = routes
        self.timeout = timeout
        self.floors = floors
    }

    /// The steps, each depending on the one before it; the first on `previous`.
    mutating func build(after previous: [String]) -> [Step] {
        if wave.name == Migration.platformWave {
            add(0, "start", "Nothing has been written yet", .checkpoint(.init(checkpoint: "start")))
        }
        apply()
        wakeStateless()
        applyInterceptors()
        if hasCutover { cutover() }
        for (index, gate) in gates(before: .done).enumerated() { addGate(gate, 900 + index, "gate-done") }
        add(990, "done", "\(wave.name) is done", .checkpoint(.init(checkpoint: "done-\(wave.name)")))
        var before = previous
        for index in steps.indices {
            steps[index].dependsOn = before
            before = [steps[index].id]
        }
        return steps
    }

    /// Whether the wave takes anything from blue, or acts outside the clusters.
    private var hasCutover: Bool { !routes.isEmpty || !exclusive.isEmpty || !gated.isEmpty }
    private var gated: [Judgement] { objects.filter { $0.gated } }
    private var exclusive: [Judgement] { objects.filter { $0.wake == .exclusive && !$0.gated } }
    private var stateless: [Judgement] { objects.filter { $0.wake == .stateless && !$0.gated } }

    private mutating func apply() {
        var applied: [ObjectReference] = []
        for phase in ApplyPhase.allCases where phase != .interceptors {
            let members = references(objects.filter { $0.phase == phase && !$0.gated })
            guard !members.isEmpty else { continue }
            add(
                phase.rawValue, phase.slug, phase.title, .apply(ApplyObjects(objects: members)),
                reversibility: phase == .storage
                    ? .compensated(lossy: "what was written into green's volumes is lost when they are taken away")
                    : .reversible)
            applied += members
            if phase == .definitions {
                add(
                    phase.rawValue + 5, "wait-definitions", "Wait until the definitions are established",
                    .waitReady(WaitReady(side: .green, objects: members, timeout: timeout)))
            }
        }
        guard !applied.isEmpty else { return }
        add(130, "verify", "Compare green with what was applied", .verify(VerifyObjects(objects: applied)))
    }

    private mutating func wakeStateless() {
        if !stateless.isEmpty {
            add(
                140, "wake", "Wake on green what may run on both sides",
                .setFields(SetFields(side: .green, changes: ordered(stateless).map(wake))))
        }
        // DaemonSets cannot sleep: they are waited for with the others.
        let awake = stateless + objects.filter { $0.line.reason == ReasonCode.actsAtOnce && $0.isApplied && !$0.gated }
        if !awake.isEmpty {
            add(
                150, "wait-ready", "Wait until they are ready",
                .waitReady(WaitReady(side: .green, objects: references(awake), timeout: timeout)))
        }
    }

    private mutating func applyInterceptors() {
        let members = references(objects.filter { $0.phase == .interceptors && !$0.gated })
        guard !members.isEmpty else { return }
        let phase = ApplyPhase.interceptors
        add(phase.rawValue, phase.slug, phase.title, .apply(ApplyObjects(objects: members)))
        add(165, "verify-interceptors", "Compare green with what was applied", .verify(VerifyObjects(objects: members)))
    }

    private mutating func cutover() {
        for (index, gate) in gates(before: .cutover).enumerated() { addGate(gate, 170 + index, "gate-cutover") }
        add(
            200, "before-cutover", "Traffic and exclusive work of \(wave.name) are still on blue",
            .checkpoint(.init(checkpoint: beforeCutover)))
        measureBlue()
        applyGated()
        if !floors.isEmpty {
            add(
                230, "hold-blue-floor", "Keep blue large enough to take its traffic back",
                .setFields(SetFields(side: .blue, changes: floors)))
        }
        switchExclusive()
        moveTraffic()
    }

    private var beforeCutover: String { "before-cutover-\(wave.name)" }

    /// What the gates behind compare green with: blue as it is while it still serves everybody.
    ///
    /// Behind the checkpoint, so that a second cutover has figures of its own.
    private mutating func measureBlue() {
        for (index, gate) in (wave.gates ?? []).enumerated() where (gate.before ?? .cutover) != .cutover {
            addMeasurement(gate, index, 205 + index)
        }
    }

    private mutating func addMeasurement(_ gate: MigrationGate, _ index: Int, _ number: Int) {
        guard gate.gate == .probe, let probe = gate.probe, probe.needsBaseline else { return }
        add(
            number, "measure-blue", "Measure blue, to compare green with",
            .measure(MeasureBlue(probe: probe, seconds: probe.interval(of: gate.seconds ?? 1))))
        if let id = steps.last?.id { baselines[index] = id }
    }

    private mutating func applyGated() {
        guard !gated.isEmpty else { return }
        let members = references(gated)
        add(
            210, "apply-gated", "Apply what acts outside the cluster or by itself",
            .apply(ApplyObjects(objects: members)))
        add(215, "verify-gated", "Compare green with what was applied", .verify(VerifyObjects(objects: members)))
        let sleepers = gated.filter { $0.wake != nil }
        if !sleepers.isEmpty {
            add(
                220, "wake-gated", "Wake what was held",
                .setFields(SetFields(side: .green, changes: ordered(sleepers).map(wake))), undo: .quiesceGreen)
        }
    }

    private mutating func switchExclusive() {
        guard !exclusive.isEmpty else { return }
        let members = references(exclusive)
        add(
            240, "quiet-blue", "Put to sleep on blue what must run on one side only",
            .setFields(SetFields(side: .blue, changes: ordered(exclusive).reversed().map(quiet))), undo: .wakeBlue)
        add(
            245, "wait-quiet", "Wait until nothing of it runs on blue",
            .waitReady(WaitReady(side: .blue, objects: members, timeout: timeout)))
        let keepsData = exclusive.contains { $0.source["spec.volumeClaimTemplates"] != nil }
        add(
            250, "wake-exclusive", "Wake it on green",
            .setFields(SetFields(side: .green, changes: ordered(exclusive).map(wake))), undo: .quiesceGreen,
            reversibility: keepsData
                ? .compensated(lossy: "what these workloads wrote into green's volumes is not carried back to blue")
                : .reversible)
        add(
            255, "wait-exclusive", "Wait until it is ready",
            .waitReady(WaitReady(side: .green, objects: members, timeout: timeout)))
        if !routes.isEmpty {
            add(
                290, "before-traffic", "Exclusive work of \(wave.name) is on green, its traffic on blue",
                .checkpoint(.init(checkpoint: "before-traffic-\(wave.name)")))
        }
    }

    /// Raises green's share level by level, all routes of the wave together, with a cut before each change but the
    /// first, before which one stands already.
    private mutating func moveTraffic() {
        var current: [String: Weights] = [:]
        var previous: (route: String, share: Int)?
        var number = 300
        for level in 0..<(routes.map(\.shares.count).max() ?? 0) {
            for route in routes where level < route.shares.count {
                guard let weights = Weights(green: route.shares[level]) else { continue }
                if let previous {
                    for gate in gates(before: .traffic) {
                        addGate(gate, number, "gate-traffic")
                        number += 1
                    }
                    add(
                        number, "traffic-\(previous.route)-\(previous.share)",
                        "\(previous.route) is at \(previous.share) %",
                        .checkpoint(.init(checkpoint: "traffic-\(previous.route)-\(previous.share)")))
                    number += 1
                }
                add(
                    number, "route-\(route.name)-\(weights.green)", "Send \(weights.green) % of \(route.name) to green",
                    .route(SetRoute(route: route.name, from: current[route.name] ?? .allBlue, to: weights)),
                    undo: .traffic)
                number += 1
                current[route.name] = weights
                previous = (route.name, weights.green)
            }
        }
    }

    private func wake(_ judgement: Judgement) -> FieldChange {
        FieldChange(
            object: judgement.line.object, apiVersion: judgement.line.writeAs ?? judgement.line.readAs,
            fields: judgement.line.standby.map { FieldChange.Field(path: $0.path, from: $0.to, to: $0.from) })
    }

    private func quiet(_ judgement: Judgement) -> FieldChange {
        FieldChange(
            object: judgement.line.object, apiVersion: judgement.line.readAs,
            fields: Standby.of(judgement.source.gvk.groupKind)?.quiet(judgement.source) ?? [])
    }

    private func references(_ judgements: [Judgement]) -> [ObjectReference] {
        ordered(judgements).map(\.line.object)
    }

    /// In the order of applying.
    ///
    /// Waking goes the same way and putting to sleep the other: databases are up before those who ask them, and what
    /// runs by the clock stops first.
    private func ordered(_ judgements: [Judgement]) -> [Judgement] {
        judgements.sorted {
            ($0.phase ?? .customResources, $0.rank, $0.line.object)
                < ($1.phase ?? .customResources, $1.rank, $1.line.object)
        }
    }

    /// The gates of the migration file; one manual gate before a cutover where it says nothing, or where something is
    /// held that needs one.
    private func gates(before place: MigrationGate.Place) -> [MigrationGate] {
        let written = (wave.gates ?? []).filter { ($0.before ?? .cutover) == place }
        guard place == .cutover, written.isEmpty, wave.gates == nil || !gated.isEmpty else { return written }
        return [MigrationGate(gate: .manual)]
    }

    private mutating func addGate(_ gate: MigrationGate, _ number: Int, _ slug: String) {
        let message = gate.message ?? (gate.gate == .probe ? "Is green good enough?" : question)
        let index = wave.gates?.firstIndex(of: gate)
        // Before the cutover blue is measured right before the gate; behind it once, before anything moves.
        if let index, baselines[index] == nil { addMeasurement(gate, index, number) }
        let returns = gate.onFailure == .return && hasCutover
        add(
            number, slug, message,
            .gate(
                Gate(
                    gate: gate.gate, message: message, seconds: gate.seconds, probe: gate.probe,
                    onFailure: gate.onFailure == .return && !returns ? nil : gate.onFailure,
                    returnTo: returns ? beforeCutover : nil,
                    baseline: index.flatMap { baselines[$0] }, notBefore: gate.notBefore, window: gate.window,
                    leadTime: gate.leadTime)))
    }

    /// What whoever approves is asked where the migration file says nothing: what lies behind the gate.
    private var question: String {
        var parts: [String] = []
        if !gated.isEmpty { parts.append("\(gated.count) objects that act outside the cluster or by themselves") }
        if !exclusive.isEmpty { parts.append("\(exclusive.count) workloads that must run on one side only") }
        if !routes.isEmpty { parts.append("the traffic of \(routes.map(\.name).joined(separator: ", "))") }
        return "Go on with \(wave.name)? Behind this gate: " + parts.joined(separator: "; ") + "."
    }

    private mutating func add(
        _ number: Int, _ slug: String, _ title: String, _ action: StepAction, undo: UndoPhase = .reverse,
        reversibility: Reversibility = .reversible
    ) {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        steps.append(
            Step(
                id: "\(wave.name).\(padded)-\(slug)", title: title, dependsOn: [], undoPhase: undo,
                reversibility: reversibility, action: action))
    }
}
