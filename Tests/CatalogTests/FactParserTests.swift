import Catalog
import FoundationEssentials
import Manifests
import Testing

@Suite("The built-in facts")
struct BuiltInFactsTests {
    let facts = CatalogFacts.builtIn

    @Test(
        "are compiled from the data files as they stand in the source tree",
        arguments: [
            ("fields.txt", "FieldText"), ("behaviours.txt", "BehaviourText"), ("ecosystem.txt", "EcosystemText"),
            ("support.txt", "SupportText"),
        ])
    func literalEqualsFile(_ file: String, _ literal: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Catalog/Facts")
        let text = try String(contentsOf: folder.appending(path: "Data/\(file)"), encoding: .utf8)
        let swift = try String(contentsOf: folder.appending(path: "\(literal).generated.swift"), encoding: .utf8)
        #expect(swift.contains("#\"\"\"\n" + text + "\n\"\"\"#"), "run scripts/generate-catalog")
    }

    @Test("that no check can find stand in the list of those, with the reason")
    func undetectable() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let list = try String(contentsOf: root.appending(path: "docs/not-found-by-check.md"), encoding: .utf8)
        for change in facts.behaviours {
            guard let reason = change.unseen else { continue }
            #expect(list.contains("- `\(change.id)` (\(change.since)") && list.contains(reason), "\(change.id)")
        }
        for change in facts.fieldChanges where change.unseen != nil {
            #expect(list.contains("- `\(change.owner)` `\(change.path)`: \(change.change.rawValue)"), "\(change.id)")
        }
    }

    @Test("hold every entry that was gathered")
    func counts() {
        #expect(facts.behaviours.count == 170)
        #expect(facts.ecosystem.count == 243)
        #expect(Set(facts.ecosystem.map(\.project)).count == 24)
        #expect(facts.compatibility.count == 17)
        let changes = Dictionary(grouping: facts.fieldChanges, by: \.change).mapValues(\.count)
        #expect(changes == [.gone: 31, .new: 491, .required: 37, .optional: 70, .deprecated: 110])
        #expect(facts.support.count { $0.provider == "upstream" } == 22)
        #expect(Set(facts.support.map(\.provider)) == ["upstream", "eks", "aks", "gke"])
    }

    @Test("refer to each other by names that exist")
    func references() {
        for change in facts.fieldChanges {
            if let told = change.told { #expect(facts.behaviour(told) != nil, "\(change.id)") }
        }
        for change in facts.fieldChanges {
            if case .shared(let name) = change.owner, change.unseen == nil {
                #expect(facts.mounts.contains { $0.name == name }, "\(name) stands nowhere")
            }
        }
    }

    @Test("give each fact a source")
    func sources() {
        #expect(facts.behaviours.allSatisfy { !$0.source.isEmpty })
        #expect(facts.ecosystem.allSatisfy { !$0.source.isEmpty })
        #expect(facts.compatibility.allSatisfy { !$0.source.isEmpty })
        #expect(facts.support.allSatisfy { !$0.source.isEmpty })
        #expect(facts.skew.remarks.allSatisfy { !$0.source.isEmpty })
    }

    @Test("know where a PodSpec stands in a kind, and which of its fields changed")
    func mounts() throws {
        let changes = facts.fieldChanges(in: gvk("batch/v1 CronJob"))
        let source = try #require(changes.first { $0.path.description.hasSuffix("resourceClaims[].source") })
        #expect(source.path.description == "spec.jobTemplate.spec.template.spec.resourceClaims[].source")
        #expect(source.since == v(31) && source.change == .gone)
        #expect(changes.contains { $0.path.description == "metadata.clusterName" })
        #expect(facts.fieldChanges(in: gvk("v1 Service")).contains { $0.path.description == "spec.topologyKeys" })
        #expect(!facts.fieldChanges(in: gvk("v1 Service")).contains { $0.path.description.contains("volumes") })
    }

    @Test(
        "judge the skew of a component",
        arguments: [
            ("kubelet", 33, 36, VersionSkew.Verdict.allowed), ("kubelet", 32, 36, .tooOld(allowed: 3)),
            ("kubelet", 24, 26, .allowed), ("kubelet", 24, 27, .tooOld(allowed: 2)),
            ("kubelet", 37, 36, .tooNew(allowed: 0)), ("kubectl", 37, 36, .allowed),
            ("kubectl", 34, 36, .tooOld(allowed: 1)), ("kube-scheduler", 35, 36, .allowed),
        ])
    func skew(_ component: String, _ minor: Int, _ server: Int, _ verdict: VersionSkew.Verdict) {
        #expect(facts.skew.verdict(of: component, at: v(minor), at: v(server)) == verdict)
    }

    @Test("know which release of a project goes with which Kubernetes")
    func compatibility() throws {
        let certManager = try #require(facts.compatibility(of: "cert-manager"))
        #expect(certManager.supports(ReleaseVersion(major: 1, minor: 16), on: v(32)) == true)
        #expect(certManager.supports(ReleaseVersion(major: 1, minor: 16), on: v(33)) == false)
        #expect(certManager.supports(ReleaseVersion(major: 3, minor: 0), on: v(33)) == nil)
        #expect(certManager.oldestRelease(for: v(33)) == ReleaseVersion(major: 1, minor: 17))
        let karpenter = try #require(facts.compatibility(of: "karpenter"))
        #expect(karpenter.supports(ReleaseVersion(major: 1, minor: 0), on: v(31)) == false)
        #expect(karpenter.supports(ReleaseVersion(major: 1, minor: 0, patch: 5), on: v(31)) == true)
        let operators = try #require(facts.compatibility(of: "prometheus-operator"))
        #expect(operators.supports(ReleaseVersion(major: 0, minor: 90), on: v(24)) == false)
        #expect(operators.supports(ReleaseVersion(major: 0, minor: 80), on: v(24)) == true)
    }

    @Test("lay others over themselves by name")
    func overlay() throws {
        let over = try CatalogFacts(
            fields: "example.com/v1 Widget\n  gone 1.30 spec.size\n",
            behaviours: """
                service-external-ips 1.30 breaks refused
                  find object v1 Service spec.externalIPs present
                  happens ours say no
                  do ask them
                  source house rules

                """)
        let both = facts.overlaid(with: over)
        #expect(both.behaviours.count == 170)
        #expect(both.behaviour("service-external-ips")?.since == v(30))
        #expect(both.fieldChanges(in: gvk("example.com/v1 Widget")).contains { $0.path.description == "spec.size" })
        #expect(both.ecosystem.count == facts.ecosystem.count && both.support == facts.support)
    }
}

