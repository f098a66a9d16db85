import ArgumentParser

/// The command line.
@main
struct Kirikae: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kirikae",
        abstract: "Carry a Kubernetes version upgrade through as a blue-green cluster migration.",
        discussion: """
            Today's cluster (blue) stays as it is; a second one (green) stands up at the new minor version. Everything \
            is checked, copied in standby, verified; only then is routing switched, and it can always be switched back.

            Results go to standard output, progress and messages to standard error. NO_COLOR is obeyed.

            Exit codes:
            \(ExitStatus.table)
            """,
        version: Tool.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Before the upgrade",
                subcommands: [
                    CheckCommand.self, ConvertCommand.self, InventoryCommand.self, PlanCommand.self, RBACCommand.self,
                ]),
            CommandGroup(name: "Rehearse", subcommands: [DrillCommand.self]),
            CommandGroup(
                name: "Carry out",
                subcommands: [
                    ApplyCommand.self, ResumeCommand.self, WatchCommand.self, ApproveCommand.self, PauseCommand.self,
                    RollbackCommand.self,
                    AbandonCommand.self,
                ]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    StatusCommand.self, RunsCommand.self, JournalCommand.self, LockCommand.self, RouteCommand.self,
                    CatalogCommand.self,
                    ReportCommand.self,
                ]),
        ]
    )

    /// Parses and runs, and turns every error into a message with a next step and a code of our own table.
    static func main() async {
        var status = ExitStatus.fine.rawValue
        ImageKeyVariable.take()
        do {
            try NotYet.check(CommandLine.arguments.dropFirst())
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            let console = Console()
            console.message(console.paint("error:", .red) + failure.description.dropFirst("error:".count))
            status = failure.status.rawValue
        } catch {
            // What is left are the parser's own: usage errors, and requests for help or the version.
            let code = exitCode(for: error)
            if code == .success {
                Console().result(fullMessage(for: error))
            } else if let exit = error as? ExitCode {
                status = exit.rawValue
            } else {
                Console().message(fullMessage(for: error))
                status = ExitStatus.usage.rawValue
            }
        }
        leave(status)
    }
}
