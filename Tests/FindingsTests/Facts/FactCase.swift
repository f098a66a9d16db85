import Catalog
import Findings
import Manifests

/// One generated document with what has to be found in it.
///
/// Its namespace is its number, so that findings of many documents in one run can be told apart.
struct FactCase {
    var json: JSONValue
    /// The code of the finding, and the fact it names; nil for codes of checks that name none.
    var code: String
    var fact: String?
    var since: KubernetesVersion?
    /// Whether it must be found; otherwise it must not.
    var isFound = true
    var what: String
}

/// Runs many cases at once, through the loader, as a user's file would go.
struct FactRun {
    private(set) var cases: [FactCase] = []

    mutating func add(_ entry: FactCase) { cases.append(entry) }

    /// The text of all documents.
    private var text: [UInt8] {
        Array(
            YAML.text(
                documents: cases.enumerated().map { index, entry in
                    var json = entry.json
                    json[FieldPath("metadata.namespace")] = .string("case-\(index)")
                    if json["metadata"]?["name"] == nil { json[FieldPath("metadata.name")] = "subject" }
                    return json
                }
            ).utf8)
    }

    /// The findings of every case at a target, in the order of the cases.
    func findings(
        at target: KubernetesVersion, from: KubernetesVersion? = nil, checks: [any Check] = Checks.all
    ) -> (findings: [[Finding]], text: String, errors: [String]) {
        let bytes = text
        let report = ManifestLoader().load(bytes: bytes, file: "cases.yaml")
        let result = CheckRun(target: target, from: from, checks: checks).run(report)
        var byCase = Array(repeating: [Finding](), count: cases.count)
        for finding in result.findings {
            guard let number = finding.object.namespace.flatMap({ Int($0.dropFirst("case-".count)) }) else { continue }
            byCase[number].append(finding)
        }
        return (byCase, String(decoding: bytes, as: UTF8.self), report.errors.map(\.description))
    }
}