@Suite("Reading facts")
struct FactParserTests {
    @Test(
        "refuses what it does not understand, with the line",
        arguments: [
            ("x 1.20 breaks\n", CatalogError.Code.syntax, 1),
            ("x 1.20 breaks refused\n", .missingFact, 1),
            ("x 1.20 breaks refused\n  find pod\n", .syntax, 2),
            ("x 1.20 breaks refused\n  find chair a present\n", .syntax, 2),
            ("x 1.20 breaks refused\n  find pod a smells\n", .syntax, 2),
            ("x 1.20 breaks refused\n  find pod a ~ (\n", .syntax, 2),
            ("x 1.20 breaks refused\n  and a present\n", .syntax, 2),
            ("x 1.20 breaks refused\n  find flag kubelet =\n", .syntax, 2),
            ("# comment\n\n  find pod a present\n", .syntax, 3),
            (Self.block + "\n" + Self.block, .duplicate, 7),
            ("x 1.20 breaks refused\n  deprecated 1.21\n  find pod a present\n" + Self.words, .contradiction, 1),
            ("x 1.20 breaks refused\n" + Self.words, .missingFact, 1),
        ])
    func behaviours(_ text: String, _ code: CatalogError.Code, _ line: Int) {
        let error = #expect(throws: CatalogError.self) { try CatalogFacts(behaviours: text) }
        #expect(error?.code == code && error?.line == line, "\(error?.description ?? "")")
        #expect(error?.file == "behaviours.txt")
    }

    static let words = "  happens a\n  do b\n  source c\n"
    static let block = "x 1.20 breaks refused\n  find pod a present\n" + words

