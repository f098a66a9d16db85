import FoundationEssentials
import Glibc
import Manifests
import Testing

/// `kirikae check --helm` and `--kustomize`.
@Suite("Rendered charts and kustomizations, as a program")
struct RenderingTests {
    @Test(
        "Kustomizations are rendered by the real kubectl, and findings stand where the resource is written",
        .enabled(if: !Tools.kubectls.isEmpty, "no kubectl here"))
    func kustomize() async throws {
        for kubectl in Tools.kubectls {
            let place = try Place()
            try place.write(
                "base/kustomization.yaml",
                "resources: [pdb.yaml, cronjob.yaml]\nconfigMapGenerator:\n- {name: c, literals: [a=b]}\n")
            try place.write(
                "base/pdb.yaml",
                "# kept\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\nspec:\n"
                    + "  minAvailable: 1\n  selector: {matchLabels: {app: web}}\n")
            // The overlay mends this one, so that it is no finding of the overlay.
            try place.write(
                "base/cronjob.yaml",
                "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: tick}\nspec: {schedule: '* * * * *'}\n")
            try place.write(
                "overlays/prod/kustomization.yaml",
                "namePrefix: prod-\nbases: [../../base]\npatchesJson6902:\n"
                    + "- target: {group: batch, version: v1beta1, kind: CronJob, name: tick}\n  path: version.yaml\n")
            try place.write("overlays/prod/version.yaml", "- {op: replace, path: /apiVersion, value: batch/v1}\n")
            try place.write("overlays/dev/kustomization.yaml", "nameSuffix: -dev\nbases: [../../base]\n")
            try FileManager.default.createSymbolicLink(
                atPath: "\(place.path)/bin/kubectl", withDestinationPath: kubectl)

            let exit = try await place.check([place.path, "--kustomize", "--to", "1.36", "-o", "json"])
            #expect(exit.code == 1, "\(exit)")
            let result = try JSONValue(parsing: Array(exit.output.utf8))
            let findings = try #require(result["findings"]?.array)
            let removed = findings.filter { $0["code"] == "api-removed" }
            // Both overlays hold the base's budget; it is written once. Only `dev` holds the unpatched CronJob.
            #expect(
                removed.compactMap { $0["object"]?["name"]?.string }.sorted() == ["tick-dev", "web-dev"], "\(exit)")
            let budget = try #require(removed.first { $0["object"]?["name"] == "web-dev" })
            #expect(budget["location"]?["file"]?.string == "\(place.path)/base/pdb.yaml")
            #expect(budget["location"]?["line"] == 2)
            #expect(budget["location"]?["column"] == 13)
            #expect(budget["rendered"]?["by"] == "kubectl kustomize")
            #expect(budget["rendered"]?["folder"]?.string == "\(place.path)/overlays/dev")
            #expect(budget["convertible"] == true)
            // The resources were read through the overlays, not beside them.
            let skipped = (result["skipped"]?.array ?? []).filter { $0["reason"] == "rendered" }
            #expect(
                skipped.compactMap { $0["path"]?.string }.sorted()
                    == ["\(place.path)/base/cronjob.yaml", "\(place.path)/base/pdb.yaml"])
            #expect(result["accounting"]?["renderings"] == 2)

