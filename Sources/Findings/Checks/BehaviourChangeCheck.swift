import Catalog
import Manifests

/// Fields, annotations, labels, volumes and names that mean something else, or nothing, at the target.
///
/// What to look for, and where, stands in the catalog's changes of behaviour; this only knows where a PodSpec is.
public struct BehaviourChangeCheck: Check {
    public let code = "behaviour-change"
    public let summary = "A field, annotation, label or volume no longer does at the target what it did."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let object = subject.object
        let facts = context.catalog.facts
        var matches: [Match] = []
        if !SystemOwned.isMadeAnew(object) {
            for reference in facts.probes(in: object.gvk.groupKind) {
                matches += match(reference, in: object.json, at: FieldPath(), subject, context)
            }
            for reference in facts.probes(in: .anyObject) {
                matches += match(reference, in: object.json, at: FieldPath(), subject, context)
            }
            for (spec, path) in PodSpecs.all(in: object, facts: facts) {
                for reference in facts.probes(in: .pod) {
                    matches += match(reference, in: spec, at: path, subject, context)
                }
                let template = FieldPath(Array(path.elements.dropLast()))
                for reference in facts.probes(in: .podMetadata) {
                    matches += match(reference, in: object.json[template] ?? .null, at: template, subject, context)
                }
            }
        }
        if PodSpecs.isStaticPod(subject) {
            for reference in facts.probes(in: .staticPod) {
                matches += match(reference, in: object.json, at: FieldPath(), subject, context)
            }
        }
        return told(matches).map { finding($0, in: subject) }.sortedByPlace
    }

    private struct Match {
        let verdict: FactVerdict
        let probe: Probe
        let path: FieldPath
        /// What stands there, where it is that which says it.
        let value: String?

        /// The place, and what stands there where that says more.
        var words: String { value.map { "\(path) \($0)" } ?? path.description }
    }

    private func match(
        _ reference: CatalogFacts.ProbeReference, in root: JSONValue, at path: FieldPath, _ subject: CheckSubject,
        _ context: CheckContext
    ) -> [Match] {
        let change = context.catalog.facts.behaviours[reference.change]
        let probe = change.probes[reference.probe]
        if case .object(_, let version?, _) = probe.carrier, version != subject.object.gvk.version { return [] }
        guard let verdict = FactVerdict(change, context: context), !(change.isOnlyAsWritten && subject.isFromServer)
        else { return [] }
        return probe.places(in: root).map { place in
            Match(
                verdict: verdict, probe: probe, path: FieldPath(path.elements + place.elements),
                value: subject.object.gvk.kind == "Secret" ? nil : probe.telling(root[place]))
        }
    }

    /// Each place of a change once, and only the first place where that is enough.
    private func told(_ matches: [Match]) -> [Match] {
        var seen: Set<String> = []
        return matches.filter { match in
            let change = match.verdict.change
            return seen.insert(change.isToldOnce ? change.id : "\(change.id) \(match.path)").inserted
        }
    }

    private func finding(_ match: Match, in subject: CheckSubject) -> Finding {
        let verdict = match.verdict
        var finding = subject.finding(
            code, verdict.severity(match.probe), confidence: verdict.confidence(match.probe),
            consequence: verdict.consequence, about: subject.object.gvk, at: match.path, since: verdict.since,
            message: verdict.message(about: match.words), remedy: verdict.remedy, fact: verdict.change.id)
        finding.concerned = verdict.concerned(subject)
        if match.probe.tests.first?.isAboutName ?? false {
            finding.location = subject.keyLocation(of: match.path)
        }
        return finding
    }

    public func need(in context: CheckContext) -> CheckNeed {
        let facts = context.catalog.facts
        let objects = Set(facts.behaviours.flatMap(\.probes).compactMap(\.objectKind))
        let places: [CatalogFacts.ProbePlace] = [.anyObject, .pod, .podMetadata, .staticPod]
        return .probes(
            objects.flatMap { facts.probes(in: $0) } + places.flatMap { facts.probes(in: $0) }, context: context)
    }
}

extension FieldTest {
    /// Whether the name of a field says it, not its value.
    var isAboutName: Bool {
        switch condition {
        case .present, .hasKey, .hasKeyPrefix: true
        default: false
        }
    }
}

extension Probe {
    /// A value that is itself what the probe goes by, if it is short enough for a sentence.
    fileprivate func telling(_ value: JSONValue?) -> String? {
        switch tests.first?.condition {
        case .equals, .differs, .matches, .mismatches, .holds, .isNotAmong, .hasHostBits: break
        default: return nil
        }
        guard let text = value?.scalarText, !text.isEmpty, text.utf8.count <= 120, !text.contains(where: \.isNewline)
        else { return nil }
        return text
    }

    /// The kind it is bound to.
    fileprivate var objectKind: GroupKind? {
        guard case .object(let group, _, let kind) = carrier else { return nil }
        return GroupKind(group: group, kind: kind)
    }
}
