import Catalog
import Findings
import Manifests
import Testing

/// Every change of behaviour, in every carrier it names: generated, loaded, and found exactly from its release on.
@Suite("Every change of behaviour")
struct BehaviourTableTests {
    static let facts = CatalogFacts.builtIn
    static let minors = Set(facts.behaviours.map(\.since)).sorted()

    @Test("is recognised by something, or says why nothing in files does")
    func carriers() {
        for change in Self.facts.behaviours where change.probes.isEmpty {
            #expect(change.unseen != nil, "\(change.id)")
        }
        for change in Self.facts.behaviours {
            for test in change.probes.flatMap({ $0.tests + $0.exceptions }) {
                guard case .matches(let pattern) = test.condition else { continue }
                let sample = CaseBuilder.samples[pattern.description]
                #expect(sample.map(pattern.matches) == true, "\(change.id): a sample for \(pattern)")
            }
        }
    }

    @Test("is found at its release and not before, at the place where it is written", arguments: minors)
    func table(_ since: KubernetesVersion) throws {
        var run = FactRun()
        for change in Self.facts.behaviours where change.since == since {
            for probe in change.probes {
                for entry in BehaviourCases(change, probe).all { run.add(entry) }
            }
        }
        let before = KubernetesVersion(minor: since.minor - 1)
        // Who comes from the release before hears everything that is new.
        let old = run.findings(at: before, from: KubernetesVersion(minor: before.minor - 1))
        let new = run.findings(at: since, from: before)
        #expect(new.errors == [])
        let lines = new.text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, entry) in run.cases.enumerated() {
            func isIt(_ finding: Finding) -> Bool {
                finding.code == entry.code && (entry.fact == nil || finding.fact == entry.fact)
                    && (entry.since == nil || finding.since == entry.since)
            }
            let found = new.findings[index].filter(isIt)
            #expect(found.isEmpty == !entry.isFound, "\(entry.what): \(YAML.text(entry.json))")
            #expect(!old.findings[index].contains(where: isIt), "\(entry.what) at \(before)")
            for finding in found {
                #expect(finding.message.hasSuffix(".") && finding.remedy.hasSuffix("."), "\(finding.message)")
                let location = try #require(finding.location, "\(entry.what)")
                let path = try #require(finding.path, "\(entry.what)")
                let written = lines[location.line - 1].dropFirst(location.column - 1)
                #expect(isWritten(path, in: entry.json, as: written), "\(entry.what): \(path) at \(written)")
            }
        }
        #expect(!run.cases.isEmpty)
    }

    /// Whether what stands at the finding's place is the name or the value of its field, or, where something is
    /// missing, what should hold it.
    private func isWritten(_ path: FieldPath, in json: JSONValue, as text: Substring) -> Bool {
        guard let value = json[path], let last = path.elements.last else { return json[path] != nil }
        if case .member(let name) = last, text.drop(while: { $0 == "\"" || $0 == "'" }).hasPrefix(name) { return true }
        switch value {
        case .string(let string):
            return string.contains("\n") || string.count > 80 || text.contains(string)
        case .integer(let number): return text.hasPrefix("\(number)")
        case .bool(let isTrue): return text.hasPrefix("\(isTrue)")
        case .object(let members): return members.isEmpty || members.contains { text.contains($0.key) }
        case .array, .double, .null: return !text.isEmpty
        }
    }

    @Test("stays quiet for who lives with it already, unless it is refused")
    func news() {
        let target = KubernetesVersion(minor: 37)
        var run = FactRun()
        for change in Self.facts.behaviours where !change.concernsOnlyCrossing {
            for probe in change.probes where probe.told == nil {
                run.cases(BehaviourCases(change, probe).all.filter { $0.isFound && $0.fact != nil })
            }
        }
        let result = run.findings(at: target, from: target)
        for (index, entry) in run.cases.enumerated() {
            let isRefused = entry.fact.flatMap { Self.facts.behaviour($0) }?.consequence == .refused
            let isFound = result.findings[index].contains { $0.fact == entry.fact }
            #expect(isFound == isRefused, "\(entry.what)")
        }
    }

    @Test("is found only in documents that hold a word its check asks for", arguments: minors)
    func needs(_ since: KubernetesVersion) {
        let context = CheckContext(target: since, from: KubernetesVersion(minor: since.minor - 1))
        let needs = Dictionary(Checks.all.map { ($0.code, $0.need(in: context)) }) { first, _ in first }
        for change in Self.facts.behaviours where change.since == since {
            for entry in change.probes.flatMap({ BehaviourCases(change, $0).all }) where entry.isFound {
                let isWanted = needs[entry.code]?.isMet(by: entry.json)
                #expect(isWanted == true, "\(entry.what): \(YAML.text(entry.json))")
            }
        }
    }

    @Test("that concerns nearly everybody is said only to who comes from before it")
    func crossing() {
        let changes = Self.facts.behaviours.filter(\.concernsOnlyCrossing)
        #expect(!changes.isEmpty)
        var run = FactRun()
        for change in changes {
            for probe in change.probes { run.cases(BehaviourCases(change, probe).all.filter(\.isFound)) }
        }
        let target = KubernetesVersion(minor: 37)
        let quiet = run.findings(at: target).findings
        for (index, entry) in run.cases.enumerated() {
            #expect(!quiet[index].contains { $0.fact == entry.fact }, "\(entry.what)")
        }
    }
}

extension FactRun {
    mutating func cases(_ entries: [FactCase]) { for entry in entries { add(entry) } }
}
