import Catalog
import Findings
import Manifests
import Testing

/// Every custom resource of a project: what each of its releases makes of it.
@Suite("Every custom resource of a project")
struct EcosystemTableTests {
    static let facts = CatalogFacts.builtIn
    static let projects = Set(facts.ecosystem.map(\.project)).sorted()

    private func document(_ gvk: GroupVersionKind) -> JSONValue {
        ["apiVersion": .string(gvk.apiVersion), "kind": .string(gvk.kind)]
    }

    @Test("is found at the release that removed or deprecated it, and not before", arguments: projects)
    func table(_ project: String) {
        let apis = Self.facts.ecosystem.filter { $0.project == project }
        var run = FactRun()
        for api in apis {
            run.add(FactCase(json: document(api.gvk), code: "ecosystem-api", what: "\(api.gvk)"))
        }
        let changes = Set(apis.flatMap { [$0.deprecated, $0.removed].compactMap { $0 } }).sorted()
        for release in changes.flatMap({ [Self.before($0), $0] }) {
            let check = EcosystemAPICheck(releases: [project: release])
            let found = run.findings(at: KubernetesVersion(minor: 36), checks: [check]).findings
            for (index, api) in apis.enumerated() {
                let severity: Finding.Severity? =
                    api.removed.map { release >= $0 } ?? false
                    ? .breaks : api.deprecated.map { release >= $0 } ?? false ? .warns : nil
                #expect(found[index].map(\.severity) == (severity.map { [$0] } ?? []), "\(api.gvk) at \(release)")
            }
        }
    }

    static func before(_ release: ReleaseVersion) -> ReleaseVersion {
        release.minor > 0
            ? ReleaseVersion(major: release.major, minor: release.minor - 1, patch: 99)
            : ReleaseVersion(major: release.major - 1, minor: 999)
    }

    @Test("is found by the version of its distribution too")
    func distributions() {
        let apis = Self.facts.ecosystem.filter { $0.inDistribution != nil }
        #expect(apis.count == 40)
        for api in apis {
            guard let distribution = api.inDistribution, let removed = distribution.removed else { continue }
            var run = FactRun()
            run.add(FactCase(json: document(api.gvk), code: "ecosystem-api", what: "\(api.gvk)"))
            let at = { (release: ReleaseVersion) in
                run.findings(
                    at: KubernetesVersion(minor: 36),
                    checks: [EcosystemAPICheck(releases: [distribution.name: release])]
                ).findings[0].map(\.severity)
            }
            #expect(at(removed) == [.breaks], "\(api.gvk)")
            #expect(at(Self.before(removed)) != [.breaks], "\(api.gvk)")
        }
    }

    @Test("is only possible where the release is not known, and likely where Kubernetes asks for a later one")
    func unknown() throws {
        var run = FactRun()
        for api in Self.facts.ecosystem { run.add(FactCase(json: document(api.gvk), code: "", what: "\(api.gvk)")) }
        let found = run.findings(at: KubernetesVersion(minor: 36)).findings
        for (index, api) in Self.facts.ecosystem.enumerated() {
            let finding = try #require(found[index].first { $0.code == "ecosystem-api" }, "\(api.gvk)")
            #expect(finding.confidence < .certain, "\(api.gvk)")
        }
        let certManager = try #require(
            Self.facts.ecosystem.firstIndex { $0.gvk.description == "cert-manager.io/v1alpha2 Certificate" })
        #expect(found[certManager].first?.confidence == .likely && found[certManager].first?.severity == .breaks)
    }
}
