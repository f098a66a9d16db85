import Manifests
public import Planning

/// A plan for the people who review it: what becomes of what, wave by wave, and the way back.
public struct PlanReport {
    private let document: ReportDocument

    public init(_ contents: PlanFile.Contents) {
        let plan = contents.plan
        var document = ReportDocument(title: "Plan \(plan.name): \(plan.blue.name) to \(plan.green.name)")
        document.blocks = Self.summary(plan, digest: contents.digest)
        document.blocks += Self.objects(contents)
        for wave in plan.waves { document.blocks += Self.wave(wave, plan) }
        document.blocks += Self.hazards(plan) + Self.wayBack(plan)
        document.footer = [
            "Made from the plan ", .code(contents.digest.description), ", which kirikae \(plan.tool) made of an ",
            "inventory taken at \(plan.takenAt).",
        ]
        self.document = document
    }

    /// GitHub's Markdown.
    public var markdown: String { document.markdown }
    /// One self-contained page.
    public var html: String { document.html }

    private static func summary(_ plan: Plan, digest: Digest) -> [ReportDocument.Block] {
        let count = { (match: (StepAction) -> Bool) in plan.steps.count { match($0.step.action) } }
        let gates = count { if case .gate = $0 { true } else { false } }
        let cuts = count { if case .checkpoint = $0 { true } else { false } }
        var blocks: [ReportDocument.Block] = [
            .paragraph([
                "Kubernetes \(plan.blue.version) on ", .code(plan.blue.name), " becomes \(plan.green.version) on ",
                .code(plan.green.name), ", in \(FindingWords.counted(plan.waves.count, "wave")), with ",
                "\(FindingWords.counted(plan.routes.count, "route")), \(FindingWords.counted(gates, "gate")) and ",
                "\(FindingWords.counted(cuts, "checkpoint")) to return to.",
            ])
        ]
        if plan.green.uid == nil {
            blocks.append(
                .warning([
                    "Green did not exist when this was planned: ",
                    "it can be rehearsed, and has to be planned again before it is applied.",
                ]))
        }
        blocks.append(
            .table(
                columns: ["", "name", "version", "UID of kube-system"],
                rows: [("blue", plan.blue), ("green", plan.green)].map { side, cluster in
                    [
                        [.plain(side)], [.code(cluster.name)], ["\(cluster.version)"],
                        cluster.uid.map { [.code($0)] } ?? ["not known"],
                    ]
                }))
        return blocks
    }

    private static func objects(_ contents: PlanFile.Contents) -> [ReportDocument.Block] {
        let accounting = contents.plan.accounting
        let skipped = accounting.skipped.values.reduce(0, +)
        var blocks: [ReportDocument.Block] = [
            .heading("Objects"),
            .paragraph([
                "\(accounting.read) read: \(accounting.copied) copied, \(accounting.converted) converted, ",
                "\(accounting.held) held, \(skipped) not copied.",
            ]),
        ]
        let converted = contents.objects.filter { $0.disposition == .convert }
        if !converted.isEmpty {
            blocks.append(
                .table(
                    columns: ["converted", "from", "to"],
                    rows: converted.map { object in
                        [[.code("\(object.object)")], [.code(object.readAs)], [.code(object.writeAs ?? "")]]
                    }))
        }
        let held = contents.objects.filter { $0.disposition == .hold }
        if !held.isEmpty {
            blocks.append(
                .table(columns: ["held", "why"], rows: held.map { [[.code("\($0.object)")], [.code($0.reason)]] }))
        }
        if skipped > 0 {
            let rows = accounting.skipped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            blocks.append(
                .table(
                    columns: ["not copied, because", "objects"], rows: rows.map { [[.code($0.key)], ["\($0.value)"]] }))
        }
        return blocks
    }

