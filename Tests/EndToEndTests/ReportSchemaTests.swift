import FoundationEssentials
import KubeAPI
import Manifests
import Testing

/// The environment that `scripts/validate-reports --setup` makes.
private enum Validator {
    static let program = "\(Tools.project)/scripts/validate-reports"

    static var present: Bool {
        FileManager.default.fileExists(atPath: "\(Tools.project)/.build/report-schemas/complete")
    }
}

/// What runs really write, judged by a validator that is not ours.
@Suite("Reports against their published schemas")
struct ReportSchemaTests {
    private func kirikae(_ arguments: [String], in folder: Folder) async throws -> Program.Exit {
        try await Program(
            Tools.kirikae, arguments, environment: ["HOME": folder.path], folder: folder.path,
            label: "run-\(UUID().uuidString.prefix(6))"
        ).end(within: 120)
    }

    private func validate(_ files: [String], in folder: Folder) async throws -> Program.Exit {
        try await Program(
            Validator.program, files, environment: ProcessInfo.processInfo.environment, folder: folder.path,
            label: "validate"
        ).end(within: 120)
    }

    @Test(
        "SARIF fits OASIS' schema, JSON and baselines fit ours: files, a live cluster, and what cannot be read",
        .enabled(if: Validator.present, "no validator here: scripts/setup --tests"))
    func schemas() async throws {
        let folder = try Folder()
        let cluster = try await Cluster("blue", version: "1.24", seed: 5, folder: folder.path)
        let manifest = """
            {"apiVersion": "batch/v1beta1", "kind": "CronJob", "metadata": {"name": "nightly", "namespace": "default"},
             "spec": {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never",
             "containers": [{"name": "c", "image": "registry.example.org/c:1"}]}}}}}}
            """
        let object = try #require(KubeObject(try JSONValue(parsing: Array(manifest.utf8))))
        _ = try await cluster.client.create(object, as: LiveCheckTests.cronJobs)

        let fixtures = "\(Tools.project)/fixtures"
        // Names that need escaping, a template, a broken document, a suppression that holds and one that has ended.
        let awkward = "\(folder.path)/an awkward % näme"
        try Files.makeFolder(awkward)
        try Files.write(
            "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: \"a\\tb\"\n  annotations:\n"
                + "    kirikae.dev/suppress: |\n      api-removed until=2026-01-31 reason=ended\n"
                + "      behaviour-change until=2099-01-31 reason=holds\n---\n{ broken\n", to: "\(awkward)/a b.yaml")
        try Files.write("apiVersion: extensions/v1beta1\nkind: {{ .K }}\n", to: "\(awkward)/t.yaml")
        let runs: [(name: String, arguments: [String])] = [
            ("shop", ["\(Tools.project)/plans/shop/inventory", "--from", "1.24", "--to", "1.36"]),
            ("fixtures", [fixtures, "--from", "1.16", "--to", "1.36", "--strict"]),
            ("awkward", [awkward, "--to", "1.36"]),
            ("clean", ["\(fixtures)/conversion/lease/new.yaml", "--to", "1.36"]),
            ("live", ["--kubeconfig", cluster.kubeconfig, "--context", "blue", "--to", "1.36"]),
        ]
        // Public manifests beside the project; a user's clone does not have them.
        let corpus = FileManager.default.fileExists(atPath: CheckTests.corpus)
        var files: [String] = []
        for (name, arguments) in runs + (corpus ? [("corpus", [CheckTests.corpus, "--to", "1.25"])] : []) {
            let place = "\(folder.path)/\(name)"
            let exit = try await kirikae(
                ["check"] + arguments + [
                    "--report", "json=\(place).json", "--report", "sarif=\(place).sarif", "--out", "\(place).txt",
                ], in: folder)
            #expect([0, 1, 3].contains(exit.code), "\(name): \(exit)")
            files += ["\(place).json", "\(place).sarif"]
        }
        let baseline = "\(folder.path)/baseline.json"
        for options in [["--write-baseline", baseline], ["--baseline", baseline]] {
            _ = try await kirikae(
                [
                    "check", awkward, "--to", "1.36", "--report", "sarif=\(folder.path)/known.sarif", "--report",
                    "json=\(folder.path)/known.json",
                ] + options, in: folder)
        }
        files += [baseline, "\(folder.path)/known.sarif", "\(folder.path)/known.json"]
        let judged = try await validate(files, in: folder)
        #expect(judged.code == 0, "\(judged)")
        // Each was looked at, and those that should hold findings do.
        #expect(judged.output.split(separator: "\n").count == files.count, "\(judged)")
        #expect(judged.output.contains("clean.sarif: fits sarif.json, 0 findings"), "\(judged)")
        for name in ["shop", "fixtures", "awkward", "live", "known"] {
            #expect(!judged.output.contains("\(name).sarif: fits sarif.json, 0 findings"), "\(judged)")
        }
    }

    @Test(
        "The validator refuses what does not fit",
        .enabled(if: Validator.present, "no validator here: scripts/setup --tests"),
        arguments: [
            ("sarif", "\"level\": \"error\"", "\"level\": \"fatal\""), ("sarif", "\"startLine\": ", "\"startLine\": -"),
            ("sarif", "\"ruleId\"", "\"rule\""), ("json", "\"severity\": \"breaks\"", "\"severity\": \"bad\""),
            ("json", "\"place\"", "\"where\""),
        ])
    func refuses(_ form: String, _ right: String, _ wrong: String) async throws {
        let folder = try Folder()
        let file = "\(folder.path)/old.yaml"
        try Files.write("apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n", to: file)
        let exit = try await kirikae(["check", file, "--to", "1.36", "-o", form], in: folder)
        let text = exit.output.replacing(right, with: wrong)
        #expect(text != exit.output)
        try Files.write(text, to: "\(folder.path)/wrong.json")
        #expect(try await validate(["\(folder.path)/wrong.json"], in: folder).code == 1)
    }
}
