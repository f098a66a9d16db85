import Testing

@testable import Manifests

@Suite("The head of a document")
struct DocumentHeadTests {
    @Test(
        "tells the kind where nothing else can be meant",
        arguments: [
            ("apiVersion: v1\nkind: Pod\n", "Pod"), ("kind: Pod\napiVersion: v1\n", "Pod"), ("kind: Pod", "Pod"),
            ("---\n# a\n\n  # b\napiVersion: apps/v1   # c\nkind: 'Deployment' # d\n", "Deployment"),
            ("--- # a\r\napiVersion: \"v1\"\r\nkind: \"Pod\"\r\nmetadata: {}", "Pod"),
            ("\u{FEFF}apiVersion: v1\nkind: Pod\n", "Pod"),
        ])
    func told(text: String, kind: String) {
        #expect(Self.kind(text) == kind)
    }

    @Test(
        "is left to a parser otherwise",
        arguments: [
            "", "# nothing\n", "metadata: {}\nkind: Pod\n", "{kind: Pod}", "- kind: Pod\n", " kind: Pod\n",
            "kind:\n  Pod\n",
            "kind: &a Pod\n", "kind: !!str Pod\n", "kind: >-\n  Pod\n", "kind: Pod: x\n", "kind: 'Pod\n",
            "kind: Pod'\n",
            "kind: Pod more\n", "kind:Pod\n", "? kind\n: Pod\n", "--- kind: Pod\n", "--- !x\nkind: Pod\n",
            "kind: Pod\rkind: A\n",
            "kinds: Pod\n", "apiVersion: v1\n  kind: Pod\n", "\"kind\": Pod\n", "kind: *pod\n", "kind: Pod# x\n",
            "kind: {{ .k }}\n",
        ])
    func unsaid(text: String) {
        #expect(Self.kind(text) == nil)
    }

    private static func kind(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        return DocumentHead.kind(bytes.span, in: 0..<bytes.count).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
}
