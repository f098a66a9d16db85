import ArgumentParser
import Findings
import Manifests

/// What `kirikae check` reads of the paths it is given, and how thoroughly.
struct CheckInputOptions: ParsableArguments {
    @Flag(
        help: """
            Parse every document. Without it, documents that hold no word any check looks for are cleared by a scan \
            over their bytes: the findings are the same, but their syntax errors go unseen.
            """)
    var parseAll = false

    @Option(
        help: ArgumentHelp(
            "What not to read, as a line of a .gitignore; may be given several times. A file .kirikaeignore in a folder "
                + "does the same.", valueName: "pattern"))
    var exclude: [String] = []

    /// Examines files and directories, and standard input for `-`.
    func examine(_ paths: [String], with run: CheckRun) async -> CheckResult {
        var loader = ManifestLoader(excluding: exclude)
        loader.followsKustomizations = true
        return await run.run(loader, paths, parseAll ? .parsing : .scanning)
    }
}
