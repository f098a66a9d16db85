import Execution
import Manifests
import Routing
import Synchronization

/// Shows a run at the terminal: a bar where there is one, plain lines otherwise.
final class ConsoleObserver: RunObserver {
    private struct State {
        var bar: ProgressBar
        var step: String?
        var waiting: String?
        var wave: String?
    }

    private let state: Mutex<State>
    private let console: Console

    init(console: Console) {
        self.console = console
        state = Mutex(State(bar: ProgressBar(console: console, total: 0)))
    }

    func recorded(_ record: JournalRecord, progress: RunProgress) {
        state.withLock { state in
            if let wave = progress.wave, wave != state.wave {
                state.bar.say(console.paint(progress.isRollingBack ? "← wave \(wave)" : "wave \(wave)", .bold))
                state.wave = wave
            }
            if let line = RunLine.text(record, console) { state.bar.say(line) }
            if !console.interactive, let step = progress.step, step != state.step {
                state.bar.say("  \(progress.done)/\(progress.total)  \(step)")
            }
            state.step = progress.step
            state.waiting = nil
            state.bar.update(done: progress.done, total: progress.total, label: Self.label(progress))
        }
    }

    func waiting(_ what: String, progress: RunProgress) {
        state.withLock { state in
            if !console.interactive, state.waiting != what { state.bar.say("  \(what)") }
            state.waiting = what
            state.bar.update(done: progress.done, total: progress.total, label: what)
        }
    }

    /// Takes the bar away; what follows is the result.
    func finish() { state.withLock { $0.bar.finish() } }

    private static func label(_ progress: RunProgress) -> String {
        let direction = progress.isRollingBack ? "← " : ""
        return direction + [progress.wave, progress.step].compactMap(\.self).joined(separator: " · ")
    }
}

/// The journal records that a person at the terminal wants to read, in words.
enum RunLine {
    /// The line, or nil for a record of no interest.
    static func text(_ record: JournalRecord, _ console: Console) -> String? {
        let entry = record.entry
        switch entry.type {
        case .runBegin: return "run \(record.run) begins"
        case .checkpoint: return console.paint("✓ checkpoint \(entry.text("checkpoint") ?? "")", .green)
        case .stepVerified, .undoVerified:
            guard let route = entry.text("route"), let green = entry.number("green") else { return nil }
            let arrow = entry.type == .undoVerified ? "←" : "→"
            return console.paint("\(arrow) route \(route): green \(green) %", .blue)
        case .gateWaiting:
            return console.paint("… gate \(entry.text("gate") ?? ""): \(entry.text("message") ?? "")", .yellow)
        case .gateApproved:
            if let figures = entry.fields["figures"]?.object {
                return console.paint("✓ gate \(entry.text("gate") ?? ""): \(GateMeasurement.text(figures))", .green)
            }
            return "  approved by \(entry.text("by") ?? "somebody")"
        case .gateRejected:
            let figures = entry.fields["figures"]?.object.map { " (\(GateMeasurement.text($0)))" } ?? ""
            return console.paint(
                "✗ gate \(entry.text("gate") ?? ""): \(entry.text("reason") ?? "not opened")\(figures)", .red)
        case .runRollback:
            return console.paint(
                "← rolling back to \(entry.text("checkpoint") ?? entry.text("wave").map { "before wave \($0)" } ?? "?")",
                .yellow)
        case .undoOwed:
            return console.paint(
                "  owed to green: \(entry.text("object") ?? "") (\(entry.text("message") ?? ""))", .yellow)
        case .stepRetry, .undoRetry: return "  again soon: \(entry.text("message") ?? "")"
        case .stepConflict, .stepFailed, .undoFailed, .runHalted:
            return console.paint(
                "✗ \(entry.operation.map { "\($0): " } ?? "")\(entry.text("message") ?? entry.type.rawValue)", .red)
        case .runPause: return "paused at \(entry.text("place") ?? "")"
        default: return nil
        }
    }
}