    private static func wave(_ wave: Wave, _ plan: Plan) -> [ReportDocument.Block] {
        var about: [ReportDocument.Phrase] = []
        if !wave.namespaces.isEmpty { about.append("Namespaces \(wave.namespaces.joined(separator: ", ")). ") }
        if !wave.dependsOn.isEmpty { about.append("After \(wave.dependsOn.joined(separator: ", ")). ") }
        let routes = plan.routes.filter { $0.wave == wave.name }
        if !routes.isEmpty {
            about.append("Routes \(routes.map { "\($0.name) (\($0.backend))" }.joined(separator: ", ")).")
        }
        var blocks: [ReportDocument.Block] = [.heading("Wave \(wave.name)")]
        if !about.isEmpty { blocks.append(.paragraph(about)) }
        let rows = wave.steps.map { step -> [[ReportDocument.Phrase]] in
            [[.code(step.id)], action(step), taken(step)]
        }
        blocks.append(.table(columns: ["step", "what it does", "taken back"], rows: rows))
        return blocks
    }

    private static func action(_ step: Step) -> [ReportDocument.Phrase] {
        switch step.action {
        case .apply(let action):
            ["\(step.title) – \(FindingWords.counted(action.objects.count, "object")) applied to green"]
        case .setFields(let action):
            [
                "\(step.title) – \(FindingWords.counted(action.changes.count, "object")) changed on \(action.side.rawValue)"
            ]
        case .route(let action): ["\(step.title) – route ", .code(action.route), ": \(action.from) → \(action.to)"]
        case .waitReady(let action):
            [
                "\(step.title) – waits at most \(action.timeout) s for ",
                "\(FindingWords.counted(action.objects.count, "object")) on \(action.side.rawValue)",
            ]
        case .verify(let action):
            ["\(step.title) – \(FindingWords.counted(action.objects.count, "object")) compared on green"]
        case .gate(let gate):
            ["Gate: \(gate.words). \(gate.message)"]
        case .measure(let action):
            ["\(step.title) – for \(action.seconds) s"]
        case .checkpoint(let cut): ["Checkpoint ", .code(cut.checkpoint), ": rollback can return to here"]
        }
    }

    private static func taken(_ step: Step) -> [ReportDocument.Phrase] {
        guard step.action.hasEffect else { return ["–"] }
        switch step.reversibility {
        case .reversible: return ["yes"]
        case .compensated(let lossy): return ["with a loss: \(lossy)"]
        case .irreversible: return ["no"]
        }
    }

    private static func hazards(_ plan: Plan) -> [ReportDocument.Block] {
        guard !plan.hazards.isEmpty else { return [] }
        var blocks: [ReportDocument.Block] = [.heading("Hazards of two clusters side by side")]
        for (answer, title, detail) in [
            (PlannedHazard.Answer.acknowledged, "acknowledged by a person", "reason given"),
            (.inserts, "answered by steps of the plan", "how"), (.informs, "to know", "more"),
        ] {
            let hazards = plan.hazards.filter { $0.answer == answer }
            guard !hazards.isEmpty else { continue }
            blocks.append(
                .table(
                    columns: ["\(title) (\(hazards.count))", "what", detail],
                    rows: hazards.map { [[.code($0.id)], ["\($0.message)"], ["\($0.detail ?? "–")"]] }))
        }
        return blocks
    }

    private static func wayBack(_ plan: Plan) -> [ReportDocument.Block] {
        [
            .heading("The way back"),
            .paragraph([
                "What ", .code("kirikae rollback --to"), " returns to, when everything after it was done. ",
                .code("WAY-BACK.md"), " beside the plan has the commands for a person without kirikae.",
            ]),
            .table(
                columns: ["checkpoint", "what runs where", "steps taken back", "not brought back"],
                rows: plan.wayBack.map { entry in
                    [
                        [.code(entry.checkpoint)], ["\(entry.state)"], ["\(entry.undoes.count)"],
                        [
                            .plain(
                                entry.notRestored.isEmpty
                                    ? "nothing is lost" : entry.notRestored.joined(separator: "; "))
                        ],
                    ]
                }),
        ]
    }
}
