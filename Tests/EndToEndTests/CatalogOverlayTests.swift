import FoundationEssentials
import Manifests
import Testing

/// `--catalog` on the commands that act on what the catalog says.
@Suite("Overlays of the catalog, as a program")
struct CatalogOverlayTests {
    private static let head = "apiVersion: kirikae.dev/v1\nkind: CatalogOverlay\nmetadata: {name: ours}\n"

    private func run(_ arguments: [String], in folder: Folder) async throws -> Program.Exit {
        try await Program(
            Tools.kirikae, arguments, environment: ["HOME": folder.path], folder: folder.path,
            label: "run-\(UUID().uuidString.prefix(6))"
        ).end()
    }

    @Test("convert goes by them")
    func convert() async throws {
        let folder = try Folder()
        let file = "\(folder.path)/tick.yaml"
        try Files.write(
            "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: tick}\nspec: {schedule: '@daily'}\n", to: file)
        let overlay = "\(folder.path)/ours.yaml"
        // A distribution that serves the old version on.
        try Files.write(
            Self.head
                + "apis:\n- {apiVersion: batch/v1beta1, kind: CronJob, deprecated: null, removed: null, source: us}\n",
            to: overlay)
        let plain = try await run(["convert", "--check", file, "--to", "1.36"], in: folder)
        #expect(plain.code == 1, "\(plain)")
        let overlaid = try await run(["convert", "--check", file, "--to", "1.36", "--catalog", overlay], in: folder)
        #expect(overlaid.code == 0, "\(overlaid)")
        try Files.write(Self.head + "apis: 7\n", to: overlay)
        let broken = try await run(["convert", "--check", file, "--to", "1.36", "--catalog", overlay], in: folder)
        #expect(broken.code == 2, "\(broken)")
        #expect(broken.error.contains("\(overlay):4:"), "\(broken)")
    }

    @Test("plan goes by them, and its plan is bound to them")
    func plan() async throws {
        let folder = try Folder()
        let overlay = "\(folder.path)/ours.yaml"
        let plan = ["plan", "-f", "\(Tools.project)/plans/shop/migration.yaml", "--out"]
        // Green takes no CronJobs at all.
        try Files.write(
            Self.head
                + ["v1", "v1beta1"].map {
                    "- {apiVersion: batch/\($0), kind: CronJob, removed: '1.30', replacement: null, source: us}\n"
                }.reduce("apis:\n", +), to: overlay)
        let refused = try await run(plan + ["\(folder.path)/refused", "--catalog", overlay], in: folder)
        #expect(refused.code == 2, "\(refused)")
        #expect(refused.error.contains("cannot be written to green"), "\(refused)")
        #expect(refused.error.contains("CronJob"), "\(refused)")

        // Nothing that the plan would go by, and still another catalog.
        try Files.write(
            Self.head
                + "behaviours:\n- {id: ours, since: '1.30', consequence: ignored, happens: a, do: b, source: us,\n"
                + "   find: [pod-metadata annotation ours.org/zone]}\n", to: overlay)
        var digests: [String] = []
        for options in [[], ["--catalog", overlay]] {
            let out = "\(folder.path)/plan\(options.count)"
            let exit = try await run(plan + [out] + options, in: folder)
            #expect(exit.code == 0, "\(exit)")
            let line = try Files.read("\(out)/plan.yaml").split(separator: "\n").first { $0.hasPrefix("  catalog: ") }
            digests.append(String(try #require(line).dropFirst(11)))
            let shown = try await run(["catalog", "show", "--at", "1.36", "-o", "json"] + options, in: folder)
            #expect(shown.output.contains(digests.last ?? "none"), "\(shown.output.prefix(300))")
        }
        #expect(digests[0] != digests[1])
    }
}
