public import ArgumentParser
public import Findings
import FoundationEssentials
import Manifests
public import Reporting

/// How `kirikae check` tells what it found, and which findings count.
struct CheckReportOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long],
        help: "Form of the result: \(FindingsFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var output: FindingsFormat = .text

    @Option(help: ArgumentHelp("Write the result to this file instead of standard output.", valueName: "file"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "Write the result in another form to a file as well; may be repeated, as in --report sarif=check.sarif.",
            valueName: "format=file"))
    var report: [ExtraReport] = []

    @Option(help: "The lowest severity that makes the exit code 1: info, warns or breaks.")
    var failOn: Finding.Severity = .warns

    @Option(help: "The lowest severity that is shown and counted: info, warns or breaks.")
    var severity: Finding.Severity = .info

    @Option(help: "The lowest confidence that is shown and counted: possible, likely or certain.")
    var confidence: Finding.Confidence = .possible

    @Option(
        help: ArgumentHelp(
            "A file of suppressions with reasons and end dates (default: \(SuppressionFile.standardName), if there).",
            valueName: "file"))
    var suppressions: String?

    @Flag(help: "Let every finding count, whatever suppressions say in files and annotations.")
    var noSuppressions = false

    @Option(help: ArgumentHelp("A file of known findings; only others count.", valueName: "file"))
    var baseline: String?

    @Option(help: ArgumentHelp("Write all findings down as known, into this file.", valueName: "file"))
    var writeBaseline: String?

    @Option(help: ArgumentHelp("The day on which suppressions are judged (default: today, UTC).", valueName: "date"))
    var today: String?

    func validate() throws {
        if baseline != nil, writeBaseline != nil {
            throw ValidationError("--baseline and --write-baseline exclude each other.")
        }
        if noSuppressions, suppressions != nil {
            throw ValidationError("--suppressions and --no-suppressions exclude each other.")
        }
        if let today, CalendarDate(today) == nil {
            throw ValidationError("--today '\(today)' is no day; write it as 2027-01-31.")
        }
        let files = [out, writeBaseline].compactMap { $0 } + report.map(\.file)
        if let twice = Dictionary(grouping: files, by: { $0 }).first(where: { $0.value.count > 1 })?.key {
            throw ValidationError("\(twice) would be written twice.")
        }
    }

    /// Reads what judging needs, before the checks take their time.
    func judge(acceptingTemplates: Bool) throws -> CheckJudge {
        var judge = CheckJudge()
        judge.today = CalendarDate(today ?? WallClock.timestamp())
        judge.severity = severity
        judge.confidence = confidence
        judge.failOn = failOn
        judge.acceptsTemplates = acceptingTemplates
        judge.ignoresSuppressions = noSuppressions
        if !noSuppressions { judge.suppressions = try readSuppressions() }
        if let baseline {
            do { judge.baseline = try Baseline(parsing: try Self.bytes(of: baseline)) } catch let error
                as Baseline.Failure
            {
                throw CommandFailure(
                    .usage, "\(baseline): \(error)",
                    next: "A new one is made by kirikae check … --write-baseline \(baseline)")
            }
        }
        return judge
    }

    /// Writes the result where it is wanted, and ends the command with its code.
    func tell(_ result: CheckResult, judge: CheckJudge, console: Console = Console()) throws {
        var judge = judge
        if let writeBaseline {
            let plain = judge.report(on: result)
            let baseline = Baseline(plain.counting)
            try ResultFile.write(baseline.text, to: writeBaseline)
            let count = baseline.entries.reduce(0) { $0 + $1.count }
            console.message("\(writeBaseline): \(count) finding\(count == 1 ? "" : "s") written down as known")
            judge.baseline = baseline
        }
        let verdict = judge.report(on: result)
        try tell(verdict, console: console)
        if verdict.exitStatus != 0 { throw ExitCode(verdict.exitStatus) }
    }

    private func tell(_ verdict: CheckReport, console: Console) throws {
        for extra in report {
            try ResultFile.write(
                extra.format.render(verdict, style: .init(toolVersion: Tool.version)), to: extra.file)
        }
        if let out {
            try ResultFile.write(output.render(verdict, style: .init(toolVersion: Tool.version)), to: out)
        } else {
            console.result(
                output.render(
                    verdict, style: .init(toolVersion: Tool.version, colour: console.coloursResult)))
        }
    }

    private func readSuppressions() throws -> [Suppression] {
        let file = suppressions ?? SuppressionFile.standardName
        if suppressions == nil, !FileManager.default.fileExists(atPath: file) { return [] }
        do { return try SuppressionFile.read(try Self.bytes(of: file), file: file) } catch let error
            as SuppressionFileError
        {
            throw CommandFailure(
                .usage, error.description, next: "The form of the file: docs/schema/suppressions.schema.json")
        }
    }

    private static func bytes(of file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure(.usage, "\(file): cannot be read")
        }
        return Array(data)
    }
}

/// One of `--report`.
struct ExtraReport: ExpressibleByArgument {
    var format: FindingsFormat
    var file: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let format = FindingsFormat(name: String(parts[0])) else { return nil }
        self.format = format
        file = String(parts[1])
    }
}

extension FindingsFormat: ExpressibleByArgument {
    /// Also takes `md`.
    public init?(argument: String) { self.init(name: argument) }
}

extension Finding.Severity: ExpressibleByArgument {}
extension Finding.Confidence: ExpressibleByArgument {}
