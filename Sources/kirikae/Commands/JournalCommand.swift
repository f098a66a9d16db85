import ArgumentParser
import Execution
import Manifests

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
                nor a journal written anew: compare the head with the one in the clusters' Leases for that. It is \
                evidence, not prevention.
                """)

        @OptionGroup var chosen: RunArgument
        @OptionGroup var state: StateOptions

        func run() async throws {
            let store = try state.store()
            let run = try chosen.resolve(in: store, orNewest: true)
            let contents: JournalContents
            do { contents = try store.read(run.id) } catch { throw RunFailure.failure(error) }
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
