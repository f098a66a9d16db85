import FoundationEssentials
import HTTP
import KubeAPI
import Manifests
import Testing

@testable import Findings

@Suite("What a live server tells of itself")
struct ServerFindingsTests {
    static func check(_ inventory: Inventory, to minor: Int = 36, _ evidence: ServerEvidence? = nil) -> CheckResult {
        var run = CheckRun(target: KubernetesVersion(minor: minor))
        run.context.certificates = CertificateTerm(now: 1_797_292_800, days: 30)
        return run.run(inventory, evidence: evidence)
    }

    @Test("is read from the text of its metrics, whatever else stands there")
    func metrics() {
        let text = """
            # HELP apiserver_requested_deprecated_apis [STABLE] Gauge of deprecated APIs
            # TYPE apiserver_requested_deprecated_apis gauge
            apiserver_requested_deprecated_apis{group="extensions",removed_release="1.22",resource="ingresses",subresource="",version="v1beta1"} 1
            apiserver_requested_deprecated_apis{group="",removed_release="",resource="componentstatuses",subresource="",version="v1"} 1 1700000000000
            apiserver_requested_deprecated_apis{group="policy",removed_release="1.25",resource="a\\"b,}",subresource="",version="v1beta1",} 1.0 # {trace="x"} 1
            apiserver_requested_deprecated_apis{group="batch",removed_release="1.25",resource="cronjobs",subresource="",version="v1beta1"} 0
            apiserver_requested_deprecated_apis_other{resource="no"} 1
            apiserver_requested_deprecated_apis{group="cut
            go_goroutines 12
            """
        let found = ServerEvidence.requested(in: Array(text.utf8))
        #expect(
            found.map { "\($0.group)/\($0.version) \($0.resource) \($0.removedRelease?.description ?? "-")" }
                == ["/v1 componentstatuses -", "extensions/v1beta1 ingresses 1.22", "policy/v1beta1 a\"b,} 1.25"])
        #expect(ServerEvidence.requested(in: []).isEmpty)
    }

    @Test("names who still asks for what the target no longer has")
    func requested() {
        let inventory = Inventory(
            cluster: InventoryCluster(name: "blue", uid: "u", version: KubernetesVersion(minor: 20)), takenAt: "",
            apis: ["v1", "networking.k8s.io/v1", "batch/v1", "batch/v1beta1"], objects: [])
        let evidence = ServerEvidence(requested: [
            .init(
                group: "batch", version: "v1beta1", resource: "cronjobs", removedRelease: KubernetesVersion(minor: 25)),
            .init(group: "extensions", version: "v1beta1", resource: "ingresses"),
            .init(group: "policy", version: "v1beta1", resource: "poddisruptionbudgets"),
            .init(group: "", version: "v1", resource: "componentstatuses"),
        ])
        let findings = Self.check(inventory, evidence).findings
        // The server itself has no policy/v1: whoever wants a budget has to ask for the old one.
        #expect(
            findings.map { "\($0.code) \($0.severity) \($0.gvk) \($0.since?.description ?? "-")" } == [
                "deprecated-api-requested warns batch/v1beta1 CronJob 1.25",
                "deprecated-api-requested warns extensions/v1beta1 Ingress 1.22",
                "deprecated-api-requested info policy/v1beta1 PodDisruptionBudget 1.25",
            ])
        #expect(findings.allSatisfy { $0.place == .server })
        // Before the release that takes it away it is only worth knowing.
        #expect(Self.check(inventory, to: 24, evidence).findings.map(\.severity) == [.info, .warns, .info])
    }

    @Test("is not clean where it may not be read")
    func notSeen() async {
        let client = KubeClient(transport: OneAnswer(status: 403))
        let evidence = await ServerEvidence.read(client)
        #expect(evidence.notSeen.count == 1 && evidence.notSeen[0].hasPrefix("/metrics: may not be read"))
        let inventory = Fixtures.inventory("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")
        #expect(Self.check(inventory, evidence).exitStatus() == 3)
        #expect(await ServerEvidence.read(KubeClient(transport: OneAnswer(status: 200))).notSeen.isEmpty)
    }

    @Test(
        "says which nodes are too far from it, or will be",
        arguments: [
            ("v1.24.3", 24, 24, []), ("v1.24.3", 24, 26, []), ("v1.24.3", 24, 27, ["info 1.27"]),
            ("v1.25.0-eks-1", 25, 28, []), ("v1.25.0", 25, 29, ["info 1.29"]), ("v1.24.9", 27, 27, ["warns -"]),
            ("v1.26.0", 25, 25, ["warns -"]), ("", 24, 36, []),
        ] as [(String, Int, Int, [String])])
    func nodes(_ kubelet: String, _ server: Int, _ target: Int, _ expected: [String]) {
        let node =
            "{apiVersion: v1, kind: Node, metadata: {name: n}, status: {nodeInfo: {kubeletVersion: '\(kubelet)'}}}"
        let findings = Self.check(Fixtures.inventory(node, minor: server), to: target).findings
        #expect(findings.map { "\($0.severity) \($0.since?.description ?? "-")" } == expected)
    }

    @Test("speaks once of many nodes of one version")
    func manyNodes() {
        let nodes = (1...50).map {
            "{apiVersion: v1, kind: Node, metadata: {name: n\($0)}, status: {nodeInfo: {kubeletVersion: v1.24.0}}}"
        }.joined(separator: "\n---\n")
        let findings = Self.check(Fixtures.inventory(nodes, minor: 24)).findings
        #expect(findings.count == 1 && findings.first?.message.contains("50 nodes") == true)
    }

    @Test(
        "takes kube-proxy's release from the DaemonSet that runs it, and a node's word only where there is none",
        arguments: [
            // The node says of kube-proxy what its kubelet is; the DaemonSet was forgotten in two upgrades.
            ("registry.k8s.io/kube-proxy:v1.24.3", 27, 27, ["warns - of DaemonSet kube-system/kube-proxy"]),
            ("602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/kube-proxy:v1.27.1-minimal-eksbuild.1", 27, 27, []),
            (
                "registry.example.org:5000/kube-proxy-amd64:v1.27.1@sha256:aa", 27, 31,
                ["info 1.31 of DaemonSet kube-system/kube-proxy", "info 1.31 on node node-1"]
            ),
            (
                "registry.example.org/kube-proxy:latest", 27, 31,
                ["info 1.31 on node node-1", "info 1.31 on node node-1"]
            ),
            ("registry.example.org/kube-proxy@sha256:aa", 27, 27, []),
        ] as [(String, Int, Int, [String])])
    func kubeProxy(_ image: String, _ server: Int, _ target: Int, _ expected: [String]) {
        let objects = """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            status: {nodeInfo: {kubeletVersion: v1.27.1, kubeProxyVersion: v1.27.1}}
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: kube-proxy, namespace: kube-system}
            spec: {template: {spec: {containers: [{name: kube-proxy, image: '\(image)'}]}}}
            """
        let findings = Self.check(Fixtures.inventory(objects, minor: server), to: target).findings
            .filter { $0.code == ServerCodes.skew }
        let places = ["of DaemonSet kube-system/kube-proxy", "on node node-1"]
        #expect(
            findings.map { finding in
                "\(finding.severity) \(finding.since?.description ?? "-") "
                    + (places.first { finding.message.contains($0) } ?? "nowhere")
            }.sorted() == expected.sorted())
    }

    @Test("is kept in an inventory, and told of by who checks that, but is no part of its digest")
    func kept() throws {
        let of = Fixtures.inventory("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")
        func inventory(_ evidence: ServerEvidence?) -> Inventory {
            Inventory(
                cluster: of.cluster, takenAt: of.takenAt, apis: ["batch/v1", "networking.k8s.io/v1"],
                objects: of.objects, evidence: evidence)
        }
        let plain = inventory(nil)
        let evidence = ServerEvidence(requested: [
            .init(
                group: "batch", version: "v1beta1", resource: "cronjobs", subresource: "status",
                removedRelease: KubernetesVersion(minor: 25)),
            .init(group: "extensions", version: "v1beta1", resource: "ingresses"),
        ])
        let blind = ServerEvidence(notSeen: ["/metrics: may not be read; nothing is known"])
        for (kept, codes, status) in [
            (evidence, ["deprecated-api-requested", "deprecated-api-requested"], Int32(1)), (blind, [], 3),
        ] {
            let inventory = inventory(kept)
            #expect(inventory.digest == plain.digest)
            try Scratch.with { folder in
                try inventory.write(to: folder)
                let read = try Inventory.read(directory: folder)
                #expect(read.digest == plain.digest && read.evidence?.requested == kept.requested)
                let result = Self.check(read)
                #expect(result.findings.map(\.code) == codes && result.exitStatus() == status)
                #expect(result.notSeen == kept.notSeen)
                // What a live server says goes above what was kept.
                #expect(Self.check(read, ServerEvidence()).findings.isEmpty)
                let file = URL(filePath: "\(folder)/inventory.yaml")
                let text = try String(contentsOf: file, encoding: .utf8)
                try Data(
                    text.replacing("v1beta1", with: "7").replacing("requestedAPIs:", with: "requestedAPIs: [7]\n#").utf8
                )
                .write(to: file)
                #expect(throws: InventoryError.self) { try Inventory.read(directory: folder) }
            }
        }
        #expect(Self.check(plain).exitStatus() == 0)
    }

    static let webhook = """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: w}
        webhooks:
        - {name: a, sideEffects: None, clientConfig: {service: {namespace: s, name: there}}}
        - {name: b, sideEffects: None, clientConfig: {service: {namespace: s, name: missing}}}
        - {name: c, sideEffects: None, failurePolicy: Ignore, clientConfig: {service: {namespace: s, name: missing}}}
        - {name: d, sideEffects: None, clientConfig: {url: 'https://example.org'}}
        ---
        {apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.a}, spec: {group: a, version: v1, service: {namespace: s, name: gone}}}
        """

    @Test("finds registrations whose Service is not there")
    func services() {
        let service = "\n---\n{apiVersion: v1, kind: Service, metadata: {name: there, namespace: s}}"
        let findings = Self.check(Fixtures.inventory(Self.webhook + service)).findings
        #expect(
            findings.map { "\($0.severity) \($0.path?.description ?? "")" } == [
                "breaks webhooks[1].clientConfig.service.name", "warns webhooks[2].clientConfig.service.name",
                "breaks spec.service.name",
            ])
        // Where no Service was seen, none is missing.
        #expect(Self.check(Fixtures.inventory(Self.webhook)).findings.isEmpty)
    }

    @Test("keeps the ends of certificates when Secrets are redacted, through a folder too")
    func redacted() throws {
        let report = Fixtures.load("checks/certificate-expiring/finds.yaml")
        let whole = Fixtures.inventory(report)
        let expected = Self.check(whole).findings.map(\.message)
        #expect(expected.count == 5)
        let secrets = report.objects.map(\.object).filter { $0.gvk.kind == "Secret" }
        let redacted = Inventory(
            cluster: whole.cluster, takenAt: whole.takenAt,
            objects: whole.objects.map { InventoryObject(SecretRedaction.redact($0.object, key: [1])) },
            certificates: secrets.flatMap { CertificateReader.read($0) })
        #expect(Self.check(redacted).findings.map(\.message).sorted() == expected.sorted())
        try Scratch.with { folder in
            try redacted.write(to: folder)
            let read = try Inventory.read(directory: folder)
            #expect(read.certificates == redacted.certificates && read.digest == redacted.digest)
            #expect(Self.check(read).findings.map(\.message).sorted() == expected.sorted())
        }
    }

    @Test("tells of the certificates of the connection itself")
    func connection() throws {
        let config = try #require(
            Fixtures.load("checks/certificate-expiring/finds.yaml").objects.first { $0.object.gvk.kind == "Config" })
        let evidence = ServerEvidence(certificates: CertificateReader.read(config.object))
        let findings = Self.check(Fixtures.inventory("{apiVersion: v1, kind: Pod, metadata: {name: a}}"), evidence)
            .findings
        #expect(findings.map(\.code) == ["certificate-expiring"] && findings.first?.place == .server)
    }
}

/// Answers everything alike.
private struct OneAnswer: Transport {
    let status: Int

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        HTTPResponse(status: status, headers: [:], body: Array("{}".utf8))
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        throw TransportError(.notSent, "no streams here")
    }
}
