import ArgumentParser
import Execution
import FoundationEssentials
import Planning
import Reporting

/// `kirikae report`.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Show findings, a plan or a run as a page to read.",
        discussion: """
            WHAT is the JSON result of kirikae check, a plan's folder, or a run; without it the only unfinished run, \
            else the newest.

            Findings are shown in any form that kirikae check has; the verdict of the check stands, nothing is judged \
            again. Plans and runs are shown as markdown (md) or html. A run is told from its journal: what happened, \
            when and by whom. It says nothing of what the clusters look like now; kirikae status does.

            The exit code is 0 when the report was made, whatever it says.
            """)

    @Argument(help: ArgumentHelp("A JSON result of check, a plan's folder, or a run.", valueName: "what"))
    var what: String?

    @Option(
        name: [.customShort("o"), .long],
        help: "Form of the report: \(FindingsFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var output: FindingsFormat = .markdown

    @Option(help: ArgumentHelp("Write the report to this file instead of standard output.", valueName: "file"))
    var out: String?

    @OptionGroup var state: StateOptions

    func run() async throws {
        let console = Console()
        let text = try text(console)
        if let out { try ResultFile.write(text, to: out) } else { console.result(text) }
    }

    private func text(_ console: Console) throws -> String {
        guard let what else { return try run(nil) }
        var isFolder = false
        guard FileManager.default.fileExists(atPath: what, isDirectory: &isFolder) else { return try run(what) }
        if isFolder { return try plan(what) }
        guard let data = FileManager.default.contents(atPath: what) else {
            throw CommandFailure(.usage, "\(what): cannot be read")
        }
        do {
            let report = try FindingsReader.read(Array(data))
            return output.render(
                report,
                style: .init(toolVersion: Tool.version, colour: out == nil && console.coloursResult))
        } catch {
            throw CommandFailure(
                .usage, "\(what): \(error)",
                next: "Make one with kirikae check … -o json --out FILE; for a plan, name its folder.")
        }
    }

    private func plan(_ folder: String) throws -> String {
        do {
            let report = PlanReport(try PlanFile.read(folder))
            return try page(markdown: report.markdown, html: report.html)
        } catch let error as PlanFileError {
            throw CommandFailure(.usage, error.description)
        }
    }

    private func run(_ id: String?) throws -> String {
        let store = try state.store()
        var argument = RunArgument()
        argument.run = id
        let found = try argument.resolve(in: store, orNewest: true)
        let contents: JournalContents
        do { contents = try store.read(found.id) } catch { throw RunFailure.failure(error) }
        guard let report = RunReport(contents.records) else {
            throw CommandFailure(.usage, "the journal of run \(found.id) is empty")
        }
        return try page(markdown: report.markdown, html: report.html)
    }

    private func page(markdown: @autoclosure () -> String, html: @autoclosure () -> String) throws -> String {
        switch output {
        case .markdown: return markdown()
        case .html: return html()
        case .text, .json, .sarif, .junit, .github:
            throw CommandFailure(
                .usage, "a plan or a run is shown as markdown or html, not as \(output.rawValue)",
                next: "For programs: plan.yaml and objects.jsonl are JSON and YAML already; kirikae runs show -o json, "
                    + "kirikae journal show.")
        }
    }
}
