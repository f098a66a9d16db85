import Findings
import Manifests
import Testing

/// Templates as charts write them.
enum TemplateCases {
    static let ingress = """
        {{- if .Values.ingress.enabled -}}
        {{- $fullName := include "app.fullname" . -}}
        {{- if semverCompare ">=1.19-0" .Capabilities.KubeVersion.GitVersion -}}
        apiVersion: networking.k8s.io/v1
        {{- else if semverCompare ">=1.14-0" .Capabilities.KubeVersion.GitVersion -}}
        apiVersion: networking.k8s.io/v1beta1
        {{- else -}}
        apiVersion: extensions/v1beta1
        {{- end }}
        kind: Ingress
        metadata:
          name: {{ $fullName }}
        {{- end }}

        """

    /// A template, the target's minor, and the kinds that stand in it literally for that target.
    static let cases: [(name: String, text: String, minor: Int, found: [String])] = [
        ("capabilities at 1.36", ingress, 36, ["networking.k8s.io/v1 Ingress"]),
        ("capabilities at 1.18", ingress, 18, ["networking.k8s.io/v1beta1 Ingress"]),
        ("capabilities at 1.13", ingress, 13, ["extensions/v1beta1 Ingress"]),
        (
            "APIVersions.Has",
            "{{ if .Capabilities.APIVersions.Has \"policy/v1\" }}\napiVersion: policy/v1\n{{ else }}\n"
                + "apiVersion: policy/v1beta1\n{{ end }}\nkind: PodDisruptionBudget\n", 36,
            ["policy/v1 PodDisruptionBudget"]
        ),
        (
            "APIVersions.Has with a kind, on one line",
            "apiVersion: {{ if $.Capabilities.APIVersions.Has \"batch/v1/CronJob\" }}batch/v1{{ else }}batch/v1beta1{{ end }}\n"
                + "kind: CronJob\nmetadata: {name: {{ .x }}}\n", 20, ["batch/v1beta1 CronJob"]
        ),
        (
            "not, and, or",
            "{{- if and (not (.Capabilities.APIVersions.Has \"policy/v1beta1/PodSecurityPolicy\")) true }}\n"
                + "apiVersion: v1\nkind: Pod\n{{- else }}\napiVersion: policy/v1beta1\nkind: PodSecurityPolicy\n{{- end }}\n",
            25, ["v1 Pod"]
        ),
        (
            "unknown condition: both sides, each with its own kind",
            "{{- if .Values.x }}\napiVersion: v1\nkind: Pod\n{{- else }}\napiVersion: apps/v1\nkind: Deployment\n{{- end }}\n",
            36, ["v1 Pod", "apps/v1 Deployment"]
        ),
        (
            "a variable with a default",
            "{{- $v := default .Capabilities.KubeVersion.Version .Values.override }}\n"
                + "{{- if semverCompare \"<1.25-0\" $v }}\napiVersion: a/v1\n{{- else }}\napiVersion: b/v1\n{{- end }}\nkind: X\n",
            25, ["b/v1 X"]
        ),
        ("a value that only rendering tells", "apiVersion: {{ .Values.v }}\nkind: Deployment\n", 36, []),
        (
            "what stands in a block is content",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    apiVersion: x/v1\n    kind: Y\n    {{ .b }}\n{{ if .c }}\n{{ end }}\n",
            36,
            ["v1 ConfigMap"]
        ),
        (
            "several documents, a list, comments",
            "# apiVersion: no/v1\n{{/* apiVersion: no/v2 */}}\napiVersion: v1\nkind: List\nitems:\n"
                + "- apiVersion: a/v1\n  kind: A\n- kind: B\n  apiVersion: b/v1\n---\n{{ range .x }}\napiVersion: c/v1\nkind: C\n"
                + "---\n{{ end }}\n", 36, ["a/v1 A", "b/v1 B", "v1 List", "c/v1 C"]
        ),
        ("a definition is no document", "{{ define \"x\" }}\napiVersion: a/v1\nkind: A\n{{ end }}\n", 36, []),
    ]
}

@Suite("Templates that were not rendered")
struct TemplateTests {
    @Test("tell what stands in them literally for the target", arguments: TemplateCases.cases.indices)
    func literal(index: Int) {
        let given = TemplateCases.cases[index]
        let run = CheckRun(target: KubernetesVersion(minor: given.minor))
        var reader = ManifestLoader.Reader(capabilities: run.context.capabilities)
        var found: [String] = []
        reader.read(bytes: Array(given.text.utf8), file: "templates/a.yaml") { one in
            if case .literal(let object) = one { found.append(object.gvk.description) }
        }
        #expect(found == given.found, "\(given.name)")
        #expect(reader.report.skipped.map(\.reason) == [.template])
    }

    @Test("give findings that say so, at the very place")
    func finding() throws {
        let result = CheckRun(target: KubernetesVersion(minor: 16)).run(
            text: Array("{{ if .x }}\nkind: Deployment\napiVersion:  extensions/v1beta1 # old\n{{ end }}".utf8),
            file: "t.yaml")
        let finding = try #require(result.findings.first)
        #expect(result.findings.count == 1)
        #expect((finding.place, finding.confidence) == (.template, .likely))
        #expect(finding.location?.description == "t.yaml:3:14")
        #expect(result.exitStatus() == 3 && result.exitStatus(acceptingTemplates: true) == 1)
    }

    @Test(
        "compare versions as Helm does",
        arguments: [
            (">=1.19-0", 19, true), (">=1.19-0", 18, false), ("<1.14-0", 13, true), ("<1.14-0", 14, false),
            ("^1.19.x", 36, true), ("^1.19.x", 18, false), ("~1.16", 16, true), ("~1.16", 17, false),
            (">= 1.16-0, < 1.22-0", 21, true), (">= 1.16-0, < 1.22-0", 22, false), ("<1.10 || >1.30", 31, true),
            ("<1.10 || >1.30", 20, false), ("1.20.x", 20, true), ("!=1.20", 20, false), ("> 1.20", 20, false),
            (">=v1.20.0", 20, true), ("*", 20, true),
        ] as [(String, Int, Bool)])
    func constraint(text: String, minor: Int, isMet: Bool) {
        let template =
            "{{ if semverCompare \"\(text)\" .Capabilities.KubeVersion.Version }}\napiVersion: a/v1\n{{ else }}\n"
            + "apiVersion: b/v1\n{{ end }}\nkind: X\n"
        var reader = ManifestLoader.Reader(
            capabilities: CheckRun(target: KubernetesVersion(minor: minor)).context.capabilities)
        var found: [String] = []
        reader.read(bytes: Array(template.utf8), file: "a.yaml") { one in
            if case .literal(let object) = one { found.append(object.gvk.apiVersion) }
        }
        #expect(found == [isMet ? "a/v1" : "b/v1"])
    }
}
