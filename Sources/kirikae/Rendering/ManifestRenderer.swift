import Findings
import Manifests
import Programs

/// Has charts and kustomizations made into manifests by the programs that people deploy them with.
///
/// No shell is between; what the programs write goes to the checks and nowhere else.
struct ManifestRenderer {
    /// The release that templates are told they run on.
    var target: KubernetesVersion
    /// Files of values for charts, as `helm template --values` takes them.
    var values: [String] = []
    var programs: any ProgramRunner = SubprocessRunner(outputLimit: 256 << 20)
    /// What a program may take for one folder.
    var limit = Duration.seconds(120)

    /// What came of it.
    struct Outcome {
        var rendered: [RenderedManifests] = []
        /// What could not be rendered, with the words of the program.
        var failures: [ManifestError] = []
    }

    /// Renders everything, a few at a time; the order is that of the folders.
    func render(_ origins: [RenderedManifests.Origin]) async -> Outcome {
        var results: [Int: Result<RenderedManifests, ManifestError>] = [:]
        await withTaskGroup(of: (Int, Result<RenderedManifests, ManifestError>).self) { group in
            for (index, origin) in origins.enumerated() {
                if index >= Self.atOnce, let (done, result) = await group.next() { results[done] = result }
                group.addTask { (index, await render(origin)) }
            }
            for await (done, result) in group { results[done] = result }
        }
        var outcome = Outcome()
        var unrendered: Set<String> = []
        for (index, origin) in origins.enumerated() {
            switch results[index] {
            case .success(let text): outcome.rendered.append(text)
            case .failure(let error):
                outcome.failures.append(error)
                unrendered.formUnion(origin.replaced)
            case nil: continue
            }
        }
        // What others have rendered of a shared base does not stand for the one that failed.
        for index in outcome.rendered.indices {
            outcome.rendered[index].replaced.removeAll { unrendered.contains($0) }
        }
        return outcome
    }

    private static let atOnce = 4

    private func render(_ origin: RenderedManifests.Origin) async -> Result<RenderedManifests, ManifestError> {
        let program: String
        let words: [String]
        let folder: String
        let file: String
        switch origin {
        case .chart(let chart):
            program = "helm template"
            folder = chart.path
            file = "\(folder)/Chart.yaml"
            words =
                ["helm", "template"] + (chart.releaseName.map { [$0] } ?? []) + [Self.argument(folder)]
                + ["--kube-version", "\(target).0", "--include-crds"] + values.flatMap { ["--values", $0] }
        case .kustomization(let kustomization):
            program = "kubectl kustomize"
            folder = kustomization.path
            file = folder
            words = ["kubectl", "kustomize", Self.argument(folder)]
        }
        func failed(_ why: String) -> Result<RenderedManifests, ManifestError> {
            .failure(
                ManifestError(
                    .unreadable, "\(program) \(folder) failed: \(why)", at: SourceLocation(wholeFile: file)))
        }
        let answer: ProgramAnswer
        do {
            // Somebody's Git asking for a password would wait for nobody.
            answer = try await programs.run(
                ProgramCall(words, environment: .ours(adding: ["GIT_TERMINAL_PROMPT": "0"])), limit: limit)
        } catch {
            return failed(error.message)
        }
        guard answer.code == 0 else {
            let said = answer.error.isEmpty ? "exit code \(answer.code)" : Self.shortened(answer.error)
            return failed(said)
        }
        return .success(RenderedManifests(origin, program: program, text: answer.output))
    }

    /// A path that no program takes for an option.
    private static func argument(_ path: String) -> String { path.hasPrefix("-") ? "./\(path)" : path }

    /// What a program says, on one line; its last words tell most.
    private static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 2000 ? "… " + line.suffix(2000) : line
    }
}
