import Manifests

/// Reads the form that stands at the top of `behaviours.txt`.
struct BehaviourParser {
    /// Every block of a text, in its order.
    static func parse(_ text: String, file: String) throws(CatalogError) -> [BehaviourChange] {
        var lines = FactLines(text, file: file)
        var changes: [BehaviourChange] = []
        var seen: Set<String> = []
        while var heading = try lines.heading() {
            let change = try block(&heading, &lines)
            guard seen.insert(change.id).inserted else {
                throw heading.error(.duplicate, "a second block for \(change.id)")
            }
            changes.append(change)
        }
        return changes
    }

    private static func block(
        _ heading: inout FactLines.Line, _ lines: inout FactLines
    ) throws(CatalogError) -> BehaviourChange {
        var change = try self.heading(&heading)
        while var line = try lines.fact() {
            let fact = try line.word("a fact")
            switch fact {
            case "deprecated": change.deprecated = try line.version()
            case "find": change.probes.append(try probe(&line, told: nil))
            case "told": change.probes.append(try probe(&line, told: try line.word("the code of a check")))
            case "and", "unless":
                guard let last = change.probes.indices.last else {
                    throw line.error(.syntax, "`\(fact)` belongs behind a line `find`")
                }
                let test = try ProbeWords.test(&line)
                if fact == "and" {
                    change.probes[last].tests.append(test)
                } else {
                    change.probes[last].exceptions.append(test)
                }
            case "words":
                guard let last = change.probes.indices.last else {
                    throw line.error(.syntax, "`words` belongs behind a line `find`")
                }
                change.probes[last].words = line.words()
            case "unseen": change.unseen = try line.text("why")
            case "driver": change.driver = try line.word("a driver")
            case "happens": change.happens = try line.text("what happens")
            case "do": change.remedy = try line.text("what to do")
            case "source": change.source = try line.text("a source")
            default: throw line.error(.syntax, "unknown fact `\(fact)`")
            }
            try line.end()
        }
        guard !change.happens.isEmpty, !change.remedy.isEmpty, !change.source.isEmpty else {
            throw heading.error(.missingFact, "\(change.id) needs the lines `happens`, `do` and `source`")
        }
        guard !change.probes.isEmpty || change.unseen != nil else {
            throw heading.error(.missingFact, "\(change.id) needs a line `find`, or `unseen` with the reason")
        }
        if let deprecated = change.deprecated, deprecated > change.since {
            throw heading.error(.contradiction, "\(change.id) is deprecated after it has happened")
        }
        return change
    }

    private static func heading(_ line: inout FactLines.Line) throws(CatalogError) -> BehaviourChange {
        let id = try line.word("an id")
        let since = try line.version()
        guard let severity = BehaviourChange.Severity(rawValue: try line.word("a severity")),
            let consequence = BehaviourChange.Consequence(rawValue: try line.word("a consequence"))
        else { throw line.error(.syntax, "expected `ID MINOR SEVERITY CONSEQUENCE`") }
        var change = BehaviourChange(
            id: id, since: since, severity: severity, consequence: consequence, happens: "", remedy: "", source: "")
        while let word = line.word() {
            switch word {
            case "likely": change.confidence = .likely
            case "possible": change.confidence = .possible
            case "crossing": change.concernsOnlyCrossing = true
            case "as-written": change.isOnlyAsWritten = true
            case "once": change.isToldOnce = true
            default: throw line.error(.syntax, "unknown word `\(word)` behind the consequence")
            }
        }
        return change
    }

    private static func probe(_ line: inout FactLines.Line, told: String?) throws(CatalogError) -> Probe {
        let isOnlyPossible = line.take("?")
        let carrier = try ProbeWords.carrier(&line)
        var probe = Probe(carrier, isOnlyPossible: isOnlyPossible, told: told)
        if line.take("at") { probe.scope = try ProbeWords.pattern(&line) }
        var ahead = line
        if ahead.word() != nil { probe.tests = [try ProbeWords.test(&line)] }
        if probe.tests.isEmpty {
            switch carrier {
            case .flag, .configuration: break
            default: throw line.error(.syntax, "expected a test behind the carrier")
            }
        }
        return probe
    }
}
