import FoundationEssentials
import KubeAPI
import Manifests
import Testing

/// `kirikae check` and `catalog` against servers that answer.
@Suite("kirikae check, against live clusters")
struct LiveCheckTests {
    static let cronJobs = APIResource(
        gvk: GroupVersionKind(group: "batch", version: "v1beta1", kind: "CronJob"), plural: "cronjobs", namespaced: true
    )

    static func run(_ arguments: [String], folder: Folder, label: String) async throws -> Program.Exit {
        try await Program(
            Tools.kirikae, arguments, environment: ["HOME": folder.path], folder: folder.path, label: label
        ).end()
    }

    static func codes(_ exit: Program.Exit) throws -> Set<String> {
        let result = try JSONValue(parsing: Array(exit.output.utf8))
        return Set((result["findings"]?.array ?? []).compactMap { $0["code"]?.string })
    }

    @Test("A deprecated API that somebody uses is told, the target may be counted from the server, and green decides")
    func live() async throws {
        let folder = try Folder()
        let blue = try await Cluster("blue", version: "1.24", seed: 5, folder: folder.path)
        let green = try await Cluster("green", version: "1.36", seed: 6, folder: folder.path)
        let manifest = """
            {"apiVersion": "batch/v1beta1", "kind": "CronJob", "metadata": {"name": "nightly", "namespace": "default"},
             "spec": {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never",
             "containers": [{"name": "c", "image": "registry.example.org/c:1"}]}}}}}}
            """
        let object = try #require(KubeObject(try JSONValue(parsing: Array(manifest.utf8))))
        _ = try await blue.client.create(object, as: Self.cronJobs)

        let check = ["check", "--kubeconfig", blue.kubeconfig, "--context", "blue", "-o", "json"]
        let exit = try await Self.run(check + ["--to", "1.36"], folder: folder, label: "check")
        #expect(exit.code == 1, "\(exit)")
        #expect(try Self.codes(exit).contains("deprecated-api-requested"), "\(exit)")
        let result = try JSONValue(parsing: Array(exit.output.utf8))
        #expect(result["notSeen"]?.array?.isEmpty == true, "\(exit)")

        // An inventory keeps what the server said, and whoever checks it is told.
        let taken = try await Self.run(
            [
                "inventory", "--kubeconfig", blue.kubeconfig, "--context", "blue", "--out",
                "\(folder.path)/inventory",
            ],
            folder: folder, label: "inventory")
        #expect(taken.code == 0, "\(taken)")
        let offline = try await Self.run(
            ["check", "\(folder.path)/inventory", "--to", "1.36", "-o", "json"], folder: folder, label: "offline")
        #expect(offline.code == 1, "\(offline)")
        #expect(try Self.codes(offline).contains("deprecated-api-requested"), "\(offline)")

        // At its own release nothing is gone; the message says where the target came from.
        let current = try await Self.run(check, folder: folder, label: "current")
        #expect(current.code == 0 && current.error.contains("checking against 1.24"), "\(current)")
        let next = try await Self.run(check + ["--to", "current+1"], folder: folder, label: "next")
        #expect(next.error.contains("checking against 1.25") && next.code == 1, "\(next)")

        // A file against a live green, whose discovery decides.
        try Files.write(
            "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\n", to: "\(folder.path)/job.yaml")
        let decided = try await Self.run(
            [
                "check", "\(folder.path)/job.yaml", "--kubeconfig", green.kubeconfig, "--green-context", "green", "-o",
                "json",
            ],
            folder: folder, label: "green")
        #expect(decided.code == 1, "\(decided)")
        #expect(try Self.codes(decided) == ["api-removed"])
        let mismatch = try await Self.run(
            [
                "check", "\(folder.path)/job.yaml", "--kubeconfig", green.kubeconfig, "--green-context", "green",
                "--to",
                "1.30",
            ], folder: folder, label: "mismatch")
        #expect(mismatch.code == 2 && mismatch.error.contains("runs 1.36"), "\(mismatch)")

        // The simulator serves what the catalog says, so importing it finds nothing new.
        let imported = try await Self.run(
            ["catalog", "import", "--kubeconfig", green.kubeconfig, "--context", "green", "-o", "json"], folder: folder,
            label: "import")
        #expect(imported.code == 0, "\(imported)")
        let changes = try JSONValue(parsing: Array(imported.output.utf8))["changes"]?.array ?? []
        #expect(changes.allSatisfy { $0["sort"]?.string != "new" && $0["sort"]?.string != "gone" }, "\(imported)")
    }

    @Test("An overlay is refused with file, line and column, and counts in checks and explanations")
    func overlay() async throws {
        let folder = try Folder()
        try Files.write(
            """
            apiVersion: kirikae.dev/v1
            kind: CatalogOverlay
            metadata: {name: ours}
            apis:
            - {apiVersion: example.org/v1beta1, kind: Widget, resource: widgets, scope: Cluster, removed: '1.30', source: we}
            """, to: "\(folder.path)/ours.yaml")
        try Files.write(
            "apiVersion: kirikae.dev/v1\nkind: CatalogOverlay\napis:\n- {kind: x, apiVersion: v1}\n",
            to: "\(folder.path)/bad.yaml")
        try Files.write(
            "apiVersion: example.org/v1beta1\nkind: Widget\nmetadata: {name: a}\n", to: "\(folder.path)/widget.yaml")
        let check = ["check", "\(folder.path)/widget.yaml", "--to", "1.36"]
        #expect(try await Self.run(check, folder: folder, label: "without").code == 0)
        let with = try await Self.run(check + ["--catalog", "\(folder.path)/ours.yaml"], folder: folder, label: "with")
        #expect(with.code == 1 && with.output.contains("no longer served since 1.30"), "\(with)")
        let bad = try await Self.run(check + ["--catalog", "\(folder.path)/bad.yaml"], folder: folder, label: "bad")
        #expect(bad.code == 2 && bad.error.contains("bad.yaml:4:3: source is missing"), "\(bad)")
        let explained = try await Self.run(
            ["catalog", "explain", "widgets", "--catalog", "\(folder.path)/ours.yaml"], folder: folder, label: "explain"
        )
        #expect(explained.code == 0 && explained.output.contains("from overlay ours: we"), "\(explained)")
        let unknown = try await Self.run(["catalog", "explain", "widgets"], folder: folder, label: "unknown")
        #expect(unknown.code == 1 && unknown.error.contains("catalog search"), "\(unknown)")
    }
}
