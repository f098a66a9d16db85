import Findings
import Manifests
import Testing

/// What holds of every check in the registry; a new one needs only its fixture folder.
@Suite("Every check")
struct CheckConformanceTests {
    static let checks = Checks.all + Checks.strict

    static let run: CheckRun = {
        var run = CheckRun(target: KubernetesVersion(minor: 36), checks: checks)
        // 2026-12-15, which the fixtures with certificates were made for.
        run.context.certificates = CertificateTerm(now: 1_797_292_800, days: 30)
        return run
    }()

    @Test("has a code in kebab case, of its own")
    func codes() {
        let codes = Self.checks.map(\.code)
        #expect(Set(codes).count == codes.count)
        for check in Self.checks {
            #expect(check.code.allSatisfy { $0.isLowercase || $0 == "-" })
            #expect(check.summary.hasSuffix("."))
        }
    }

    @Test("finds exactly what its fixture marks, at the place it marks", arguments: checks.map(\.code))
    func finds(_ code: String) throws {
        let file = "checks/\(code)/finds.yaml"
        let report = Fixtures.load(file)
        #expect(report.errors.isEmpty)
        let findings = Self.run.run(report).findings.filter { $0.code == code }
        let marked = try Fixtures.lines(of: file, marked: code)
        #expect(!marked.isEmpty)
        #expect(findings.map { $0.location?.line } == marked)
        for finding in findings {
            #expect(finding.message.hasSuffix(".") && finding.remedy.hasSuffix("."), "\(finding.message)")
            #expect(finding.path != nil && !finding.object.kind.kind.isEmpty)
        }
    }

    @Test("leaves alone what its fixture holds beside", arguments: checks.map(\.code))
    func silent(_ code: String) {
        let report = Fixtures.load("checks/\(code)/silent.yaml")
        #expect(report.errors.isEmpty && !report.objects.isEmpty)
        #expect(Self.run.run(report).findings.filter { $0.code == code }.map(\.message) == [])
    }

    @Test("says the same of an object whether it was loaded or stands in an inventory")
    func sources() {
        for code in Self.checks.map(\.code) {
            let report = Fixtures.load("checks/\(code)/finds.yaml")
            let loaded = Self.run.run(report).findings.map { "\($0.code) \($0.object) \($0.message)" }
            let kept = Self.run.run(Fixtures.inventory(report)).findings.map { "\($0.code) \($0.object) \($0.message)" }
            #expect(loaded.sorted() == kept.sorted())
        }
    }
}
