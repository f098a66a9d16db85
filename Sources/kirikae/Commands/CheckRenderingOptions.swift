import ArgumentParser
import Findings
import FoundationEssentials
import Manifests

/// Whether `check` has charts and kustomizations rendered.
struct CheckRenderingOptions: ParsableArguments {
    @Flag(
        help: """
            Render the Helm charts found, with helm template at the target's version and the charts' own values, and \
            read that in place of their templates.
            """)
    var helm = false

    @Option(
        help: ArgumentHelp(
            "With --helm: a file of values for the charts; may be given several times.", valueName: "file"))
    var values: [String] = []

    @Flag(
        help: """
            Render the kustomizations found that no other one builds on, with kubectl kustomize, and read that in \
            place of their resources.
            """)
    var kustomize = false

    func validate() throws {
        if !values.isEmpty, !helm { throw ValidationError("--values goes with --helm.") }
    }

    /// Renders what there is below the paths.
    func render(
        _ paths: [String], _ loader: ManifestLoader, target: KubernetesVersion, console: Console
    ) async throws -> ManifestRenderer.Outcome {
        guard helm || kustomize else { return ManifestRenderer.Outcome() }
        if helm { try Self.need("helm", for: "--helm", orPipe: "helm template CHART | kirikae check - --to \(target)") }
        if kustomize {
            try Self.need(
                "kubectl", for: "--kustomize", orPipe: "kustomize build DIRECTORY | kirikae check - --to \(target)")
        }
        for file in values where !FileManager.default.isReadableFile(atPath: file) {
            throw CommandFailure(.usage, "--values \(file): cannot be read")
        }
        let folders = RenderableFolders(in: loader.walk(paths))
        if helm, folders.charts.isEmpty { console.message("--helm: no Chart.yaml of an application chart here") }
        if kustomize, folders.kustomizations.isEmpty { console.message("--kustomize: no kustomization here") }
        let origins =
            (helm ? folders.charts.map(RenderedManifests.Origin.chart) : [])
            + (kustomize ? folders.kustomizations.map(RenderedManifests.Origin.kustomization) : [])
        return await ManifestRenderer(target: target, values: values).render(origins)
    }

    private static func need(_ program: String, for option: String, orPipe pipe: String) throws {
        guard !ProgramSearch.has(program) else { return }
        throw CommandFailure(
            .usage, "\(option) needs \(program), and PATH leads to none",
            next: "Install \(program), or pipe what another program renders: \(pipe)")
    }
}