            let text = try await place.check([place.path, "--kustomize", "--to", "1.36"])
            #expect(text.output.contains("of what kubectl kustomize makes of \(place.path)/overlays/dev)"), "\(text)")
            #expect(text.output.contains("2 of the files are what was rendered."), "\(text)")
        }
    }

    @Test(
        "A kustomization that cannot be rendered is told in kubectl's words, and its resources are read as they are",
        .enabled(if: !Tools.kubectls.isEmpty, "no kubectl here"))
    func brokenKustomization() async throws {
        let place = try Place()
        try place.write(
            "app/pdb.yaml", "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n")
        // Another one is built on the same file, and can be rendered; that one's output does not stand for both.
        try place.write("good/kustomization.yaml", "bases: [../app/base]\n")
        try place.write("app/base/kustomization.yaml", "resources: [shared.yaml]\n")
        try place.write("app/kustomization.yaml", "bases: [base]\nresources: [pdb.yaml, missing.yaml]\n")
        try place.write(
            "app/base/shared.yaml", "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: shared}\n")
        try FileManager.default.createSymbolicLink(
            atPath: "\(place.path)/bin/kubectl", withDestinationPath: Tools.kubectls[0])
        let exit = try await place.check([place.path, "--kustomize", "--to", "1.36"])
        #expect(exit.code == 3, "\(exit)")
        #expect(exit.output.contains("\(place.path)/app: kubectl kustomize \(place.path)/app failed: "), "\(exit)")
        #expect(exit.output.contains("missing.yaml"), "\(exit)")
        #expect(exit.output.contains("\(place.path)/app/pdb.yaml:1:13: breaks at 1.25, refused"), "\(exit)")
        #expect(exit.output.contains("\(place.path)/app/base/shared.yaml:1:13: breaks at 1.25, refused"), "\(exit)")
    }

    /// Helm is in no package of Debian, so that a script stands for it: it insists on the arguments that Helm 3 takes
    /// and writes what Helm 3 writes for this chart, comments and all.
    private static let helm = """
        #!/bin/sh
        [ "$1 $2 $4 $5 $6" = "template web --kube-version 1.36.0 --include-crds" ] || {
            echo "Error: unknown arguments $*" >&2; exit 1; }
        [ -f "$3/Chart.yaml" ] || { echo "Error: Chart.yaml file is missing" >&2; exit 1; }
        cat <<'END'
        ---
        # Source: web/charts/cache/templates/pdb.yaml
        apiVersion: policy/v1beta1
        kind: PodDisruptionBudget
        metadata:
          name: web-cache
        ---
        # Source: web/templates/ingress.yaml
        apiVersion: networking.k8s.io/v1beta1
        kind: Ingress
        metadata:
          name: web
        ---
        # Source: web/templates/notes.yaml
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: web-notes
        data:
          text: |
            ---
            # Source: web/templates/elsewhere.yaml
            apiVersion: policy/v1beta1
        ---
        # Source: web/templates/generated.yaml
        apiVersion: batch/v1beta1
        kind: CronJob
        metadata:
          name: web-tick
        END
        """

    private func chart() throws -> Place {
        let place = try Place()
        try place.write("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
        try place.write("charts/web/charts/cache/Chart.yaml", "apiVersion: v2\nname: cache\nversion: 1.0.0\n")
        try place.write(
            "charts/web/charts/cache/templates/pdb.yaml",
            "{{- if .Values.pdb }}\n  apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\n{{- end }}\n")
        try place.write(
            "charts/web/templates/ingress.yaml",
            "{{- if semverCompare \">=1.19-0\" .Capabilities.KubeVersion.Version }}\n"
                + "apiVersion: networking.k8s.io/v1\n{{- else }}\napiVersion: networking.k8s.io/v1beta1\n{{- end }}\n"
                + "kind: Ingress\nmetadata:\n  name: {{ .Release.Name }}\n")
        try place.write(
            "charts/web/templates/generated.yaml", "apiVersion: {{ .Values.api }}\nkind: CronJob\nmetadata: {}\n")
        try place.write("charts/web/templates/unused.yaml", "apiVersion: extensions/v1beta1\nkind: {{ .Values.k }}\n")
        try place.write("charts/common/Chart.yaml", "apiVersion: v2\nname: common\ntype: library\nversion: 1.0.0\n")
        return place
    }

    @Test("What helm template makes of a chart is read in place of its templates, and findings name the template")
    func helm() async throws {
        let place = try chart()
        try await place.program("helm", Self.helm)
        let exit = try await place.check([place.path, "--helm", "--to", "1.36", "-o", "json"])
        #expect(exit.code == 1, "\(exit)")
        let result = try JSONValue(parsing: Array(exit.output.utf8))
        let findings = try #require(result["findings"]?.array)
        let found = findings.map { finding in
            let location = finding["location"]
            let file = (location?["file"]?.string ?? "").replacing("\(place.path)/charts/web/", with: "")
            return "\(finding["object"]?["name"]?.string ?? "") \(finding["code"]?.string ?? "") "
                + "\(file):\(location?["line"]?.integer ?? -1):\(location?["column"]?.integer ?? -1)"
        }
        #expect(
            found == [
                // The line of the template that reads the same, moved as it is indented there.
                "web-cache api-removed charts/cache/templates/pdb.yaml:2:15",
                "web api-removed templates/ingress.yaml:4:13",
                // A value made it: no line of the template says so.
                "web-tick api-removed templates/generated.yaml:0:0",
            ], "\(exit)")
        #expect(findings.allSatisfy { $0["convertible"] == false && $0["rendered"]?["by"] == "helm template" })
        #expect(
            findings.compactMap { $0["rendered"]?["source"]?.string } == [
                "web/charts/cache/templates/pdb.yaml", "web/templates/ingress.yaml", "web/templates/generated.yaml",
            ])
        #expect(findings.compactMap { $0["rendered"]?["line"]?.integer } == [3, 9, 26])
        #expect(result["complete"] == true)

        // Every form says it, and the one that is kept is read back whole.
        try Files.write(exit.output, to: "\(place.path)/check.json")
        for form in ["text", "markdown", "html", "sarif", "github", "junit"] {
            let again = try await place.kirikae(["report", "\(place.path)/check.json", "-o", form])
            #expect(again.output.contains("(line 9 of what helm template makes of "), "\(form): \(again)")
            #expect(!again.output.contains(":0:0"), "\(form)")
            #expect(!again.output.contains("line=0"), "\(form)")
        }
    }

    @Test("A chart that helm cannot render is told in helm's words, and its templates are read as they are")
    func brokenChart() async throws {
        let place = try chart()
        try await place.program(
            "helm", "#!/bin/sh\necho 'Error: found in Chart.yaml, but missing in charts/ directory: db' >&2\nexit 1\n")
        let exit = try await place.check([place.path, "--helm", "--to", "1.36"])
        #expect(exit.code == 3, "\(exit)")
        #expect(
            exit.output.contains(
                "charts/web/Chart.yaml: helm template \(place.path)/charts/web failed: Error: found in Chart.yaml, "
                    + "but missing in charts/ directory: db"), "\(exit)")
        #expect(exit.output.contains("templates/unused.yaml"), "\(exit)")
    }

    @Test("Without the program, the error says what to install and what to pipe", arguments: ["helm", "kubectl"])
    func missing(_ program: String) async throws {
        let place = try chart()
        let option = program == "helm" ? "--helm" : "--kustomize"
        let exit = try await place.check([place.path, option, "--to", "1.36"])
        #expect(exit.code == 2, "\(exit)")
        #expect(exit.output.isEmpty)
        #expect(exit.error.contains("\(option) needs \(program), and PATH leads to none"), "\(exit)")
        #expect(exit.error.contains("Install \(program), or pipe"), "\(exit)")
    }

    @Test("Values are handed to helm, and refused where nobody takes them or nobody can read them")
    func values() async throws {
        let place = try chart()
        try place.write("prod.yaml", "api: batch/v1\n")
        try await place.program("helm", "#!/bin/sh\necho \"$@\" >\"$HOME/words\"\n")
        let values = "\(place.path)/prod.yaml"
        let exit = try await place.check(["\(place.path)/charts", "--helm", "--values", values, "--to", "1.30"])
        #expect(exit.code == 0, "\(exit)")
        #expect(
            try Files.read("\(place.path)/words")
                == "template web \(place.path)/charts/web --kube-version 1.30.0 --include-crds --values \(values)\n")
        #expect(try await place.check([place.path, "--values", values, "--to", "1.30"]).code == 2)
        #expect(try await place.check([place.path, "--helm", "--values", "no.yaml", "--to", "1.30"]).code == 2)
    }
}

