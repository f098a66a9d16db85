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

    @OptionGroup var rendering: CheckRenderingOptions

    /// Examines files and directories, and standard input for `-`.
    func examine(_ paths: [String], with run: CheckRun, console: Console) async throws -> CheckResult {
        var loader = ManifestLoader(excluding: exclude)
        loader.followsKustomizations = true
        let thoroughness: CheckRun.Thoroughness = parseAll ? .parsing : .scanning
        let outcome = try await rendering.render(paths, loader, target: run.context.target, console: console)
        guard !outcome.rendered.isEmpty || !outcome.failures.isEmpty else {
            return await run.run(loader, paths, thoroughness)
        }
        var result = await run.run(loader, paths, rendered: outcome.rendered, thoroughness)
        result.add(outcome.failures)
        return result
    }
}
