import ArgumentParser
import Execution
import Planning
import Programs

/// Starts hooks as programs of this machine, each in a process group of its own, with nobody at its terminal.
struct HookPrograms: HookRunner {
    /// Relative paths of programs count from here: the plan's folder.
    let folder: String

    func run(_ hook: MigrationHook, input: [UInt8]) async -> String? {
        do throws(ProgramFailure) {
            let call = ProgramCall(hook.run, folder: folder, input: .bytes(input))
            let answer = try await SubprocessRunner().run(call, limit: .seconds(hook.limit))
            // What it wrote is its own business: it may quote what nobody should keep.
            return answer.code == 0 ? nil : "it ended with \(answer.code)"
        } catch { return error.message }
    }
}

/// Hooks of the command line, over those of the plan.
struct HookOptions: ParsableArguments {
    @Option(
        name: .customLong("on"),
        help: ArgumentHelp(
            "A program that is told of an end by JSON on its standard input: waiting, halted, returned or done. "
                + "Repeat for more; the plan's hook of that event otherwise.", valueName: "event=program"))
    var on: [String] = []

    /// The hooks in force.
    func hooks(over planned: MigrationHooks?) throws -> MigrationHooks {
        var hooks = planned ?? MigrationHooks()
        for text in on {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            let hook = MigrationHook(run: [parts.last ?? ""])
            guard parts.count == 2 else { throw Self.failure(text) }
            switch parts[0] {
            case "waiting": hooks.waiting = hook
            case "halted": hooks.halted = hook
            case "returned": hooks.returned = hook
            case "done": hooks.done = hook
            default: throw Self.failure(text)
            }
        }
        return hooks
    }

    private static func failure(_ text: String) -> CommandFailure {
        CommandFailure(
            .usage, "--on \(text): not an event and a program",
            next: "Events: waiting, halted, returned, done. Such as --on halted=/usr/local/bin/page")
    }
}
