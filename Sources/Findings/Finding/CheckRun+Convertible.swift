import Conversion
import Manifests

extension CheckRun {
    /// Marks what `kirikae convert` mends: what the same checks no longer find in the object as it would be converted.
    ///
    /// So a finding names the command exactly where the command helps. What the text around it does not allow (templates,
    /// aliases) shows only when it is edited.
    func markingConvertible(_ findings: [Finding], in subject: CheckSubject) -> [Finding] {
        guard !findings.isEmpty else { return findings }
        let converted = context.conversion.converted(subject.object)
        guard converted != subject.object else { return findings }
        let left = checks.flatMap { $0.findings(in: subject.with(converted), context: context) }
        var places: [Matter: Set<FieldPath?>] = [:]
        for finding in left { places[Matter(finding), default: []].insert(finding.path) }
        let before = Dictionary(grouping: findings, by: Matter.init).mapValues { Set($0.map(\.path)) }
        return findings.map { finding in
            let matter = Matter(finding)
            let there = places[matter] ?? []
            // Where it is found at a place of another name, fields moved, and nobody can say which of them it was.
            let isMoved = !there.subtracting(before[matter] ?? []).isEmpty
            var finding = finding
            finding.isConvertible = !isMoved && !there.contains(finding.path)
            return finding
        }
    }

    /// What a finding is about, wherever in the object it stands.
    private struct Matter: Hashable {
        var code: String
        var fact: String?
        var place: Finding.Place

        init(_ finding: Finding) {
            code = finding.code
            fact = finding.fact
            place = finding.place
        }
    }
}
