import Catalog
import Findings
import Manifests
import Testing

/// Every change of a field: found exactly from its release on, in every kind that has the field.
@Suite("Every change of a field")
struct FieldTableTests {
    static let facts = CatalogFacts.builtIn
    static let changes = facts.fieldChanges.filter { $0.told == nil && $0.unseen == nil }
    static let minors = Set(changes.compactMap(\.since)).sorted()

    static let codes: [FieldChange.Change: String] = [
        .gone: "field-removed", .new: "field-not-served-yet", .required: "field-required",
        .deprecated: "field-deprecated",
    ]

    @Test("is told by a change of behaviour that looks at the field, or says why nothing does")
    func told() throws {
        for change in Self.facts.fieldChanges {
            guard let told = change.told else {
                if change.change == .optional { #expect(change.unseen != nil, "\(change.id)") }
                continue
            }
            let behaviour = try #require(Self.facts.behaviour(told))
            let name = try #require(change.path.names.max { $0.utf8.count < $1.utf8.count })
            let looks = behaviour.probes.flatMap(\.tests).contains { $0.path.description.contains(name) }
            #expect(looks, "\(change.id) is said to be told by \(told)")
        }
    }

    @Test("is found at its release and not before, or up to the one before", arguments: minors)
    func table(_ since: KubernetesVersion) throws {
        var run = FactRun()
        var own: [FieldChange] = []
        for change in Self.changes where change.since == since {
            for json in documents(of: change) {
                run.add(
                    FactCase(json: json, code: Self.codes[change.change] ?? "", fact: change.id, what: change.id))
                own.append(change)
            }
        }
        let before = KubernetesVersion(minor: since.minor - 1)
        let old = run.findings(at: before)
        let new = run.findings(at: since)
        #expect(new.errors == [])
        for (index, entry) in run.cases.enumerated() {
            let was = old.findings[index].filter { $0.fact == entry.fact && $0.code == entry.code }
            let now = new.findings[index].filter { $0.fact == entry.fact && $0.code == entry.code }
            let (here, there) = own[index].change == .new ? (was, now) : (now, was)
            #expect(here.count == 1, "\(entry.what):\n\(YAML.text(entry.json))")
            #expect(there.isEmpty, "\(entry.what) before or after")
            let context = CheckContext(target: own[index].change == .new ? before : since)
            let isWanted = FieldChangeCheck(own[index].change).need(in: context).isMet(by: entry.json)
            #expect(isWanted, "\(entry.what): \(YAML.text(entry.json))")
            for finding in here {
                #expect(finding.location != nil && finding.path.map { entry.json[$0] != nil } ?? false, "\(entry.what)")
            }
        }
    }

    @Test("is not found where the field is as the release wants it")
    func clean() {
        var run = FactRun()
        for change in Self.changes where change.change == .required {
            for json in documents(of: change, writing: true) {
                run.add(FactCase(json: json, code: "field-required", fact: change.id, what: change.id))
            }
        }
        let result = run.findings(at: KubernetesVersion(minor: 37))
        for (index, entry) in run.cases.enumerated() {
            #expect(!result.findings[index].contains { $0.fact == entry.fact }, "\(entry.what)")
        }
        #expect(!run.cases.isEmpty)
    }

    /// One document for a kind's own field; for a shared type one in every kind it stands in.
    private func documents(of change: FieldChange, writing: Bool = false) -> [JSONValue] {
        var roots: [(GroupVersionKind, PathPattern)] = []
        switch change.owner {
        case .kind(let gvk): roots = [(gvk, PathPattern())]
        case .shared(let name):
            roots = Self.facts.mounts.filter { $0.name == name }.map { mount in
                let isAny = mount.kind == "*"
                return (
                    GroupVersionKind(
                        group: isAny ? "" : mount.group, version: mount.version ?? "v1",
                        kind: isAny ? "ConfigMap" : mount.kind), mount.path
                )
            }
        }
        return roots.map { gvk, mount in
            var json: JSONValue = ["apiVersion": .string(gvk.apiVersion), "kind": .string(gvk.kind)]
            let steps = mount.steps + change.path.steps
            if change.change == .required, !writing {
                CaseBuilder.put(["other": "x"], at: steps.dropLast(), into: &json)
                if case .member(let name) = steps.last, steps.count == 1 { json[name] = nil }
            } else {
                CaseBuilder.put(["name": "given"], at: steps[...], into: &json)
            }
            return json
        }
    }
}
