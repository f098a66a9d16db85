import Catalog
import Conversion
import Findings
import FoundationEssentials
import Manifests
import Testing

/// Finding and remedy are one truth: what a finding says `kirikae convert` mends is mended, and is found no more.
@Suite("What convert is said to mend")
struct RemedyTableTests {
    static let target = KubernetesVersion(minor: 36)
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../fixtures")
        .standardized.path

    /// Texts of every kind: each change of behaviour as a generated case, the fixtures of the checks, of the
    /// conversions and of the remedies.
    static let texts: [(name: String, bytes: [UInt8])] = {
        var texts = CatalogFacts.builtIn.behaviours.map { change -> (name: String, bytes: [UInt8]) in
            // Told apart by a namespace of their own.
            let cases = change.probes.flatMap { BehaviourCases(change, $0).all.map(\.json) }.enumerated().map {
                var json = $0.element
                json[FieldPath("metadata.namespace")] = .string("case-\($0.offset)")
                return json
            }
            return (change.id, Array(YAML.text(documents: cases).utf8))
        }
        for folder in ["conversion", "edits", "remedies"] {
            for name in (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)"))?.sorted() ?? [] {
                guard name.hasSuffix(".yaml"),
                    let data = FileManager.default.contents(atPath: "\(root)/\(folder)/\(name)")
                else { continue }
                texts.append(("\(folder)/\(name)", Array(data)))
            }
        }
        for check in Checks.all {
            let file = Fixtures.path("checks/\(check.code)/finds.yaml")
            if let data = FileManager.default.contents(atPath: file) { texts.append((check.code, Array(data))) }
        }
        return texts.filter { !$0.bytes.isEmpty }
    }()

    private struct Matter: Hashable {
        var code: String
        var fact: String?
        var place: Finding.Place
        var kind: String
        var name: String
        var namespace: String?

        init(_ finding: Finding) {
            (code, fact, place) = (finding.code, finding.fact, finding.place)
            (kind, name, namespace) = (finding.object.kind.kind, finding.object.name, finding.object.namespace)
        }
    }

    @Test("is mended, and nothing new is found afterwards")
    func mended() throws {
        let run = CheckRun(target: Self.target)
        let conversion = ManifestConversion(target: Self.target)
        var claimed = 0
        for (name, bytes) in Self.texts {
            guard let source = try? ManifestSource(bytes: bytes, file: name) else { continue }
            let before = run.run(text: bytes, file: name, .building).findings
            let result = conversion.convert(source)
            #expect(
                conversion.convert(try ManifestSource(bytes: result.bytes, file: name)).edits == [], "\(name): twice")
            // What the text does not allow is named by convert; the rest has to hold.
            let refused = Set(result.left.filter { EditRefusal.Reason(rawValue: $0.code) != nil }.map(\.object))
            let after = run.run(text: result.bytes, file: name, .building).findings
            let places = Dictionary(grouping: after, by: Matter.init).mapValues { Set($0.map(\.path)) }
            for finding in before where finding.isConvertible && !refused.contains(finding.object) {
                claimed += 1
                let there = places[Matter(finding)]?.contains(finding.path) ?? false
                #expect(!there, "\(name): \(finding.code) \(finding.fact ?? "") \(finding.path?.description ?? "")")
            }
            let known = Set(before.map(Matter.init))
            for finding in after where !known.contains(Matter(finding)) && finding.severity > .info {
                Issue.record("\(name): new: \(finding.code) \(finding.fact ?? "") \(finding.object) \(finding.message)")
            }
        }
        #expect(claimed > 200, "\(claimed)")
    }

    @Test("is claimed for every change that has a remedy")
    func everyRemedy() throws {
        var seen: Set<String> = []
        for minor in [30, 36] {
            let run = CheckRun(target: KubernetesVersion(minor: minor))
            for (name, bytes) in Self.texts where name.hasSuffix("before.yaml") {
                for finding in run.run(text: bytes, file: name, .building).findings where finding.isConvertible {
                    if let fact = finding.fact { seen.insert(fact) }
                }
            }
        }
        #expect(Set(ManifestConversion.mendedChanges).subtracting(seen).sorted() == [])
    }

    @Test("leaves a file of the fixtures clean of what convert could mend")
    func clean() throws {
        for (name, bytes) in Self.texts where name.hasSuffix("after.yaml") {
            let first = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
            let target = first.hasPrefix("# target ") ? KubernetesVersion(String(first.dropFirst(9))) : nil
            let findings = CheckRun(target: target ?? Self.target).run(text: bytes, file: name, .building).findings
            #expect(findings.filter { $0.isConvertible }.map(\.message) == [], "\(name)")
        }
    }
}
