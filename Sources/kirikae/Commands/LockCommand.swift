import ArgumentParser
import Execution
import Manifests
import Planning

/// `kirikae lock`.
struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Show who works on a migration, or release the lock of a dead process.",
        subcommands: [Show.self, Release.self], defaultSubcommand: Show.self)

    /// `kirikae lock show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the lock here and in both clusters: who, since when, and of which run.",
            discussion: "Takes no lock itself. Times are the holder's own clock's.")

        @OptionGroup var chosen: RunArgument
        @OptionGroup var pair: PairOptions
        @OptionGroup var state: StateOptions
        @OptionGroup var key: ImageKeyOptions
        @OptionGroup var format: OutputOptions

        func run() async throws {
            let run = try chosen.resolve(in: try state.store(), orNewest: true)
            let setting = try RunSetting.reopen(
                run, pair: pair, state: state, key: key, approver: ListedApprover(gates: [], person: Operator.person))
            let migration = setting.document.plan.name
            let here = setting.store.lockHolder(of: migration)
            let views = await setting.runner.locks()
            switch format.output {
            case .json:
                var members: JSONObject = [
                    "migration": .string(migration), "here": here.map(JSONValue.string) ?? .null,
                ]
                for view in views { members[view.side.rawValue] = Self.json(view) }
                Console().result(JSONValue.object(members).indentedText)
            case .text:
                let local = here.map { "held by \($0)" } ?? "free"
                Console().result((["here   \(local)"] + views.map(Self.text)).joined(separator: "\n"))
            }
            if views.contains(where: { $0.trouble != nil }) { throw ExitStatus.notEverythingRead.exitCode }
        }

        private static func text(_ view: LockView) -> String {
            let name = view.side.rawValue + String(repeating: " ", count: 7 - view.side.rawValue.count)
            if let trouble = view.trouble { return "\(name)not known: \(trouble)" }
            var text = name
            if let holder = view.holder {
                text += "held by \(holder) since \(view.since ?? "?"), last heard of \(view.heardOf ?? "?")"
            } else {
                text += "free"
            }
            if let run = view.run { text += "; run \(run) is unfinished: resume, roll back or abandon it" }
            return text
        }

        private static func json(_ view: LockView) -> JSONValue {
            var members: JSONObject = ["epoch": .integer(Int64(view.epoch))]
            members["holder"] = view.holder.map(JSONValue.string)
            members["since"] = view.since.map(JSONValue.string)
            members["heardOf"] = view.heardOf.map(JSONValue.string)
            members["run"] = view.run.map(JSONValue.string)
            members["head"] = view.head.map(JSONValue.string)
            members["trouble"] = view.trouble.map(JSONValue.string)
            return .object(members)
        }
    }

    /// `kirikae lock release`.
    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Release the lock that a dead process left in a cluster.",
            discussion: """
                Rarely needed: a lock runs out by itself after a minute of silence. Refused while its holder shows a \
                sign of life. The mark of the unfinished run stays: the next command may go on with that run only.
                """)

        @OptionGroup var chosen: RunArgument
        @Option(help: "blue or green.")
        var side: String
        @OptionGroup var pair: PairOptions
        @OptionGroup var state: StateOptions
        @OptionGroup var key: ImageKeyOptions
        @OptionGroup var confirmation: ConfirmOptions

        func validate() throws {
            if Side(rawValue: side) == nil { throw ValidationError("--side is blue or green.") }
        }

        func run() async throws {
            guard let side = Side(rawValue: side) else { return }
            let run = try chosen.resolve(in: try state.store(), orNewest: true)
            let setting = try RunSetting.reopen(
                run, pair: pair, state: state, key: key, approver: ListedApprover(gates: [], person: Operator.person))
            let view = await setting.runner.locks().first { $0.side == side }
            try confirmation.confirm(
                setting.document.plan,
                "About to release the lock on \(side.rawValue), held by \(view?.holder ?? "nobody"):")
            let outcome = await setting.runner.releaseStaleLock(side, of: setting.document.plan.name)
            setting.observer.finish()
            try RunFailure.report(outcome)
        }
    }
}
