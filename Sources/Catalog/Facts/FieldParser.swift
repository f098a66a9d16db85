import Manifests

/// Reads the form that stands at the top of `fields.txt`.
struct FieldParser {
    struct Result {
        var changes: [FieldChange] = []
        var mounts: [TypeMount] = []
    }

    static func parse(_ text: String, file: String) throws(CatalogError) -> Result {
        var lines = FactLines(text, file: file)
        var result = Result()
        var reasons: [String: String] = [:]
        var seen: Set<String> = []
        while var heading = try lines.heading() {
            let head = try heading.word("GROUP/VERSION KIND")
            if head == "unseen-reason" {
                let name = try heading.word("a name")
                reasons[String(name.prefix { $0 != ":" })] = try heading.text("the reason")
                continue
            }
            let owner: FieldChange.Owner =
                head.hasPrefix("@")
                ? .shared(String(head.dropFirst()))
                : .kind(GroupVersionKind(apiVersion: head, kind: try heading.word("KIND")))
            try heading.end()
            guard seen.insert(owner.description).inserted else {
                throw heading.error(.duplicate, "a second block for \(owner)")
            }
            while var line = try lines.fact() {
                try read(&line, owner, reasons, into: &result)
                try line.end()
            }
        }
        return result
    }

    private static func read(
        _ line: inout FactLines.Line, _ owner: FieldChange.Owner, _ reasons: [String: String],
        into result: inout Result
    ) throws(CatalogError) {
        let fact = try line.word("a fact")
        if fact == "mount" {
            guard case .shared(let name) = owner else {
                throw line.error(.syntax, "only a shared type (@NAME) is mounted")
            }
            let gvk = try line.kind()
            result.mounts.append(
                TypeMount(
                    name: name, group: gvk.group == "" && gvk.version == "*" ? "*" : gvk.group,
                    version: gvk.version == "*" ? nil : gvk.version, kind: gvk.kind,
                    path: try ProbeWords.pattern(&line)))
            return
        }
        guard let change = FieldChange.Change(rawValue: fact) else {
            throw line.error(.syntax, "unknown fact `\(fact)`")
        }
        let (since, last) = try range(&line)
        var entry = FieldChange(
            owner: owner, change: change, since: since, last: last, path: try ProbeWords.pattern(&line))
        while let word = line.word() {
            switch word {
            case "told": entry.told = try line.word("the id of a change of behaviour")
            case "unseen":
                let name = try line.word("a reason")
                guard let reason = reasons[name] else { throw line.error(.missingFact, "no `unseen-reason \(name)`") }
                entry.unseen = reason
            default: throw line.error(.syntax, "expected `told` or `unseen`, found `\(word)`")
            }
        }
        result.changes.append(entry)
    }

    /// `1.24`, `<=1.15`, `1.21-1.24` or `<=1.15-1.17`.
    private static func range(
        _ line: inout FactLines.Line
    ) throws(CatalogError) -> (KubernetesVersion?, KubernetesVersion?) {
        let word = try line.word("a Kubernetes version")
        let parts = word.split(separator: "-", maxSplits: 1)
        let versions = parts.map { KubernetesVersion(String($0.drop { $0 == "<" || $0 == "=" })) }
        guard let first = versions.first, let first, versions.allSatisfy({ $0 != nil }) else {
            throw line.error(.syntax, "expected a Kubernetes version or a range, found `\(word)`")
        }
        return (word.hasPrefix("<=") ? nil : first, versions.count > 1 ? versions[1] : nil)
    }
}
