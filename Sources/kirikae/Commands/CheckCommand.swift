import ArgumentParser
import Findings
import FoundationEssentials
import Manifests

/// `kirikae check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find what breaks at the target version, in files, an inventory or a live cluster.",
        discussion: """
            PATH is a file, a folder (searched recursively), an inventory folder, or - for standard input. Without PATH \
            the cluster of --context is read.

            Exit codes: 0 nothing found, 1 findings at or above --fail-on, 2 usage, 3 not everything could be read – \
            whatever was found in the rest, for half an answer must not pass for a whole one. Findings that are \
            suppressed or in the baseline do not count.
            """)

    @Argument(help: ArgumentHelp("Files, folders, or - for standard input.", valueName: "path"))
    var paths: [String] = []

    @Flag(help: "Count unrendered templates as skipped rather than as not read.")
    var acceptTemplates = false

    @OptionGroup var input: CheckInputOptions
    @OptionGroup var against: CheckCatalogOptions
    @OptionGroup var ecosystem: CheckEcosystemOptions
    @OptionGroup var rules: CheckRuleOptions
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup(title: "Report") var report: CheckReportOptions

    func run() async throws {
        guard !paths.isEmpty || cluster.context != nil else {
            throw CommandFailure(
                .usage, "nothing to check",
                next: "Name files or folders: kirikae check manifests/ --to 1.36\n"
                    + "or a cluster:          kirikae check --context NAME --to 1.36")
        }
        let judge = try report.judge(acceptingTemplates: acceptTemplates)
        let console = Console()
        let against = try await against.resolve(cluster, console: console)
        try report.tell(try await examine(against, console), judge: judge, console: console)
    }

    private func examine(_ against: CheckCatalogOptions.Resolved, _ console: Console) async throws -> CheckResult {
        var run = CheckRun(
            catalog: against.catalog, target: against.target, from: against.from, served: against.served,
            checks: try rules.checks(target: against.target))
        run.context.certificates = against.certificates
        run.checks = try ecosystem.applied(to: run.checks, catalog: against.catalog)
        if paths.isEmpty {
            let access = try ClusterAccess.open(cluster.context, options: cluster)
            let evidence = await access.evidence()
            let inventory = try await access.inventory(
                target: against.target, catalog: against.catalog, secrets: .redacted(key: try DigestKey.own().bytes))
            run.context.from = against.from ?? inventory.cluster.version
            return run.run(inventory, evidence: evidence)
        }
        if paths.count == 1, FileManager.default.fileExists(atPath: "\(paths[0])/inventory.yaml") {
            let inventory = try InventoryFolder.read(paths[0])
            run.context.from = against.from ?? inventory.cluster.version
            return run.run(inventory)
        }
        return try await input.examine(paths, with: run, console: console)
    }
}
