import Manifests
import Testing

@Suite("Written YAML")
struct YAMLWriterTests {
    @Test("What is written is read back as the same value", arguments: 0..<40)
    func roundTrip(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        for _ in 0..<100 {
            let value = SeededValues.value(&random)
            let text = YAML.text(value)
            let documents = try? YAML.documents(Array(text.utf8), file: "f")
            #expect(documents?.map(\.value) == [value], "seed \(seed): \(text.debugDescription)")
            #expect(text == YAML.text(value))
        }
    }

    @Test("Several documents are read back as several", arguments: 0..<10)
    func streams(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed) + 1000)
        let values = (0..<10).map { _ in SeededValues.value(&random) }
        #expect(try YAML.documents(Array(YAML.text(documents: values).utf8), file: "f").map(\.value) == values)
    }

    @Test(
        "Quotes stand exactly where a reader would take the text for something else",
        arguments: [
            ("web", "web"), ("nginx:1.25", "nginx:1.25"), ("a b", "a b"), ("http://x/y?z=1&b", "http://x/y?z=1&b"),
            ("-x", "-x"), ("--flag=a", "--flag=a"), ("*.example.com", "\"*.example.com\""), ("10.0.0.1", "10.0.0.1"),
            ("10.0.0.0/8", "10.0.0.0/8"), ("100m", "100m"), ("1.5Gi", "1.5Gi"), ("a#b", "a#b"), ("a:b", "a:b"),
            ("y", "\"y\""), ("no", "\"no\""), ("null", "\"null\""), ("~", "\"~\""), ("", "\"\""), ("12", "\"12\""),
            ("1e3", "\"1e3\""), ("0x10", "\"0x10\""), ("1.0", "\"1.0\""), ("012", "\"012\""), ("1_0", "\"1_0\""),
            ("2020-01-01", "\"2020-01-01\""), ("12:30", "\"12:30\""), ("1.2.3", "1.2.3"), ("v1", "v1"),
            ("a: b", "\"a: b\""), ("a #b", "\"a #b\""), ("a:", "\"a:\""), ("- a", "\"- a\""), ("-", "\"-\""),
            ("{a}", "\"{a}\""), ("{\"a\":1}", "'{\"a\":1}'"), ("it's", "it's"), ("'x'", "\"'x'\""),
            ("say \"hi\"", "say \"hi\""), ("C:\\dir", "C:\\dir"), ("\"a\" it's", "'\"a\" it''s'"),
            ("a\tb", "\"a\\tb\""),
            (" a", "\" a\""), ("a ", "\"a \""), ("é切😀", "é切😀"), ("\u{FEFF}", "\"\\uFEFF\""), ("=", "\"=\""),
            ("!x", "\"!x\""), ("x!", "x!"), ("$(VAR)", "$(VAR)"), ("---", "\"---\""), ("...", "\"...\""),
        ])
    func quoting(text: String, written: String) {
        #expect(YAML.text(.string(text)) == written + "\n")
    }

    @Test("An object looks as people write it")
    func object() {
        let value: JSONValue = [
            "spec": [
                "rules": [["host": "*.x.org", "paths": ["/", "/a"]], ["host": "y.org", "paths": []]],
                "matrix": [[1, 2], [], [[3]]], "empty": [:], "none": .null, "ratio": 0.25, "whole": 1.0,
            ],
            "metadata": [
                "annotations": ["zz": "1", "script": "#!/bin/sh\necho 'a: b'\n"], "name": "web", "labels": ["app": "y"],
                "namespace": "shop",
            ],
            "kind": "Ingress", "apiVersion": "networking.k8s.io/v1",
            "data": ["keep": "a\n\n", "strip": "a\nb", "lead": "  a\nb\n", "crlf": "a\r\nb"],
        ]
        #expect(
            YAML.text(value) == """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                  namespace: shop
                  labels:
                    app: "y"
                  annotations:
                    script: |
                      #!/bin/sh
                      echo 'a: b'
                    zz: "1"
                data:
                  crlf: "a\\r\\nb"
                  keep: |+
                    a

                  lead: |2
                      a
                    b
                  strip: |-
                    a
                    b
                spec:
                  empty: {}
                  matrix:
                  - - 1
                    - 2
                  - []
                  - - - 3
                  none: null
                  ratio: 0.25
                  rules:
                  - host: "*.x.org"
                    paths:
                    - /
                    - /a
                  - host: y.org
                    paths: []
                  whole: 1

                """)
    }

    @Test("Another order of names can be asked for")
    func order() {
        #expect(YAML.text(["a": 1, "b": 2, "c": 3], keyOrder: ["c"]) == "c: 3\na: 1\nb: 2\n")
    }
}
