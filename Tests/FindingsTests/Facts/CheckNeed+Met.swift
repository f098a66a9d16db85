import Findings
import Manifests

extension CheckNeed {
    /// Whether a document of the object meets a clause, by the words and the kind alone.
    func isMet(by json: JSONValue) -> Bool {
        let text = YAML.text(json)
        return clauses?.contains { clause in
            clause.words.allSatisfy(text.contains)
                && clause.kinds.map { $0.contains(json["kind"]?.string ?? "") } ?? true
        } ?? true
    }
}
