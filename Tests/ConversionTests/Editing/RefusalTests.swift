import Conversion
import Manifests
import Testing

@Suite("What cannot be edited safely is left alone and named")
struct RefusalTests {
    static let conversion = ManifestConversion(target: KubernetesVersion(minor: 36))

    static let ingress = "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: a}\n"

    static let cases: [(String, EditRefusal.Reason, Int)] = [
        // A template action in a comment: Helm reads those as well.
        ("# {{ if .Values.x }}\n" + ingress + "spec: {}\n", .template, 1),
        // A quoted one that would have to move: a number once it is rendered, or a name.
        (
            ingress + "spec:\n  backend:\n    serviceName: web\n    servicePort: \"{{ .Values.port }}\"\n",
            .template, 7
        ),
        // What the anchor means elsewhere must not change.
        (
            "x: &b {serviceName: web, servicePort: 80}\n" + ingress + "spec:\n  backend: *b\n", .alias, 6
        ),
        (
            ingress + "spec:\n  backend: &b {serviceName: web, servicePort: 80}\nother: *b\n", .alias, 5
        ),
        // Members that come through a merge key.
        (
            "x: &b {serviceName: web, servicePort: 80}\n" + ingress + "spec:\n  backend:\n    <<: *b\n",
            .mergeKey, 7
        ),
        (ingress + "spec:\n  backend:\n    ? serviceName\n    : web\n    servicePort: 80\n", .layout, 6),
        ("apiVersion: policy/v1beta1\rkind: PodDisruptionBudget\rmetadata: {name: a}\r", .encoding, 1),
        (ingress + "# a\u{2028}# b\nspec: {}\n", .encoding, 4),
    ]

    @Test("With its reason and its line", arguments: cases)
    func refused(text: String, reason: EditRefusal.Reason, line: Int) throws {
        let source = try ManifestSource(bytes: Array(text.utf8), file: "a.yaml")
        let result = Self.conversion.convert(source)
        #expect(
            result.left.map(\.code) == [reason.rawValue],
            "\(result.left)\n\(String(decoding: result.bytes, as: UTF8.self))")
        #expect(result.left.first?.location.line == line, "\(result.left)")
        #expect(result.bytes == source.bytes)
        #expect(result.converted.isEmpty)
    }

    @Test("UTF-16 is named")
    func utf16() throws {
        let text = Self.ingress + "spec: {}\n"
        let bytes: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let result = Self.conversion.convert(try ManifestSource(bytes: bytes, file: "a.yaml"))
        #expect(result.left.map(\.code) == ["encoding"])
        #expect(result.bytes == bytes)
    }

    @Test("One object that cannot be edited does not hold up the others of its file")
    func others() throws {
        let text =
            Self.ingress + "spec:\n  backend:\n    ? serviceName\n    : web\n    servicePort: 80\n---\n"
            + "apiVersion: policy/v1beta1 # old\nkind: PodDisruptionBudget\nmetadata: {name: b}\n"
        let result = Self.conversion.convert(try ManifestSource(bytes: Array(text.utf8), file: "a.yaml"))
        #expect(result.left.count == 1)
        #expect(result.converted.map(\.object.name) == ["b"])
        #expect(
            String(decoding: result.bytes, as: UTF8.self)
                == text.replacing("policy/v1beta1 # old", with: "policy/v1 # old"))
    }

    @Test("Templates are searched for versions that would have to change")
    func templates() {
        let text = """
            {{- if .Values.ingress }}
            apiVersion: "extensions/v1beta1"
            kind: Ingress
            {{- end }}
            ---
            apiVersion: v1
            kind: Service
            """
        let left = Self.conversion.versionsLeft(inTemplate: Array(text.utf8), file: "t.yaml")
        #expect(left.map(\.gvk.description) == ["extensions/v1beta1 Ingress"])
        #expect(left.first?.location == SourceLocation(file: "t.yaml", line: 2, column: 14))
    }

    @Test("What has no successor is left with what to do")
    func noSuccessor() throws {
        let text = "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: a}\n"
        let result = Self.conversion.convert(try ManifestSource(bytes: Array(text.utf8), file: "a.yaml"))
        #expect(result.left.count == 1)
        #expect(result.left.first?.remedy.isEmpty == false)
        #expect(!result.isChanged)
    }
}
