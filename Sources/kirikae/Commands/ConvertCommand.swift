import ArgumentParser
import Catalog
import Conversion
import FoundationEssentials
import Manifests

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `kirikae convert`.
struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Rewrite manifests for the target version, comments and layout kept.",
        discussion: """
            PATH is a file, a folder (searched recursively), or - for standard input, whose converted text goes to \
            standard output. By default the changes are shown as a diff and nothing is written.

            Besides versions it mends what the target no longer heeds in objects: annotations and labels that became \
            fields, in-tree volumes that became CSI drivers, references, rules of roles and webhooks.

            Only the lines that must change do. Where the old version meant something else by a field's absence, \
            the old meaning is written out. What was edited is read again and must mean exactly what was wanted; \
            otherwise, and where a file cannot be edited safely (templates, aliases, merge keys), it is left alone and \
            named.

            Exit codes: 0 done, 1 --check found something to convert, 2 usage, 3 not everything could be read, \
            12 something is left that needs a person. Of several the highest counts.
            """)

    @Argument(help: ArgumentHelp("Files, folders, or - for standard input.", valueName: "path"))
    var paths: [String] = []

    @Option(help: ArgumentHelp("The Kubernetes minor version to convert for, such as 1.36.", valueName: "version"))
    var to: KubernetesVersionArgument?

    @Flag(help: "Leave alone what the target still serves or heeds, though deprecated.")
    var onlyRemoved = false

    @Flag(
        exclusivity: .exclusive,
        help: "Show what would change (the default), change the files, or only tell by the exit code.")
    var mode: Mode = .diff

    @OptionGroup var overlays: CatalogOverlayOptions
    @OptionGroup(title: "Helm releases") var helm: HelmConversionOptions
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var format: OutputOptions

    /// What becomes of the changes.
    enum Mode: String, EnumerableFlag {
        case diff, write, check
    }

    func run() async throws {
        if let file = helm.undo {
            return try await HelmConversionRun(options: helm, cluster: cluster).undo(file)
        }
        guard let version = to?.version else {
            throw CommandFailure(
                .usage, "for which version?", next: "kirikae convert \(paths.first ?? "manifests/") --to 1.36")
        }
        let catalog = try overlays.combined()
        guard version <= catalog.newest else {
            throw CommandFailure(.usage, "--to \(version): the catalog ends at \(catalog.newest)")
        }
        // What Helm compares with has to go on saying what was applied.
        let conversion = ManifestConversion(
            catalog: catalog, target: version, onlyRemoved: onlyRemoved, onlyVersions: helm.helmReleases)
        if helm.helmReleases {
            guard paths.isEmpty else {
                throw CommandFailure(.usage, "--helm-releases reads a cluster; leave out the paths")
            }
            return try await HelmConversionRun(options: helm, cluster: cluster)
                .convert(with: conversion, mode: mode, colour: Self.colour)
        }
        guard !paths.isEmpty else {
            throw CommandFailure(
                .usage, "nothing to convert", next: "Name files or folders: kirikae convert manifests/ --to \(version)")
        }
        var conversions = FileConversions(conversion)
        try await conversions.read(paths)
        if mode == .write {
            for changed in conversions.changed where changed.file != "-" {
                try FileReplacing.replace(changed.file, with: changed.conversion.bytes)
            }
        }
        tell(conversions, version)
        let status = exitStatus(conversions)
        if status != .fine { throw status.exitCode }
    }

    private func tell(_ conversions: FileConversions, _ version: KubernetesVersion) {
        let console = Console()
        for line in ConversionText.remarks(conversions) { console.message(line) }
        if format.output == .json {
            return console.result(
                ConversionText.json(conversions, target: version, written: mode == .write).indentedText)
        }
        // Standard input becomes standard output, changed or not, as a filter does.
        if paths.contains("-"), mode != .check {
            if let text = conversions.standardInput { console.bytes(text) }
        }
        for changed in conversions.changed where changed.file != "-" {
            switch mode {
            case .diff: console.result(ConversionText.diff(changed, colour: Self.colour))
            case .write: console.result(changed.file)
            case .check: console.result("\(changed.file): would change")
            }
        }
        console.message(ConversionText.summary(conversions, target: version, written: mode == .write))
    }

    private func exitStatus(_ conversions: FileConversions) -> ExitStatus {
        if !conversions.left.isEmpty { return .leftToPerson }
        if !conversions.errors.isEmpty { return .notEverythingRead }
        return mode == .check && !conversions.changed.isEmpty ? .notAsWanted : .fine
    }

    /// Whether diffs are painted: a terminal on standard output, and `NO_COLOR` not set.
    private static var colour: Bool {
        isatty(STDOUT_FILENO) == 1 && !(getenv("NO_COLOR").map { $0.pointee != 0 } ?? false)
    }
}
