public import ArgumentParser
import Catalog
public import Findings
import FoundationEssentials
import Manifests
import Reporting

/// `kirikae check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find what breaks at the target version, in files, an inventory or a live cluster.",
        discussion: """
            PATH is a file, a folder (searched recursively), an inventory folder, or - for standard input. Without PATH \
            the cluster of --context is read.

            Exit codes: 0 nothing found, 1 findings, 2 usage, 3 not everything could be read.
            """)

    @Argument(help: ArgumentHelp("Files, folders, or - for standard input.", valueName: "path"))
    var paths: [String] = []

    @Option(help: ArgumentHelp("The Kubernetes minor version to check against, such as 1.36.", valueName: "version"))
    var to: KubernetesVersionArgument

    @Option(help: "The lowest severity that makes the exit code 1: info, warns or breaks.")
    var failOn: Finding.Severity = .warns

    @Flag(help: "Count unrendered templates as skipped rather than as not read.")
    var acceptTemplates = false

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let catalog = Catalog.builtIn
        guard to.version <= catalog.newest else {
            throw CommandFailure(
                .usage, "--to \(to.version): the catalog ends at \(catalog.newest)",
                next: "A newer kirikae may know it; what is missing must not look like \"no findings\".")
        }
        let run = CheckRun(catalog: catalog, target: to.version)
        let result = try await examine(with: run)
        let console = Console()
        switch format.output {
        case .text: console.result(FindingsText.render(result))
        case .json: console.result(FindingsJSON.render(result))
        }
        let status = result.exitStatus(failingOn: failOn, acceptingTemplates: acceptTemplates)
        if status != 0 { throw ExitCode(status) }
    }

    private func examine(with run: CheckRun) async throws -> CheckResult {
        if paths.isEmpty {
            guard cluster.context != nil else {
                throw CommandFailure(
                    .usage, "nothing to check",
                    next: "Name files or folders: kirikae check manifests/ --to \(to.version)\n"
                        + "or a cluster:          kirikae check --context NAME --to \(to.version)")
            }
            let access = try ClusterAccess.open(cluster.context, options: cluster)
            return run.run(
                try await access.inventory(target: to.version, secrets: .redacted(key: try DigestKey.own().bytes)))
        }
        if paths.count == 1, FileManager.default.fileExists(atPath: "\(paths[0])/inventory.yaml") {
            return run.run(try InventoryFolder.read(paths[0]))
        }
        return run.run(ManifestLoader().load(paths) { try StandardInput.read() })
    }
}

extension Finding.Severity: ExpressibleByArgument {}
