import FoundationEssentials
import Glibc
import KubeAPI
import Manifests
import Testing

/// `kirikae convert` over files and over the releases in a cluster.
@Suite("kirikae convert, as a program")
struct ConvertTests {
    static let old = """
        # the budget
        apiVersion: policy/v1beta1 # old
        kind: PodDisruptionBudget
        metadata: {name: web}
        spec:
          minAvailable: 1

        """
    static let new = old.replacing("policy/v1beta1", with: "policy/v1")

    private func run(_ arguments: [String], in folder: Folder) async throws -> Program.Exit {
        try await Program(
            Tools.kirikae, ["convert"] + arguments, environment: ["HOME": folder.path], folder: folder.path,
            label: "convert-\(UUID().uuidString.prefix(6))"
        ).end()
    }

    @Test("Shows a diff, tells CI, writes once, and has nothing to do after that")
    func files() async throws {
        let folder = try Folder()
        let file = "\(folder.path)/m/web.yaml"
        try Files.makeFolder("\(folder.path)/m")
        try Files.write(Self.old, to: file)
        chmod(file, 0o640)
        let link = "\(folder.path)/link.yaml"
        symlink(file, link)

        let shown = try await run([folder.path + "/m", "--to", "1.36"], in: folder)
        #expect(shown.code == 0, "\(shown)")
        #expect(shown.output.contains("-apiVersion: policy/v1beta1 # old\n+apiVersion: policy/v1 # old\n"))
        #expect(try Files.read(file) == Self.old)

        let checked = try await run(["--check", folder.path + "/m", "--to", "1.36"], in: folder)
        #expect(checked.code == 1, "\(checked)")
        #expect(try Files.read(file) == Self.old)

        let written = try await run(["--write", link, "--to", "1.36", "-o", "json"], in: folder)
        #expect(written.code == 0, "\(written)")
        #expect(try Files.read(file) == Self.new)
        let result = try JSONValue(parsing: Array(written.output.utf8))
        #expect(result["changed"]?[0]?["objects"]?[0]?["to"]?.string == "policy/v1")
        var status = stat()
        #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK, "the link stays a link")
        #expect(stat(file, &status) == 0 && status.st_mode & 0o7777 == 0o640, "the mode stays")
        #expect(Files.names(in: folder.path + "/m") == ["web.yaml"], "nothing is left beside the file")

        let again = try await run(["--check", folder.path + "/m", "--to", "1.36"], in: folder)
        #expect(again.code == 0, "\(again)")
    }

    @Test("What needs a person is listed with its place and gives its own code; the rest is converted")
    func left() async throws {
        let folder = try Folder()
        try Files.write(
            Self.old + "---\napiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\n",
            to: "\(folder.path)/a.yaml")
        try Files.write("apiVersion: [", to: "\(folder.path)/broken.yaml")
        try Files.write(
            "{{ if .x }}\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\n{{ end }}\n",
            to: "\(folder.path)/template.yaml")
        let exit = try await run(["--write", folder.path, "--to", "1.36"], in: folder)
        #expect(exit.code == 12, "\(exit)")
        #expect(exit.error.contains("a.yaml:8:13: left alone (no-successor"), "\(exit)")
        #expect(exit.error.contains("template.yaml:2:13: left alone (template)"), "\(exit)")
        #expect(exit.error.contains("broken.yaml:1:"), "\(exit)")
        #expect(try Files.read("\(folder.path)/a.yaml").hasPrefix(Self.new))
    }

