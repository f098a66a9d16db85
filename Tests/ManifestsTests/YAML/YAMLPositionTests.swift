import Manifests
import Testing

@Suite("Places in YAML")
struct YAMLPositionTests {
    private let text = """
        # a comment
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          labels: {app: web,   tier: "front"}
        spec:
          containers:
          - name: a
            image: x
          - name: b
            command: [sh, -c]
        """

    @Test(
        "Values and names are found where they are written",
        arguments: [
            ("apiVersion", 2, 13, 2, 1), ("metadata", 5, 3, 4, 1), ("metadata.labels.tier", 6, 30, 6, 24),
            ("spec.containers", 9, 3, 8, 3), ("spec.containers[1]", 11, 5, 11, 5),
            ("spec.containers[1].command[1]", 12, 19, 12, 19), ("spec.containers[1].name", 11, 11, 11, 5),
        ])
    func found(path: String, line: Int, column: Int, keyLine: Int, keyColumn: Int) throws {
        let document = try #require(YAML.documents(Array(text.utf8), file: "pod.yaml").first)
        let place = try #require(FieldPath(path))
        #expect(document.location(of: place).description == "pod.yaml:\(line):\(column)")
        #expect(document.keyLocation(of: place).description == "pod.yaml:\(keyLine):\(keyColumn)")
    }

    @Test("What is absent is located at its nearest parent")
    func absent() throws {
        let document = try #require(YAML.documents(Array(text.utf8), file: "pod.yaml").first)
        #expect(document.location(of: "metadata.annotations.a") == document.location(of: "metadata"))
        #expect(document.location(of: "spec.containers[7].image") == document.location(of: "spec.containers"))
        #expect(document.location(of: "kind.below") == document.location(of: "kind"))
    }

    @Test("Documents of a stream know their own lines")
    func stream() throws {
        let documents = try YAML.documents(Array("---\na: 1\n---\r\nb: 2\r\n---\n".utf8), file: "s.yaml")
        #expect(documents.map(\.value) == [["a": 1], ["b": 2], .null])
        #expect(documents.map(\.start.line) == [2, 4, 6])
        #expect(documents[1].location(of: "b").description == "s.yaml:4:4")
    }

    @Test("Columns count characters, not bytes")
    func columns() throws {
        let yaml = try YAML.documents(Array("{é: ü, 切: x}".utf8), file: "f")[0]
        #expect(yaml.location(of: "切").column == 11)
        let json = try JSONDocuments.documents(Array(#"{"é": "ü", "切": "x"}"#.utf8), file: "f")[0]
        #expect(json.location(of: "切").column == 17)
    }

    @Test("JSON streams are located too")
    func json() throws {
        let text = "{\"b\": [1,\n 22],\n\"a\": {\"c\": true}}\n{\"kind\":\"x\"}"
        let documents = try JSONDocuments.documents(Array(text.utf8), file: "s.json")
        #expect(documents.count == 2)
        #expect(documents[0].location(of: "b[1]").description == "s.json:2:2")
        #expect(documents[0].location(of: "a.c").description == "s.json:3:12")
        #expect(documents[0].keyLocation(of: "a.c").description == "s.json:3:7")
        #expect(documents[1].keyLocation(of: "kind").description == "s.json:4:2")
    }

    @Test("Members from an alias are located at the anchor, the alias itself where it stands")
    func alias() throws {
        let text = "base: &base\n  image: x\nother: *base\nmerged:\n  <<: *base\n  name: web\n"
        let document = try YAML.documents(Array(text.utf8), file: "f")[0]
        #expect(document.value["other"] == ["image": "x"])
        #expect(document.value["merged"] == ["image": "x", "name": "web"])
        #expect(document.location(of: "other").line == 3)
        #expect(document.location(of: "other.image").line == 2)
        #expect(document.location(of: "merged.image").line == 2)
        #expect(document.location(of: "merged.name").line == 6)
    }
}
