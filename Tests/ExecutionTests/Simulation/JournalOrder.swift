import Manifests
import Planning

@testable import Execution

/// What a journal must say, whatever happened.
enum JournalOrder {
    /// I7: undone in the reverse of the intents, phase by phase.
    ///
    /// I8: nothing behind a gate before it was opened.
    static func violations(_ records: [JournalRecord], _ plan: Plan, gates: [String]) -> [String] {
        var steps: [String: (wave: Int, phase: UndoPhase, behind: Set<String>)] = [:]
        var behind: Set<String> = []
        for (rank, wave) in plan.waves.enumerated() {
            for step in wave.steps {
                steps[step.id] = (rank, step.undoPhase, behind)
                if gates.contains(step.id) { behind.insert(step.id) }
            }
        }
        var violations: [String] = []
        var intents: [OperationID: Int] = [:]
        var open: Set<String> = []
        var last: (wave: Int, phase: UndoPhase, intent: Int)?
        for record in records {
            switch record.entry.type {
            case .gateApproved: if let gate = record.entry.text("gate") { open.insert(gate) }
            case .runRollback, .runResume: last = nil
            case .stepIntent:
                guard let id = record.entry.operation else { continue }
                intents[id] = record.sequence
                for gate in steps[id.step]?.behind.subtracting(open).sorted() ?? [] {
                    violations.append("I8: \(id) was begun before \(gate) was opened")
                }
            case .undoIntent:
                guard let id = record.entry.operation, let step = steps[id.step], let intent = intents[id] else {
                    violations.append("I7: undo without an intent, record \(record.sequence)")
                    continue
                }
                if let last, last.wave == step.wave, last.phase == step.phase, step.phase != .quiesceGreen,
                    step.phase != .traffic, last.intent < intent
                {
                    violations.append("I7: \(id) is undone after what was begun before it")
                }
                last = (step.wave, step.phase, intent)
            default: break
            }
        }
        return violations
    }
}