    @Test("Patches of a kustomization follow what they patch, or are named; policies come with their level")
    func patches() async throws {
        let folder = try Folder()
        try Files.makeFolder("\(folder.path)/base")
        try Files.makeFolder("\(folder.path)/prod")
        try Files.write(
            "resources: [../base]\npatches:\n- path: ./more.yaml\n- path: backend.yaml\n",
            to: "\(folder.path)/prod/kustomization.yaml")
        let patch = "apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3}\n"
        try Files.write(patch, to: "\(folder.path)/prod/more.yaml")
        try Files.write(
            "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: web}\n"
                + "spec: {backend: {serviceName: a, servicePort: 80}}\n", to: "\(folder.path)/prod/backend.yaml")
        try Files.write(
            "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\nspec: {privileged: true}\n---\n"
                + "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: p, namespace: web}\nrules:\n"
                + "- {apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use]}\n---\n"
                + "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: p, namespace: web}\n"
                + "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: p}\n"
                + "subjects: [{kind: ServiceAccount, name: default, namespace: web}]\n",
            to: "\(folder.path)/base/policy.yaml")
        let exit = try await run(["--write", folder.path, "--to", "1.36"], in: folder)
        #expect(exit.code == 12, "\(exit)")
        #expect(try Files.read("\(folder.path)/prod/more.yaml") == patch.replacing("v1beta1", with: "v1"))
        #expect(exit.error.contains("prod/backend.yaml:4:17: left alone (patch)"), "\(exit)")
        #expect(exit.error.contains("namespace web: Pod Security level privileged"), "\(exit)")
        #expect(exit.error.contains("pod-security.kubernetes.io/enforce=privileged"), "\(exit)")
    }

    @Test("Releases that Helm stored are rewritten, kept, and put back")
    func helm() async throws {
        let folder = try Folder()
        let cluster = try await Cluster(
            "blue", version: "1.24", from: "\(Tools.project)/plans/shop/inventory", seed: 5, folder: folder.path)
        let before = try await release(cluster)
        let manifest = try #require(try HelmText.manifest(before))
        #expect(manifest.contains("networking.k8s.io/v1beta1"))
        let arguments = ["--kubeconfig", cluster.kubeconfig, "--context", cluster.name]

        let shown = try await run(["--helm-releases", "--to", "1.36"] + arguments, in: folder)
        #expect(shown.output.contains("+apiVersion: networking.k8s.io/v1\n"), "\(shown)")
        #expect(try await release(cluster) == before, "a dry run writes nothing")

        let unasked = try await run(["--helm-releases", "--to", "1.36", "--write"] + arguments, in: folder)
        #expect(unasked.code == 2, "\(unasked)")
        #expect(try await release(cluster) == before, "nobody was there to say yes")

        let backup = "\(folder.path)/releases.json"
        let written = try await run(
            ["--helm-releases", "--to", "1.36", "--write", "--yes", "--backup", backup] + arguments, in: folder)
        #expect(written.code == 0, "\(written)")
        let after = try await release(cluster)
        let rewritten = try #require(try HelmText.manifest(after))
        #expect(rewritten.contains("apiVersion: networking.k8s.io/v1\n"))
        #expect(!rewritten.contains("v1beta1"))
        #expect(after.labels == before.labels)
        var status = stat()
        #expect(stat(backup, &status) == 0 && status.st_mode & 0o077 == 0, "only the owner reads what was there")

        let check = try await run(["--helm-releases", "--to", "1.36", "--check"] + arguments, in: folder)
        #expect(check.code == 0, "\(check)")

        let undone = try await run(["--undo", backup, "--yes"] + arguments, in: folder)
        #expect(undone.code == 0, "\(undone)")
        #expect(try await release(cluster)["data"] == before["data"])

        // A release that Helm wrote meanwhile is not ours to put back.
        var foreign = try await release(cluster)
        foreign["data.release"] = "c29tZXRoaW5nIGVsc2U="
        _ = try await cluster.client.replace(foreign, as: try await secrets(cluster))
        let refused = try await run(["--undo", backup, "--yes"] + arguments, in: folder)
        #expect(refused.code == 12, "\(refused)")
        #expect(try await release(cluster)["data"] == foreign["data"])
    }

    private func secrets(_ cluster: Cluster) async throws -> APIResource {
        let discovery = try await cluster.client.discover()
        return try #require(discovery.resource(for: GroupVersionKind(group: "", version: "v1", kind: "Secret")))
    }

    private func release(_ cluster: Cluster) async throws -> KubeObject {
        let list = try await cluster.client.listAll(
            try await secrets(cluster), options: ListOptions(labelSelector: "owner=helm"))
        return try #require(list.items.first)
    }
}

/// Helm's wrapping, taken off by a second hand.
enum HelmText {
    static func manifest(_ object: KubeObject) throws -> String? {
        guard let outer = Data(base64Encoded: object["data.release"]?.string ?? ""),
            let inner = Data(base64Encoded: outer)
        else { return nil }
        return try JSONValue(parsing: try Gzip.inflate(Array(inner), limit: 1 << 20))["manifest"]?.string
    }
}
