public import Execution
import Manifests

/// A run for the people who ask afterwards what happened: told from its journal, and from nothing else.
///
/// It names what was in doubt, who opened which gate, and how long each stretch took. Secrets cannot come in: the
/// journal has none.
public struct RunReport {
    private let document: ReportDocument

    /// Nil for a journal without records.
    public init?(_ records: [JournalRecord]) {
        guard let state = RunState(records), let first = records.first else { return nil }
        var document = ReportDocument(title: "Run \(state.run) of plan \(state.planName)")
        document.blocks = Self.summary(state, first)
        document.blocks += Self.checkpoints(state, records) + Self.gates(state) + Self.returns(records)
        document.blocks += Self.trouble(state, records)
        document.blocks += Self.timeline(records, from: first.moment)
        document.footer = [
            "Made from \(FindingWords.counted(records.count, "record")) of the journal, head ",
            .code(state.head.description), "; plan ", .code(state.planDigest.description), "; kirikae \(state.tool).",
        ]
        self.document = document
    }

    /// GitHub's Markdown.
    public var markdown: String { document.markdown }
    /// One self-contained page.
    public var html: String { document.html }

    private static func summary(_ state: RunState, _ first: JournalRecord) -> [ReportDocument.Block] {
        let counts = Dictionary(grouping: state.operations.values, by: \.status.rawValue).mapValues(\.count)
        var blocks: [ReportDocument.Block] = [
            .paragraph([
                "It is ", .code(state.phase.description), ": begun \(state.begun.timestamp), last record ",
                "\(state.last.timestamp), \(duration(state.last.wall - state.begun.wall)) later. ",
                "It went forward \(FindingWords.counted(state.pass, "time")).",
            ]),
            .paragraph([
                "Operations: ",
                .plain(counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")), ".",
            ]),
        ]
        if let halt = state.halt { blocks.append(.warning(["Halted: \(halt.message) (", .code(halt.code), ")."])) }
        if !state.inDoubt.isEmpty {
            blocks.append(.warning(["In doubt: nobody knows whether these were done."]))
            blocks.append(.list(state.inDoubt.map { [.code($0.id.description)] }))
        }
        if !state.owed.isEmpty {
            blocks.append(.warning(["Owed to green, once it answers:"]))
            blocks.append(.list(state.owed.map { [.code($0.id.description)] }))
        }
        if !state.traffic.isEmpty {
            blocks.append(.heading("Traffic, as last read back"))
            blocks.append(
                .table(
                    columns: ["route", "weights"],
                    rows: state.traffic.sorted { $0.key < $1.key }.map { [[.code($0.key)], ["\($0.value)"]] }))
        }
        return blocks
    }

    private static func checkpoints(_ state: RunState, _ records: [JournalRecord]) -> [ReportDocument.Block] {
        guard !state.checkpoints.isEmpty else { return [] }
        let times = Dictionary(records.map { ($0.sequence, $0.moment) }) { first, _ in first }
        return [
            .heading("Checkpoints in force"),
            .table(
                columns: ["checkpoint", "wave", "reached", "traffic there"],
                rows: state.checkpoints.map { cut in
                    let weights = cut.weights.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                    return [
                        [.code(cut.name)], ["\(cut.wave)"], ["\(times[cut.sequence]?.timestamp ?? "–")"],
                        ["\(weights.isEmpty ? "no route" : weights.joined(separator: "; "))"],
                    ]
                }),
        ]
    }

    private static func gates(_ state: RunState) -> [ReportDocument.Block] {
        guard !state.gates.isEmpty else { return [] }
        return [
            .heading("Gates"),
            .table(
                columns: ["gate", "asked", "answer", "measured"],
                rows: state.gates.sorted { $0.key < $1.key }.map { name, gate in
                    let answer =
                        gate.rejectedBy.map { "refused by \($0)" }
                        ?? (gate.approvedBy.isEmpty ? "–" : "opened by \(gate.approvedBy.joined(separator: ", "))")
                    let measured = gate.figures.isEmpty ? "–" : GateMeasurement.text(gate.figures)
                    return [[.code(name)], ["\(gate.message)"], ["\(answer)"], ["\(measured)"]]
                }),
        ]
    }

    /// How long each way back took, from the decision.
    private static func returns(_ records: [JournalRecord]) -> [ReportDocument.Block] {
        let times = ReturnTime.all(in: records)
        guard !times.isEmpty else { return [] }
        return [
            .heading("Ways back"),
            .table(
                columns: ["to", "because", "traffic was back after", "all of it took"],
                rows: times.map { time in
                    [
                        [.code(time.target)], ["\(time.reason ?? "somebody typed it")"],
                        ["\(time.trafficMilliseconds.map(duration) ?? "–")"],
                        ["\(time.wholeMilliseconds.map(duration) ?? "not done yet")"],
                    ]
                }),
        ]
    }

    /// The records that are no plain progress.
    private static func trouble(_ state: RunState, _ records: [JournalRecord]) -> [ReportDocument.Block] {
        let told = records.filter { record in
            switch record.entry.type {
            case .runInterrupt, .runHalted, .lockLost, .lockTakeover, .stepConflict, .stepDoubt, .stepRetry,
                .stepFailed, .undoRetry, .undoFailed, .undoOwed, .gateRejected, .gateExpired:
                true
            default: false
            }
        }
        guard !told.isEmpty else {
            return [.heading("Trouble"), .paragraph(["None: no retry, no doubt, no conflict, no failure."])]
        }
        return [
            .heading("Trouble"),
            .table(
                columns: ["when", "what", "about", "in words"],
                rows: told.prefix(500).map { record in
                    let entry = record.entry
                    let words = entry.text("message") ?? entry.text("reason") ?? entry.text("signal") ?? "–"
                    return [
                        ["\(record.moment.timestamp)"], [.code(entry.type.rawValue)],
                        entry.operation.map { [.code($0.description)] } ?? ["the run"], [.plain(words)],
                    ]
                }),
        ] + (told.count > 500 ? [.paragraph(["and \(told.count - 500) more; kirikae journal show has them all."])] : [])
    }

    /// What happened to the run as a whole, with how long after its beginning.
    private static func timeline(_ records: [JournalRecord], from start: Moment) -> [ReportDocument.Block] {
        let told = records.filter { record in
            switch record.entry.type {
            case .runBegin, .runPreflight, .runResume, .runPause, .runInterrupt, .runRollback, .runHalted, .runEnd,
                .checkpoint, .gateWaiting, .gateApproved, .gateRejected, .gateExpired, .lockTakeover:
                true
            default: false
            }
        }
        return [
            .heading("What happened"),
            .table(
                columns: ["when", "after", "what", "by"],
                rows: told.map { record in
                    let entry = record.entry
                    let detail = ["checkpoint", "wave", "direction", "place", "outcome", "signal", "by", "code"]
                        .compactMap { name in entry.text(name).map { "\(name) \($0)" } }
                    return [
                        ["\(record.moment.timestamp)"], ["\(duration(record.moment.wall - start.wall))"],
                        [
                            .code(entry.type.rawValue),
                            .plain(detail.isEmpty ? "" : " " + detail.joined(separator: ", ")),
                        ],
                        ["\(record.actor)"],
                    ]
                }),
        ]
    }

    /// Milliseconds as people say them.
    private static func duration(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        if seconds < 1 { return "\(max(0, milliseconds)) ms" }
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}