/// A folder with files, and programs that are all of `PATH`.
private struct Place {
    let folder: Folder
    var path: String { folder.path }

    init() throws {
        folder = try Folder()
        try Files.makeFolder("\(folder.path)/bin")
    }

    func write(_ name: String, _ text: String) throws {
        let file = "\(path)/\(name)"
        try Files.makeFolder(file.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })
        try Files.write(text, to: file)
    }

    func program(_ name: String, _ text: String) async throws {
        try write("programs/\(name)", text)
        let file = "\(path)/bin/\(name)"
        // By another process: a file that this one has open for writing cannot be started, nor while a child that is
        // being started inherits it.
        let copy = try Program(
            "/bin/cp", ["\(path)/programs/\(name)", file], environment: [:], folder: path, label: "cp")
        #expect(try await copy.end().code == 0)
        chmod(file, 0o755)
    }

    func check(_ arguments: [String]) async throws -> Program.Exit { try await kirikae(["check"] + arguments) }

    func kirikae(_ arguments: [String]) async throws -> Program.Exit {
        // The scripts need a shell's tools; neither Helm nor kubectl may come from the machine.
        for tool in ["cat", "sh", "echo"] where !FileManager.default.fileExists(atPath: "\(path)/bin/\(tool)") {
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/bin/\(tool)", withDestinationPath: "/bin/\(tool)")
        }
        return try await Program(
            Tools.kirikae, arguments, environment: ["HOME": path, "PATH": "\(path)/bin"], folder: path, label: "run"
        ).end()
    }
}
