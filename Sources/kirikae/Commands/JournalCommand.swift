import ArgumentParser
import Execution
import Manifests
import Planning

/// `kirikae journal`.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Verify a run's journal, or show its records.",
        subcommands: [Verify.self, Show.self])

    /// `kirikae journal verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify checksums, sequence and hash chain; name the byte where they break.",
            discussion: """
                This shows edits, insertions, deletions and reordering. It does not show a tail that was cut off whole, \
                nor a journal written anew: --anchors compares the head that the run published in both clusters' Leases at \
                every checkpoint and at its end. It is evidence, not prevention.
                """)

        @OptionGroup var chosen: RunArgument
        @Flag(help: "Ask both clusters for the head that they were told of.")
        var anchors = false
        @OptionGroup var pair: PairOptions
        @OptionGroup var state: StateOptions
        @OptionGroup var key: ImageKeyOptions

        func run() async throws {
            let store = try state.store()
            let run = try chosen.resolve(in: store, orNewest: true)
            let contents: JournalContents
            do { contents = try store.read(run.id) } catch { throw RunFailure.failure(error) }
            try report(run, contents)
            if anchors { try await compare(run, contents) }
        }

        /// What the clusters know against what the journal holds.
        private func compare(_ run: StoredRun, _ contents: JournalContents) async throws {
            let setting = try RunSetting.reopen(
                run, pair: pair, state: state, key: key, approver: ListedApprover(gates: [], person: Operator.person))
            let console = Console()
            var status = ExitStatus.fine
            for view in await setting.runner.locks() {
                let side = view.side.rawValue
                if let trouble = view.trouble {
                    console.message("\(side): not known: \(trouble)")
                    status = status == .fine ? .notEverythingRead : status
                } else if let head = view.head {
                    guard let record = contents.records.last(where: { $0.hash.description == head }) else {
                        console.message(
                            "\(side): its Lease names head \(head), which is not in this journal: the end was cut off, it was "
                                + "written anew, or the run (or a later one) went on somewhere else")
                        status = .notAsWanted
                        continue
                    }
                    let behind = contents.records.count - 1 - record.sequence
                    console.result("\(side): names record \(record.sequence); \(behind) came after it")
                } else {
                    console.message("\(side): names no head")
                    status = status == .fine ? .notEverythingRead : status
                }
            }
            if status != .fine { throw status.exitCode }
        }

        private func report(_ run: StoredRun, _ contents: JournalContents) throws {
            Console().result(
                "run \(run.id): \(contents.records.count) records, \(contents.validLength) bytes, head "
                    + (contents.head?.description ?? "none"))
            if let torn = contents.torn {
                Console().message(
                    "The last \(torn.bytes.count) bytes, from byte \(torn.offset), are a torn write; resume cuts them off."
                )
                throw ExitStatus.notAsWanted.exitCode
            }
        }
    }

    /// `kirikae journal show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the records, one JSON object a line.")

        @OptionGroup var chosen: RunArgument
        @OptionGroup var state: StateOptions

        func run() async throws {
            let store = try state.store()
            let run = try chosen.resolve(in: store, orNewest: true)
            let contents: JournalContents
            do { contents = try store.read(run.id) } catch { throw RunFailure.failure(error) }
            let console = Console()
            for record in contents.records { console.result(record.json.canonicalText) }
        }
    }
}