    @Test(
        "refuses fields, projects and windows that make no sense, with the line",
        arguments: [
            ("v1 Pod\n  vanished 1.20 a\n", "", "", 2), ("v1 Pod\n  gone soon a\n", "", "", 2),
            ("v1 Pod\n  gone 1.20 a unseen why\n", "", "", 2), ("v1 Pod\n  mount v1 Pod spec\n", "", "", 2),
            ("v1 Pod\n  gone 1.20 (a\n", "", "", 2),
            ("", "project x\n  crd a/v1 A introduced 1.0 removed 1.1\n", "", 1),
            ("", "project x\n  crd a/v1 A introduced 1.0\n", "", 2),
            ("", "project x\n  crd a/v1 A introduced 1.2 removed 1.1\n", "", 2),
            ("", "project x\n  runs 1.0 in 1.20\n", "", 2), ("", "project x\n  runs 1.0 on 1.20\n", "", 1),
            ("", "", "component kubelet\n  behind 2\n", 2),
            ("", "", "provider x\n  source y\n  window 1.20 from now\n", 3),
            ("", "", "provider x\n  source y\n  window 1.20 from 2024-01-01 until 2023-01-01\n", 3),
        ])
    func others(_ fields: String, _ ecosystem: String, _ support: String, _ line: Int) {
        let error = #expect(throws: CatalogError.self) {
            try CatalogFacts(fields: fields, ecosystem: ecosystem, support: support)
        }
        #expect(error?.line == line, "\(error?.description ?? "")")
    }

    @Test(
        "names places by patterns",
        arguments: [
            ("a.b", "{a: {b: 1}}", "a.b"), ("a[].b", "{a: [{b: 1}, {c: 1}, {b: 2}]}", "a[0].b a[2].b"),
            ("a.(b|c[])", "{a: {b: 1, c: [1, 2]}}", "a.b a.c[0] a.c[1]"),
            ("a..k", "{a: {k: 1, x: {k: 2}, z: [{k: 3}]}}", "a.k a.x.k a.z[0].k"),
            ("a[].b", "{a: {x: {b: 1}, z: {b: 2}}}", "a.x.b a.z.b"), ("a.b", "{a: []}", ""),
        ])
    func patterns(_ pattern: String, _ yaml: String, _ expected: String) throws {
        let value = try #require(try YAML.documents(Array(yaml.utf8), file: "x").first).value
        let parsed = try #require(PathPattern(pattern))
        #expect(parsed.description == pattern)
        #expect(parsed.places(in: value).map(\.path.description).joined(separator: " ") == expected)
        #expect(parsed.exists(in: value) == !expected.isEmpty)
    }

    @Test(
        "tells when a statement is true",
        arguments: [
            ("find pod a present", "{a: 1}", true), ("find pod a present", "{a: null}", false),
            ("find pod a absent", "{b: 1}", true), ("find pod a absent", "{a: ''}", true),
            ("find pod a absent", "{a: 0}", false), ("find pod a = true", "{a: yes}", true),
            ("find pod a = x z", "{a: z}", true), ("find pod a != x", "{}", false), ("find pod a != x", "{a: z}", true),
            ("find pod a lacks x", "{}", true), ("find pod a lacks x", "{a: x}", false),
            ("find pod a ~ ^x", "{a: xy}", true), ("find pod a !~ ^x", "{a: yx}", true),
            ("find pod a !~ ^x", "{}", false), ("find pod a key k", "{a: {k: 1}}", true),
            ("find pod a key-prefix k/", "{a: {k/x: 1}}", true), ("find pod a at-most 1", "{a: 1}", true),
            ("find pod a at-most 1", "{}", true), ("find pod a at-most 1", "{a: 2}", false),
            ("find pod a item x", "{a: 'y,x'}", true), ("find pod a item x", "{a: xy}", false),
            ("find pod a[] not-among b[].id", "{a: [x, z], b: [{id: x}]}", true),
            ("find pod a[] not-among b[].id", "{a: [x], b: [{id: x}]}", false),
            ("find pod a[] without k", "{a: [{k: 1}, {}]}", true), ("find pod a host-bits", "{a: 10.0.0.1/24}", true),
            ("find pod a host-bits", "{a: 10.0.0.0/24}", false), ("find pod a host-bits", "{a: 10.0.0.1/32}", false),
            ("find pod at a[] b present\n    and c = 1", "{a: [{b: 1, c: 2}, {c: 1}]}", false),
            ("find pod at a[] b present\n    unless /d present", "{a: [{b: 1}], d: 1}", false),
            ("find pod at a[] b present\n    unless d present", "{a: [{b: 1}], d: 1}", true),
        ])
    func conditions(_ find: String, _ yaml: String, _ isTrue: Bool) throws {
        let facts = try CatalogFacts(behaviours: "x 1.20 breaks refused\n  \(find)\n" + Self.words)
        let value = try #require(try YAML.documents(Array(yaml.utf8), file: "x").first).value
        #expect(facts.behaviours[0].probes[0].places(in: value).isEmpty == !isTrue)
    }
}
