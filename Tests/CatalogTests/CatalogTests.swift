import Catalog
import FoundationEssentials
import Manifests
import Testing

/// Two dots for `1.36`, so that tables stay readable.
func v(_ minor: Int) -> KubernetesVersion { KubernetesVersion(minor: minor) }

/// `batch/v1beta1 CronJob`, as people write it.
func gvk(_ text: String) -> GroupVersionKind {
    let parts = text.split(separator: " ").map(String.init)
    return GroupVersionKind(apiVersion: parts[0], kind: parts.count > 1 ? parts[1] : "")
}

@Suite("The built-in catalog")
struct BuiltInCatalogTests {
    let catalog = Catalog.builtIn

    /// The data files, in the order in which the digest takes them.
    static func files() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Catalog")
        return try [
            "lifecycle.txt", "Facts/Data/fields.txt", "Facts/Data/behaviours.txt", "Facts/Data/ecosystem.txt",
            "Facts/Data/support.txt",
        ].map { try String(contentsOf: root.appending(path: $0), encoding: .utf8) }
    }

    @Test("is compiled from the data files as they stand in the source tree, and named by all of them")
    func literalEqualsFile() throws {
        let bytes = try Self.files().flatMap { Array("\($0.utf8.count)\n\($0)".utf8) }
        #expect(catalog.digest == Digest.sha256(bytes), "run scripts/generate-catalog")
    }

    @Test("has another name when any of its facts is another", arguments: 0..<5)
    func digestCoversAll(_ index: Int) throws {
        var files = try Self.files()
        let same = try Catalog(
            parsing: files[0],
            facts: CatalogFacts(fields: files[1], behaviours: files[2], ecosystem: files[3], support: files[4]))
        #expect(same.digest == catalog.digest)
        files[index] = "# one remark more\n" + files[index]
        let other = try Catalog(
            parsing: files[0],
            facts: CatalogFacts(fields: files[1], behaviours: files[2], ecosystem: files[3], support: files[4]))
        #expect(other.digest != catalog.digest)
    }

    @Test("covers 1.11 to 1.37")
    func range() {
        #expect(catalog.oldest == v(11))
        #expect(catalog.newest == v(37))
        #expect(catalog.covers(v(24)) && !catalog.covers(v(38)) && !catalog.covers(v(10)))
        #expect(catalog.lifecycles.count > 212)
    }

    struct Fact: Sendable, CustomTestStringConvertible {
        var kind: String
        var minor: Int
        var served: Bool
        var testDescription: String { "\(kind) at 1.\(minor): \(served)" }
    }

    @Test(
        "knows what a server of a release serves",
        arguments: [
            Fact(kind: "apps/v1 Deployment", minor: 11, served: true),
            Fact(kind: "apps/v1 Deployment", minor: 37, served: true),
            Fact(kind: "extensions/v1beta1 Deployment", minor: 15, served: true),
            Fact(kind: "extensions/v1beta1 Deployment", minor: 16, served: false),
            Fact(kind: "extensions/v1beta1 Ingress", minor: 21, served: true),
            Fact(kind: "extensions/v1beta1 Ingress", minor: 22, served: false),
            Fact(kind: "networking.k8s.io/v1 Ingress", minor: 18, served: false),
            Fact(kind: "networking.k8s.io/v1 Ingress", minor: 19, served: true),
            Fact(kind: "batch/v1beta1 CronJob", minor: 24, served: true),
            Fact(kind: "batch/v1beta1 CronJob", minor: 25, served: false),
            Fact(kind: "batch/v2alpha1 CronJob", minor: 20, served: false),
            Fact(kind: "autoscaling/v2beta2 HorizontalPodAutoscaler", minor: 25, served: true),
            Fact(kind: "autoscaling/v2beta2 HorizontalPodAutoscaler", minor: 26, served: false),
            Fact(kind: "policy/v1beta1 PodSecurityPolicy", minor: 25, served: false),
            Fact(kind: "flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema", minor: 28, served: true),
            // Betas that arrived from 1.24 on are off until somebody turns them on.
            Fact(kind: "admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicy", minor: 29, served: false),
            Fact(kind: "resource.k8s.io/v1beta1 ResourceClaim", minor: 34, served: false),
            Fact(kind: "resource.k8s.io/v1 ResourceClaim", minor: 34, served: true),
            Fact(kind: "metrics.k8s.io/v1beta1 PodMetrics", minor: 30, served: false),
            Fact(kind: "example.com/v1 Widget", minor: 30, served: false),
        ])
    func serves(_ fact: Fact) {
        #expect(catalog.isServed(gvk(fact.kind), at: v(fact.minor)) == fact.served)
        #expect(catalog.served(at: v(fact.minor)).contains { $0.gvk == gvk(fact.kind) } == fact.served)
    }

    @Test(
        "names what to write instead, served at the target",
        arguments: [
            ("batch/v1beta1 CronJob", 36, "batch/v1 CronJob"),
            ("autoscaling/v2beta1 HorizontalPodAutoscaler", 36, "autoscaling/v2 HorizontalPodAutoscaler"),
            // 1.22 has no autoscaling/v2 yet.
            ("autoscaling/v2beta1 HorizontalPodAutoscaler", 22, "autoscaling/v2beta2 HorizontalPodAutoscaler"),
            ("extensions/v1beta1 Ingress", 36, "networking.k8s.io/v1 Ingress"),
            ("extensions/v1beta1 Ingress", 18, "networking.k8s.io/v1beta1 Ingress"),
            ("flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema", 36, "flowcontrol.apiserver.k8s.io/v1 FlowSchema"),
            ("flowcontrol.apiserver.k8s.io/v1alpha1 FlowSchema", 27, "flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema"),
            ("v1 Endpoints", 36, "discovery.k8s.io/v1 EndpointSlice"),
            ("policy/v1beta1 PodSecurityPolicy", 36, ""),
            ("apps/v1 Deployment", 36, ""),
            ("policy/v1 PodDisruptionBudget", 20, "policy/v1beta1 PodDisruptionBudget"),
        ])
    func replaces(_ kind: String, _ minor: Int, _ expected: String) {
        let replacement = catalog.replacement(for: gvk(kind), at: v(minor))
        #expect(replacement?.description ?? "" == expected)
    }

    @Test("never names a replacement that the target does not serve", arguments: Array(11...37))
    func replacementsAreServed(_ minor: Int) {
        for entry in catalog.lifecycles {
            if let replacement = catalog.replacement(for: entry.gvk, at: v(minor)) {
                #expect(catalog.isServed(replacement, at: v(minor)), "\(entry.gvk) at 1.\(minor)")
                #expect(replacement != entry.gvk)
            }
        }
    }

    @Test("orders the versions of a kind as servers prefer them")
    func preference() {
        let versions = catalog.lifecycles(of: GroupKind("HorizontalPodAutoscaler.autoscaling")).map(\.gvk.version)
        #expect(versions == ["v2", "v1", "v2beta2", "v2beta1"])
    }

    @Test("has one entry per kind at a version, in ascending order, and lists agree with look-ups")
    func order() {
        let kinds = catalog.lifecycles.map(\.gvk)
        #expect(kinds == kinds.sorted() && Set(kinds).count == kinds.count)
        for entry in catalog.lifecycles { #expect(catalog.lifecycle(of: entry.gvk) == entry) }
    }

    @Test("counts announced removals beyond its newest release")
    func announced() {
        #expect(catalog.isServed(gvk("apps/v1 Deployment"), at: v(60)))
        let claim = catalog.lifecycle(of: gvk("resource.k8s.io/v1beta1 ResourceClaim"))
        #expect(claim?.removed == nil && claim?.plannedRemoval == v(38) && claim?.exists(at: v(38)) == false)
    }

    @Test("covers every kind of a version by a star")
    func star() {
        #expect(catalog.lifecycle(of: gvk("kubeadm.k8s.io/v1beta2 ClusterConfiguration"))?.removed == v(27))
    }

    @Test("keeps sources and conflicts of every fact")
    func provenance() throws {
        let provenance = try #require(
            catalog.provenance(of: gvk("autoscaling/v2beta2 HorizontalPodAutoscaler")))
        let removed = try #require(provenance.facts.first { $0.name == "removed" })
        #expect(removed.value == "1.26" && removed.sources.contains("schema"))
        #expect(provenance.conflicts.contains { $0.hasSuffix("newest branch supersedes the earlier plan") })
        for entry in catalog.lifecycles where entry.kindClass == .resource && entry.gvk.kind != "*" {
            let facts = catalog.provenance(of: entry.gvk)?.facts ?? []
            for fact in facts where ["introduced", "deprecated", "removed"].contains(fact.name) {
                #expect(!fact.sources.isEmpty, "\(entry.gvk) \(fact.name)")
            }
        }
    }
}
