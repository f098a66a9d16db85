import HTTP
import Manifests

@testable import SimCluster

/// One recorded request with the answer of a real server.
///
/// The recordings lie beside the project, not in it.
struct RecordedStep {
    var name: String
    var request: JSONValue
    var response: JSONValue

    /// The steps of a trace, in order; nil where the recordings are not there.
    static func trace(_ trace: String, of version: String) -> [RecordedStep]? {
        let file = "\(Recordings.directory)/\(version)/\(trace).jsonl"
        guard let text = Recordings.read(file) else { return nil }
        return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let json = try? JSONValue(parsing: Array(line)) else { return nil }
            return RecordedStep(
                name: json["step"]?.string ?? "", request: json["request"] ?? .null,
                response: json["response"] ?? .null)
        }
    }

    /// What must agree: status, reason, and the fields to blame.
    static func verdict(status: Int, body: JSONValue) -> String {
        var parts = [String(status)]
        if body["kind"] == "Status" {
            let fields = Set((body["details"]?["causes"]?.array ?? []).compactMap { $0["field"]?.string }).sorted()
            parts += [body["reason"]?.string ?? "-"] + fields
        }
        return parts.joined(separator: " ")
    }

    var verdict: String {
        Self.verdict(status: Int(response["status"]?.integer ?? 0), body: response["body"] ?? .null)
    }
}

/// Plays a trace against a world, and tells which steps it answers otherwise.
struct Replay {
    private var world: SimWorld
    /// What stands for the recording's placeholders here: `uid:ConfigMap/a` and, per object, `rv:1`.
    private var actual: [String: String] = [:]

    init(version: String) {
        let minor = KubernetesVersion(version) ?? KubernetesVersion(minor: 36)
        world = SimWorld(version: minor, name: "replay", seed: 7, now: 1_700_000_000)
    }

    /// Steps that differ, with both verdicts.
    mutating func differences(in steps: [RecordedStep]) -> [(step: String, real: String, here: String)] {
        makeNamespaces(steps)
        var differences: [(step: String, real: String, here: String)] = []
        for step in steps {
            world.advance(to: world.now + 3)
            makeUpFor(step)
            let response = world.handle(request(step))
            let body = (try? JSONValue(parsing: response.body)) ?? .null
            let here = RecordedStep.verdict(status: response.status, body: body)
            if here != step.verdict { differences.append((step: step.name, real: step.verdict, here: here)) }
            learn(step.response["body"] ?? .null, body, owner: "")
        }
        return differences
    }

    /// The recorder made its namespaces before the trace began.
    private mutating func makeNamespaces(_ steps: [RecordedStep]) {
        var names: Set<String> = []
        for step in steps {
            let parts = (step.request["path"]?.string ?? "").split(separator: "/").map(String.init)
            guard let index = parts.firstIndex(of: "namespaces"), index + 2 < parts.count else { continue }
            names.insert(parts[index + 1])
        }
        for step in steps where step.request["method"] == "POST" && step.request["path"] == "/api/v1/namespaces" {
            names.remove(step.request["body"]?["metadata"]?["name"]?.string ?? "")
        }
        for name in names.sorted() where name.hasPrefix("rec-") && name != "rec-nosuch" {
            let body: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
            _ = world.handle(
                HTTPRequest(
                    .post, "/api/v1/namespaces", headers: ["Content-Type": "application/json"],
                    body: body.canonicalBytes))
        }
    }

    /// The recorder also did things between the steps, which it did not write down: it deleted what the next step
    /// creates, and created what the next step names.
    private mutating func makeUpFor(_ step: RecordedStep) {
        let path = step.request["path"]?.string ?? ""
        let name = step.request["body"]?["metadata"]?["name"]?.string ?? ""
        switch step.request["method"]?.string {
        case "POST" where step.verdict == "201" && !name.isEmpty:
            _ = world.handle(HTTPRequest(.delete, "\(path)/\(name)"))
            world.advance(to: world.now + 3)
        case "GET" where step.verdict == "200", "PATCH" where step.verdict == "200",
            "DELETE" where step.verdict == "200":
            guard path.hasSuffix("/real") || path.hasSuffix("/real/scale"),
                world.handle(HTTPRequest(.get, path)).status == 404
            else { return }
            var object = KubeObject(
                GroupVersionKind(group: "apps", version: "v1", kind: "Deployment"), namespace: "rec-dryrun",
                name: "real")
            object["spec"] = [
                "replicas": 1, "selector": ["matchLabels": ["app": "x"]],
                "template": [
                    "metadata": ["labels": ["app": "x"]], "spec": ["containers": [["name": "c", "image": "app:1"]]],
                ],
            ]
            _ = world.load([object])
        default: break
        }
    }

    private func request(_ step: RecordedStep) -> HTTPRequest {
        let recorded = step.request
        let path = recorded["path"]?.string ?? ""
        var query: [(name: String, value: String)] = []
        for item in recorded["query"]?.object ?? [:] {
            for value in item.value.array ?? [item.value] {
                let text = value.string ?? value.canonicalText
                query.append((name: item.key, value: actual["\(path) \(text)"] ?? actual[text] ?? text))
            }
        }
        var request = HTTPRequest(
            HTTPRequest.Method(rawValue: recorded["method"]?.string ?? "") ?? .options, path, query: query)
        request.headers["User-Agent"] = "record-api/1"
        if let type = recorded["contentType"]?.string { request.headers["Content-Type"] = type }
        if let accept = recorded["accept"]?.string { request.headers["Accept"] = accept }
        if let text = recorded["bodyText"]?.string {
            request.body = Array(text.utf8)
        } else if let body = recorded["body"] {
            request.body = substituted(body, owner: "").canonicalBytes
        }
        return request
    }

    private func substituted(_ value: JSONValue, owner: String) -> JSONValue {
        switch value {
        case .string(let text): return .string(actual["\(owner) \(text)"] ?? actual[text] ?? text)
        case .array(let items): return .array(items.map { substituted($0, owner: owner) })
        case .object(let members):
            let owner = Self.owner(value) ?? owner
            return .object(JSONObject(members.map { (key: $0.key, value: substituted($0.value, owner: owner)) }))
        default: return value
        }
    }

    private mutating func learn(_ recorded: JSONValue, _ here: JSONValue, owner: String) {
        switch (recorded, here) {
        case (.string(let placeholder), .string(let found)):
            if placeholder.hasPrefix("rv:") { actual["\(owner) \(placeholder)"] = found }
            if placeholder == "rv:list" || placeholder.hasPrefix("uid:") || placeholder.hasPrefix("continue:") {
                actual[placeholder] = found
            }
        case (.array(let recorded), .array(let here)):
            for (left, right) in zip(recorded, here) { learn(left, right, owner: owner) }
        case (.object(let members), .object(let found)):
            let owner = Self.owner(recorded) ?? owner
            for member in members {
                if let value = found[member.key] { learn(member.value, value, owner: owner) }
            }
        default: break
        }
    }

    /// Names the object that resourceVersions below this value belong to.
    private static func owner(_ value: JSONValue) -> String? {
        value["metadata"]?["name"]?.string.map { "\(value["kind"]?.string ?? "")/\($0)" }
    }
}
