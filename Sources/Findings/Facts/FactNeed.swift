import Catalog
import Manifests

extension CheckNeed {
    /// What the probes at some places need that can speak at all from one release to another.
    static func probes(_ references: [CatalogFacts.ProbeReference], context: CheckContext) -> CheckNeed {
        var clauses: Set<DocumentFilter.Clause> = []
        let facts = context.catalog.facts
        for reference in references {
            let change = facts.behaviours[reference.change]
            guard FactVerdict(change, context: context) != nil else { continue }
            clauses.formUnion(change.probes[reference.probe].clauses(facts))
        }
        return CheckNeed(clauses)
    }
}

extension Probe {
    /// What stands in every document that matches.
    fileprivate func clauses(_ facts: CatalogFacts) -> [DocumentFilter.Clause] {
        var words = NeededWords(all: scope.names, choices: scope.eitherNames)
        for test in tests { test.add(to: &words) }
        // Whoever wrote the fact knew best.
        if !self.words.isEmpty { words.choices = [Set(self.words)] }
        let pods = facts.kinds(mounting: "PodSpec")
        switch carrier {
        case .object(_, _, let kind): return words.clauses(in: [kind])
        case .anyObject: return words.clauses(in: nil)
        case .pod, .podMetadata: return words.clauses(in: pods)
        case .staticPod: return words.clauses(in: ["Pod"])
        case .kubeconfig: return words.clauses(in: ["Config"]) + words.adding("Config").clauses(in: Self.holders)
        case .configuration(let group, let version, let kind):
            let whole = words.adding(version.map { "\(group)/\($0)" } ?? group)
            guard let kind else { return whole.clauses(in: nil) }
            return whole.clauses(in: [kind]) + whole.adding(kind).clauses(in: Self.holders)
        case .flag(let components, let names, let test):
            // Components take underscores as well.
            let spellings = Set(names + names.map { String($0.map { $0 == "-" ? "_" : $0 }) })
            let components = components.isEmpty ? ComponentInvocation.components : Set(components)
            if test == .isMissing { return components.flatMap { words.adding($0).clauses(in: pods) } }
            words.choices.append(spellings)
            return components.flatMap { component in
                let inKubeadm = ComponentInvocation.kubeadmPlaces.filter { $0.component == component }.flatMap {
                    words.adding($0.outer).adding($0.inner).clauses(in: nil)
                }
                return words.adding(component).clauses(in: pods) + inKubeadm
            }
        }
    }

    /// Kinds that hold files as text.
    private static let holders: Set<String> = ["ConfigMap", "Secret"]
}

extension CatalogFacts {
    /// The kinds in which a type that many of them share stands.
    func kinds(mounting type: String) -> Set<String> { Set(mounts.filter { $0.name == type }.map(\.kind)) }
}

/// Words that a document holds: all of some, and one at least of each choice.
struct NeededWords {
    var all: Set<String>
    var choices: [Set<String>]

    /// The same with one word more.
    func adding(_ word: String) -> NeededWords { NeededWords(all: all.union([word]), choices: choices) }

    /// As clauses: one for each word of the choice that narrows most.
    func clauses(in kinds: Set<String>?) -> [DocumentFilter.Clause] {
        let choice = choices.max { Self.rarity($0) < Self.rarity($1) }
        guard let choice, !choice.isEmpty else { return [DocumentFilter.Clause(words: all, kinds: kinds)] }
        return choice.map { DocumentFilter.Clause(words: all.union([$0]), kinds: kinds) }
    }

    /// Words are the rarer the longer the shortest of them is, and fewer rather than more.
    private static func rarity(_ words: Set<String>) -> (Int, Int) {
        let canBeSearched = words.allSatisfy { DocumentFilter.canSearch(forAnyOf: [$0]) }
        return (canBeSearched ? words.map(\.utf8.count).min() ?? 0 : -1, -words.count)
    }
}

extension FieldTest {
    /// Adds what stands wherever the statement is true; nothing when it may be true of what is absent.
    fileprivate func add(to words: inout NeededWords) {
        switch condition {
        case .absent, .lacks, .atMost: return
        case .equals(let values):
            // Booleans and numbers have many spellings, and a name with an odd character may be written with escapes.
            let isPlain = values.allSatisfy { value in
                value.utf8.count > 3 && value != "true" && value != "false" && !value.utf8.contains { $0 <= 0x20 }
                    && value.utf8.contains { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            }
            if isPlain { words.choices.append(Set(values)) }
        case .hasKey(let names): words.choices.append(Set(names))
        case .hasKeyPrefix(let prefix): words.all.insert(prefix)
        case .holds(let word): words.all.insert(word)
        case .present, .differs, .matches, .mismatches, .isNotAmong, .without, .hasHostBits: break
        }
        words.all.formUnion(path.names)
        words.choices += path.eitherNames
    }
}
