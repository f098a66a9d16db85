import FoundationEssentials
import Manifests
import Testing

@testable import Planning

@Suite("Migration files")
struct MigrationFileTests {
    private static let schemaFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/schema")

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Self.schemaFolder.appending(path: name)))
    }

    @Test("the example in the documentation can be read and says what it says")
    func example() throws {
        let file = try MigrationFile(try bytes("migration.example.yaml"), file: "migration.example.yaml")
        #expect(file.migration.name == "shop")
        #expect(file.migration.green.version == KubernetesVersion(minor: 36))
        #expect(file.migration.waves.map(\.name) == ["backend", "front"])
        let probe = try #require(file.migration.waves.last?.gates?.last)
        #expect(probe.probe?.http?.rate(over: 60) == 5, "250 requests, so that 200 are answered")
        #expect(probe.onFailure == .return)
        #expect(file.migration.routes.first?.shares == [1, 10, 50, 100])
        #expect(file.migration.classify.first?.class == .exclusive)
        #expect(file.migration.acknowledge.first?.object?.description == "StatefulSet.apps/orders/database")
    }

    @Test("the published schema knows exactly the fields that are read")
    func schema() throws {
        let schema = try JSONValue(parsing: try bytes("migration.schema.json"))
        var migration = SmallShop.migration()
        migration.blue = BlueSource(context: "c", inventory: "i")
        migration.green.context = "c"
        migration.waves = [migration.waves[1]]
        migration.waves[0].gates = [
            MigrationGate(
                gate: .probe, before: .done, message: "m", seconds: 1,
                probe: GateProbe(
                    interval: 1,
                    http: HTTPProbe(
                        url: "u", blue: "b", host: "h", status: [200], header: "h", green: "g", timeout: 1, samples: 1,
                        rate: 1, successRate: 99, latency: LatencyBound(quantile: 95, atMost: 1, timesBlue: 1)),
                    prometheus: PrometheusProbe(
                        url: "u", query: "q", blue: "b", volume: "v", samples: 1, atMost: 1, atLeast: 1, timesBlue: 1)),
                onFailure: .return, notBefore: "2026-01-01T00:00:00Z",
                window: GateWindow(days: [.mon], from: "01:00", to: "02:00"), leadTime: 1)
        ]
        migration.routes[0].steps = [100]
        let select = ObjectSelector(kind: GroupKind("Secret"), namespace: "n", name: "x", labels: ["a": "b"])
        migration.classify = [Classification(select: select, class: .asleep, reason: "r")]
        migration.decisions = [ObjectDecision(select: select, decision: .gate, reason: "r")]
        migration.acknowledge = [Acknowledgement(hazard: "h", object: ObjectReference("Secret/n/x"), reason: "r")]
        let secret = MirrorPlace.SecretPlace(side: .blue, context: "c", namespace: "n")
        migration.mirror = MirrorPlace(directory: "d", secret: secret)
        let hook = MigrationHook(run: ["p"], timeout: 5)
        migration.on = MigrationHooks(waiting: hook, halted: hook, returned: hook, done: hook)
        var written = try PlanCoding.json(migration)
        written["apiVersion"] = "kirikae.dev/v1"
        written["kind"] = "Migration"
        compare(written, schema, schema, at: "")
    }

    /// Every member of the value is declared, and every declared member is in the value.
    private func compare(_ value: JSONValue, _ schema: JSONValue, _ root: JSONValue, at path: String) {
        var schema = schema
        if let reference = schema["$ref"]?.string, let name = reference.split(separator: "/").last {
            schema = root["$defs"]?[String(name)] ?? schema
        }
        if let properties = schema["properties"]?.object {
            #expect(value.object?.keys == properties.keys, "\(path)")
            for property in properties {
                if let member = value[property.key] {
                    compare(member, property.value, root, at: "\(path).\(property.key)")
                }
            }
        } else if let items = schema["items"] {
            for element in value.array ?? [] { compare(element, items, root, at: "\(path)[]") }
        }
    }

    static let head =
        "apiVersion: kirikae.dev/v1\nkind: Migration\nname: shop\nblue: {context: b}\ngreen: {name: g, version: '1.36'}\n"

    @Test(
        "a mistake is named with file, line and column",
        arguments: [
            ("apiVersion: v1\nkind: Migration\n", "m.yaml:1:13", "apiVersion"),
            ("apiVersion: kirikae.dev/v1\nkind: Plan\n", "m.yaml:2:7", "kind"),
            ("apiVersion: kirikae.dev/v1\nkind: Migration\nname: shop\n", "m.yaml:1:1", "'blue' is missing"),
            (head + "wave: []\n", nil, nil),
            (head + "wave: [x]\n", "m.yaml:6:7", "'wave': unknown field"),
            (head + "waves:\n  - name: a\n    namespaces: [x]\n    depends: [y]\n", "m.yaml:9:14", "unknown field"),
            (head + "waves:\n  - name: a\n    namespaces: x\n", "m.yaml:8:17", "wrong type"),
            (head + "waves:\n  - {name: a, namespaces: [y]}\n", "m.yaml:7:28", "quotes"),
            (head + "waves:\n  - name: A\n    namespaces: [x]\n", "m.yaml:7:11", "DNS label"),
            (head + "waves:\n  - name: platform\n    namespaces: [x]\n", "m.yaml:7:11", "platform"),
            (head + "waves:\n  - name: a\n    namespaces: [kube-system]\n", "m.yaml:8:17", "kube-system"),
            (
                head + "waves:\n  - {name: a, namespaces: [x]}\n  - {name: b, namespaces: [x]}\n", "m.yaml:8:27",
                "'x' belongs to wave 'a'"
            ),
            (head + "waves:\n  - {name: a, namespaces: [x], dependsOn: [b]}\n", "m.yaml:7:43", "no wave 'b'"),
            (
                head
                    + "waves:\n  - {name: a, namespaces: [x], dependsOn: [b]}\n  - {name: b, namespaces: [z], dependsOn: [a]}\n",
                "m.yaml:7:3", "circle"
            ),
            (head + "waves:\n  - {name: a, namespaces: [x], gates: [{gate: soak}]}\n", "m.yaml:7:40", "seconds"),
            (
                head + "waves:\n  - {name: a, namespaces: [x], gates: [{gate: open}]}\n", "m.yaml:7:47",
                "manual, twoPerson, soak"
            ),
            (
                head + "routes:\n  - {name: r, wave: a, backend: file, settings: {path: p, route: r}}\n", "m.yaml:7:21",
                "no wave 'a'"
            ),
            (head + "routes:\n  - {name: r, wave: platform, backend: dns, settings: {}}\n", "m.yaml:7:40", "file"),
            (
                head + "routes:\n  - {name: r, wave: platform, backend: file, settings: {path: p}}\n", "m.yaml:7:56",
                "route"
            ),
            (
                head
                    + "routes:\n  - {name: r, wave: platform, backend: file, settings: {path: p, route: r}, steps: [50, 10]}\n",
                "m.yaml:7:84", "ascend"
            ),
            (head + "mirror: {directory: /m}\n", nil, nil),
            (head + "mirror: {secret: {side: blue, namespace: ns}}\n", nil, nil),
            (head + "mirror:\n  directory: /m\n  secret: {side: blue, namespace: ns}\n", "m.yaml:7:3", "either"),
            (head + "mirror:\n  directory: ''\n", "m.yaml:7:14", "empty"),
            (head + "mirror:\n  folder: /m\n", "m.yaml:7:11", "unknown field"),
            (head + "mirror: {secret: {namespace: ns}}\n", "m.yaml:6:18", "not clear"),
            (head + "mirror: {secret: {side: red, namespace: ns}}\n", "m.yaml:6:25", "mirror.secret.side"),
            (head + "mirror: {secret: {side: blue, namespace: A}}\n", "m.yaml:6:42", "DNS label"),
            (head + "on: {done: {run: [p, a], timeout: 60}}\n", nil, nil),
            (head + "on: {done: {run: []}}\n", "m.yaml:6:18", "empty"),
            (head + "on: {halted: {run: [p], timeout: 61}}\n", "m.yaml:6:34", "60"),
            (head + "on: {failed: {run: [p]}}\n", "m.yaml:6:14", "unknown field"),
            (head + "on: {done: {run: p}}\n", "m.yaml:6:18", "wrong type"),
            (head + "decisions:\n  - {select: {}, decision: skip, reason: x}\n", "m.yaml:7:14", "everything"),
            (head + "acknowledge:\n  - {hazard: h, reason: ''}\n", "m.yaml:7:25", "empty"),
            ("apiVersion: kirikae.dev/v1\nkind: Migration\nname: [\n", "m.yaml:", nil),
            (head + "---\na: b\n", "m.yaml:7:1", "exactly one"), ("", "m.yaml:1:1", "exactly one"),
        ] as [(String, String?, String?)])
    func mistakes(text: String, place: String?, words: String?) throws {
        guard let place else {
            #expect(throws: Never.self) { try MigrationFile(Array(text.utf8), file: "m.yaml") }
            return
        }
        let error = try #require(
            #expect(throws: PlanningError.self) { try MigrationFile(Array(text.utf8), file: "m.yaml") })
        #expect(error.code == .migration)
        let locations = error.problems.compactMap(\.location?.description)
        #expect(locations.contains { $0.hasPrefix(place) }, "\(error)")
        if let words { #expect(error.description.contains(words), "\(error)") }
        for problem in error.problems { #expect(!problem.remedy.isEmpty) }
    }

    private static let gates =
        head + "waves:\n  - name: a\n    namespaces: [x]\n    gates:\n"

    @Test(
        "a mistake in a gate is named with its line and column, and what to write",
        arguments: [
            ("      - {gate: probe}\n", "m.yaml:10:9", "seconds"),
            ("      - {gate: probe, seconds: 5}\n", "m.yaml:10:9", "needs a probe"),
            ("      - {gate: manual, onFailure: return}\n", "m.yaml:10:35", "kind probe"),
            (
                "      - gate: probe\n        seconds: 5\n        onFailure: return\n        probe: {http: {url: 'http://g', samples: 1}}\n",
                "m.yaml:12:20", "before: traffic"
            ),
            (
                "      - gate: probe\n        seconds: 5\n        probe:\n          http: {url: 'g/x', samples: 1}\n",
                "m.yaml:13:23", "no address"
            ),
            (
                "      - gate: probe\n        seconds: 5\n        probe:\n          http: {url: 'http://g', samples: 100, rate: 3}\n",
                "m.yaml:13:44", "100 answers cannot come in 5 s at 3 a second"
            ),
            (
                "      - gate: probe\n        seconds: 5\n        probe:\n          http:\n            url: http://g\n            samples: 1\n            latency: {quantile: 95, timesBlue: 2}\n",
                "m.yaml:16:48", "blue's own is not measured"
            ),
            (
                "      - gate: probe\n        seconds: 5\n        probe:\n          http: {url: 'http://g', samples: 1, latency: {quantile: 0}}\n",
                "m.yaml:13:67", "1 to 99"
            ),
            (
                "      - gate: probe\n        seconds: 5\n        probe:\n          prometheus: {url: 'http://p', query: q}\n",
                "m.yaml:13:23", "bounds nothing"
            ),
            (
                "      - gate: probe\n        seconds: 5\n        probe:\n          htpp: {url: 'http://g', samples: 1}\n",
                "m.yaml:13:17", "unknown field"
            ),
            (
                "      - gate: probe\n        seconds: 5\n        probe:\n          http: {url: 'http://g'}\n",
                "m.yaml:13:17",
                "samples' is missing"
            ),
            ("      - {gate: manual, notBefore: tomorrow}\n", "m.yaml:10:35", "no moment"),
            ("      - {gate: soak, seconds: 1, leadTime: 5}\n", "m.yaml:10:44", "persons"),
            ("      - {gate: manual, window: {from: '9', to: '17:00'}}\n", "m.yaml:10:39", "time of day"),
            (
                "      - {gate: manual, window: {days: [monday], from: '09:00', to: '17:00'}}\n", "m.yaml:10:40",
                "mon, tue"
            ),
            (
                "      - gate: probe\n        seconds: 5\n        onFailure: rollback\n        probe: {http: {url: 'http://g', samples: 1}}\n",
                "m.yaml:12:20", "halt, return"
            ),
        ] as [(String, String, String)])
    func gateMistakes(text: String, place: String, words: String) throws {
        try mistakes(text: Self.gates + text, place: place, words: words)
    }

    @Test("comments do not change the digest, decisions do")
    func digest() throws {
        func digest(_ text: String) throws -> Digest { try MigrationFile(Array(text.utf8), file: "m.yaml").digest }
        #expect(try digest(Self.head) == digest("# reviewed\n" + Self.head))
        #expect(try digest(Self.head) != digest(Self.head + "readyTimeout: 5\n"))
    }
}
