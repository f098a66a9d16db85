import Catalog
import Manifests

extension CheckNeed {
    /// What the probes at some places need that can speak at all from one release to another.
    static func probes(_ references: [CatalogFacts.ProbeReference], context: CheckContext) -> CheckNeed {
        var groups: Set<Set<String>> = []
        let facts = context.catalog.facts
        for reference in references {
            let change = facts.behaviours[reference.change]
            guard FactVerdict(change, context: context) != nil else { continue }
            let probe = change.probes[reference.probe]
            guard let needed = probe.needed, !needed.isEmpty else { return .everything }
            // The kind's name stands in the document as well, and makes a common word rare.
            if case .object(_, _, let kind) = probe.carrier {
                groups.formUnion(needed.map { [$0, kind] })
            } else {
                groups.formUnion(needed.map { [$0] })
            }
        }
        return .anyGroupOf(groups)
    }
}

extension Probe {
    /// Words of which one stands in every document that matches; nil when there are none.
    var needed: Set<String>? {
        if !words.isEmpty { return Set(words) }
        if let told = tests.compactMap(\.needed).max(by: { Self.rarity($0) < Self.rarity($1) }) { return told }
        if let name = scope.rarestName { return [name] }
        switch carrier {
        case .object(_, _, let kind): return [kind]
        case .configuration(let group, let version, let kind):
            return [kind ?? version.map { "\(group)/\($0)" } ?? group]
        case .kubeconfig: return ["Config"]
        case .flag(let components, let names, let test):
            // In kubeadm's extraArgs a flag stands without its dashes, and the component under another name; components
            // take underscores as well.
            let spellings = names + names.map { String($0.map { $0 == "-" ? "_" : $0 }) }
            return test == .isMissing ? Set(components) : Set(spellings)
        case .anyObject, .pod, .podMetadata, .staticPod: return nil
        }
    }

    /// Words are the rarer the longer the shortest of them is.
    private static func rarity(_ words: Set<String>) -> Int { words.map(\.utf8.count).min() ?? 0 }
}

extension FieldTest {
    /// Words of which one stands wherever the statement is true; nil when it may be true of what is absent.
    fileprivate var needed: Set<String>? {
        switch condition {
        case .absent, .lacks, .atMost: return nil
        case .equals(let values):
            // Booleans and numbers have many spellings, and a name with an odd character may be written with escapes.
            let isPlain = values.allSatisfy { value in
                value.utf8.count > 3 && value != "true" && value != "false" && !value.utf8.contains { $0 <= 0x20 }
                    && value.utf8.contains { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            }
            return isPlain ? Set(values) : names
        case .hasKey(let names): return Set(names)
        case .hasKeyPrefix(let prefix): return [prefix]
        case .holds(let word): return [word]
        case .present, .differs, .matches, .mismatches, .isNotAmong, .without, .hasHostBits: return names
        }
    }

    private var names: Set<String>? {
        let last = path.lastNames
        if let rarest = path.rarestName, rarest.utf8.count >= (last.map(\.utf8.count).min() ?? 0) { return [rarest] }
        return last.isEmpty ? nil : last
    }
}
