import Findings
import FoundationEssentials
import Manifests
import Testing

/// What the checks say about manifests of public projects, kept to be read by people: a line that is false is a bug.
///
/// A line holds when it begins to hurt, how bad it is, the code, the place, the object and the API it is about.
@Suite("Findings in public manifests")
struct CorpusFindingsTests {
    static let corpus = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/../shared/corpus"

    @Test(
        "are those that were read and found true",
        .enabled(if: FileManager.default.fileExists(atPath: corpus), "no ../shared/corpus here"),
        arguments: [(nil, 36), (16, 36), (nil, 25)] as [(Int?, Int)])
    func golden(_ from: Int?, _ to: Int) throws {
        let run = CheckRun(
            target: KubernetesVersion(minor: to), from: from.map { KubernetesVersion(minor: $0) })
        let result = run.run(ManifestLoader().load([Self.corpus]))
        #expect(result.accounting.objects > 500)
        let findings = CheckReport(result).entries.map(\.finding)
        var lines = findings.map { finding in
            let place = finding.location?.description.dropFirst(Self.corpus.count + 1) ?? "-"
            return [
                finding.stage(from: result.from).description, finding.severity.rawValue, finding.confidence.rawValue,
                finding.consequence.rawValue, finding.code, String(place), finding.object.description,
                finding.gvk.description, finding.path?.description ?? "-",
            ].joined(separator: " | ")
        }.sorted()
        lines.append(
            "\(findings.count) findings; \(result.errors.count) errors; "
                + "\(result.unrendered.count) unrendered templates")
        let name = from.map { "1.\($0)-1.\(to)" } ?? "1.\(to)"
        try expectSnapshot(lines.joined(separator: "\n") + "\n", "corpus/\(name).txt")
    }
}
