public import Catalog
import Manifests

/// Fields that the target does not have any more or not yet, or wants, or calls deprecated, while it serves the kind
/// at the version the object is written at.
public struct FieldChangeCheck: Check {
    private let change: FieldChange.Change

    /// - Parameter change: what has to have happened to the field; there is nothing to find about `optional`.
    public init(_ change: FieldChange.Change) { self.change = change }

    public var code: String {
        switch change {
        case .gone: "field-removed"
        case .new: "field-not-served-yet"
        case .required, .optional: "field-required"
        case .deprecated: "field-deprecated"
        }
    }

    public var summary: String {
        switch change {
        case .gone: "A field of the object does not exist any more at the target release."
        case .new: "A field of the object comes only after the target release."
        case .required, .optional: "A field that the target release asks for is missing."
        case .deprecated: "A field of the object is deprecated at the target release."
        }
    }

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        let facts = context.catalog.facts
        let object = subject.object
        guard !SystemOwned.isMadeAnew(object) else { return [] }
        var findings: [Finding] = []
        for change in facts.fieldChanges(of: .kind(object.gvk)) where applies(change, context) {
            findings += find(change, in: object.json, at: FieldPath(), subject, context)
        }
        for mount in facts.mounts(in: object.gvk) {
            let changes = facts.fieldChanges(of: .shared(mount.name)).filter { applies($0, context) }
            guard !changes.isEmpty else { continue }
            for place in mount.path.places(in: object.json) {
                for change in changes { findings += find(change, in: place.value, at: place.path, subject, context) }
            }
        }
        return change == .new ? toldOncePerName(findings.sortedByPlace) : findings.sortedByPlace
    }

    /// The first place of every field that is not known yet: the schemas of a CRD hold the same one hundreds of times.
    private func toldOncePerName(_ findings: [Finding]) -> [Finding] {
        /// Fields of one name that come with one release mean the same.
        struct Field: Hashable {
            var last: FieldPath.Element?
            var release: KubernetesVersion?
        }
        var first: [Field: Int] = [:]
        var places: [Int] = []
        var told: [Finding] = []
        for var finding in findings {
            let field = Field(last: finding.path?.elements.last, release: finding.since)
            if let index = first[field] {
                places[index] += 1
                continue
            }
            first[field] = told.count
            // From its release on a new field hurts nobody any more.
            finding.since = nil
            told.append(finding)
            places.append(1)
        }
        for (index, count) in places.enumerated() where count > 1 {
            told[index].message += " The object has it in \(count) places, of which this is the first."
        }
        return told
    }

    private func applies(_ change: FieldChange, _ context: CheckContext) -> Bool {
        guard change.change == self.change, change.told == nil, change.unseen == nil else { return false }
        if let last = change.last, context.target > last { return false }
        let since = change.since ?? context.catalog.oldest
        switch self.change {
        case .new: return context.target < since
        case .gone: return context.target >= since && context.isNews(since, .pruned)
        case .required: return context.target >= since && context.isNews(since, .refused)
        case .deprecated: return context.target >= since && context.isNews(since, .nothingYet)
        case .optional: return false
        }
    }

    private func find(
        _ change: FieldChange, in root: JSONValue, at base: FieldPath, _ subject: CheckSubject, _ context: CheckContext
    ) -> [Finding] {
        if self.change == .required { return missing(change, in: root, at: base, subject) }
        guard change.path.exists(in: root) else { return [] }
        return change.path.places(in: root, at: base).filter { !$0.value.isEmptyField }.map { place in
            var finding: Finding
            switch self.change {
            case .gone:
                finding = make(
                    .breaks, .pruned, change, place.path, subject,
                    "\(place.path) does not exist in \(subject.object.gvk) since \(change.words): kubectl refuses it, and "
                        + "other clients lose it without a word.",
                    "Take it out, or write what came in its place.")
            case .new:
                finding = make(
                    .warns, .pruned, change, place.path, subject,
                    "\(place.path) comes with \(change.words); \(context.target) does not know it in "
                        + "\(subject.object.gvk): kubectl refuses it, and other clients lose it without a word.",
                    "Leave it out until the cluster runs \(change.words).")
            default:
                finding = make(
                    .info, .nothingYet, change, place.path, subject,
                    "\(place.path) is deprecated since \(change.words).",
                    "See the field's description for what takes its place: kubectl explain.")
            }
            finding.location = subject.keyLocation(of: place.path)
            return finding
        }
    }

    private func missing(
        _ change: FieldChange, in root: JSONValue, at base: FieldPath, _ subject: CheckSubject
    ) -> [Finding] {
        guard case .member(let name) = change.path.steps.last else { return [] }
        let parent = PathPattern(Array(change.path.steps.dropLast()))
        return parent.places(in: root, at: base).compactMap { place in
            // A patch says only what it changes.
            guard let members = place.value.object, members[name]?.isNull ?? true, root["$patch"] == nil,
                subject.object.json["$patch"] == nil
            else { return nil }
            return make(
                .breaks, .refused, change, place.path, subject,
                "\(place.path.member(name)) is missing, which \(subject.object.gvk) asks for since \(change.words).",
                "Write it.")
        }
    }

    private func make(
        _ severity: Finding.Severity, _ consequence: Finding.Consequence, _ change: FieldChange, _ path: FieldPath,
        _ subject: CheckSubject, _ message: String, _ remedy: String
    ) -> Finding {
        subject.finding(
            code, severity, consequence: consequence, about: subject.object.gvk, at: path, since: change.since,
            message: message, remedy: remedy, fact: change.id)
    }

    public func need(in context: CheckContext) -> CheckNeed {
        let facts = context.catalog.facts
        var clauses: Set<DocumentFilter.Clause> = []
        for change in facts.fieldChanges where applies(change, context) {
            // What is missing has no name there; its parent has.
            let path = self.change == .required ? PathPattern(Array(change.path.steps.dropLast())) : change.path
            let words = NeededWords(all: path.names, choices: path.eitherNames)
            switch change.owner {
            case .kind(let gvk): clauses.formUnion(words.adding(gvk.apiVersion).clauses(in: [gvk.kind]))
            case .shared(let type): clauses.formUnion(words.clauses(in: facts.kinds(mounting: type)))
            }
        }
        return CheckNeed(clauses)
    }
}

extension FieldChange {
    /// Since when, in words.
    fileprivate var words: String { since?.description ?? "long ago" }
}

extension JSONValue {
    /// Null, or a list or map without anything in it, which says as much as no field.
    fileprivate var isEmptyField: Bool {
        switch self {
        case .null: true
        case .array(let elements): elements.isEmpty
        case .object, .bool, .integer, .double, .string: false
        }
    }
}
