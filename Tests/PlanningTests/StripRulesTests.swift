import Manifests
import Testing

@testable import Planning

@Suite("What objects do not take along")
struct StripRulesTests {
    /// One object, what must be gone from it with the code that says why, and what must stay.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let yaml: String
        var gone: [(path: FieldPath, code: String)] = []
        var kept: [FieldPath] = []
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "bookkeeping of the server",
            yaml: """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a, namespace: b, uid: u, resourceVersion: "1", generation: 1, selfLink: /x,
                  creationTimestamp: "2020-01-01T00:00:00Z", generateName: a-, managedFields: [{manager: m}],
                  labels: {app: a}, annotations: {note: x}, finalizers: [example.com/f],
                  ownerReferences: [{kind: Promotion, name: p, uid: q}]}
                data: {a: b}
                """,
            gone: [
                ("metadata.uid", "server-metadata"), ("metadata.resourceVersion", "server-metadata"),
                ("metadata.generation", "server-metadata"), ("metadata.selfLink", "server-metadata"),
                ("metadata.creationTimestamp", "server-metadata"), ("metadata.generateName", "server-metadata"),
                ("metadata.managedFields", "server-metadata"), ("metadata.finalizers", "no-controller-yet"),
                ("metadata.ownerReferences", "owner-has-other-uid"),
            ], kept: ["metadata.labels.app", "metadata.annotations.note", "data.a"]),
        Row(
            name: "last-applied, and marks of an earlier migration",
            yaml: """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: a
                  labels: {kirikae.dev/migration: last-year}
                  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", kirikae.dev/original-replicas: "3"}
                """,
            gone: [
                ("metadata.annotations['kubectl.kubernetes.io/last-applied-configuration']", "last-applied"),
                ("metadata.annotations['kirikae.dev/original-replicas']", "own-marks"),
                ("metadata.labels['kirikae.dev/migration']", "own-marks"),
            ], kept: ["metadata.name"]),
        Row(
            name: "Service: assigned addresses and ports",
            yaml: """
                apiVersion: v1
                kind: Service
                metadata: {name: a}
                spec: {type: LoadBalancer, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], healthCheckNodePort: 31000,
                  loadBalancerIP: 192.0.2.1, externalIPs: [192.0.2.2], sessionAffinity: None,
                  ports: [{port: 80, protocol: TCP, nodePort: 30080}]}
                status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
                """,
            gone: [
                ("spec.clusterIP", "assigned-by-cluster"), ("spec.clusterIPs", "assigned-by-cluster"),
                ("spec.ports[0].nodePort", "assigned-port"), ("spec.healthCheckNodePort", "assigned-port"),
                ("spec.loadBalancerIP", "shared-address"), ("spec.externalIPs", "shared-address"),
                ("status", "observed-on-blue"),
            ], kept: ["spec.ports[0].port", "spec.sessionAffinity"]),
        Row(
            name: "Service: headless stays headless, a chosen port stays chosen (last-applied)",
            yaml: """
                apiVersion: v1
                kind: Service
                metadata:
                  name: a
                  annotations:
                    kubectl.kubernetes.io/last-applied-configuration: '{"spec":{"ports":[{"port":80,"nodePort":30080}]}}'
                spec: {clusterIP: None, clusterIPs: [None], ports: [{port: 80, nodePort: 30080}, {port: 81, nodePort: 30081}]}
                """,
            gone: [("spec.ports[1].nodePort", "assigned-port")],
            kept: ["spec.clusterIP", "spec.clusterIPs", "spec.ports[0].nodePort"]),
        Row(
            name: "Service: a port somebody owns is chosen (managedFields)",
            yaml: """
                apiVersion: v1
                kind: Service
                metadata:
                  name: a
                  managedFields:
                    - manager: helm
                      fieldsV1: {"f:spec": {"f:ports": {'k:{"port":80,"protocol":"TCP"}': {"f:nodePort": {}}}}}
                spec: {ports: [{port: 80, protocol: TCP, nodePort: 30080}, {port: 81, protocol: TCP, nodePort: 30081}]}
                """,
            gone: [("spec.ports[1].nodePort", "assigned-port")], kept: ["spec.ports[0].nodePort"]),
        Row(
            name: "Service: names of balancers",
            yaml: """
                apiVersion: v1
                kind: Service
                metadata:
                  name: a
                  annotations:
                    service.beta.kubernetes.io/aws-load-balancer-name: shop
                    service.beta.kubernetes.io/aws-load-balancer-scheme: internal
                spec: {}
                """,
            gone: [
                ("metadata.annotations['service.beta.kubernetes.io/aws-load-balancer-name']", "shared-address")
            ],
            kept: ["metadata.annotations['service.beta.kubernetes.io/aws-load-balancer-scheme']"]),
        Row(
            name: "Deployment: rollout record",
            yaml: """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: a, annotations: {deployment.kubernetes.io/revision: "7", team: web}}
                spec: {replicas: 3}
                status: {replicas: 3}
                """,
            gone: [("metadata.annotations['deployment.kubernetes.io/revision']", "rollout-record")],
            kept: ["spec.replicas", "metadata.annotations.team"]),
        Row(
            name: "claim: binding",
            yaml: """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: a, annotations: {pv.kubernetes.io/bind-completed: "yes", volume.kubernetes.io/selected-node: n}}
                spec: {volumeName: pv-1, storageClassName: ssd}
                """,
            gone: [
                ("spec.volumeName", "bound-on-blue"),
                ("metadata.annotations['pv.kubernetes.io/bind-completed']", "bound-on-blue"),
                ("metadata.annotations['volume.kubernetes.io/selected-node']", "bound-on-blue"),
            ], kept: ["spec.storageClassName"]),
        Row(
            name: "volume: the claim's UID",
            yaml: """
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: a}
                spec: {persistentVolumeReclaimPolicy: Delete, claimRef: {name: c, namespace: n, uid: u, resourceVersion: "1"}}
                """,
            gone: [("spec.claimRef.uid", "bound-on-blue"), ("spec.claimRef.resourceVersion", "bound-on-blue")],
            kept: ["spec.claimRef.name"]),
        Row(
            name: "Job: the selector by UID",
            yaml: """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: a, labels: {controller-uid: u, job-name: a, app: x}}
                spec: {selector: {matchLabels: {controller-uid: u}}, template: {metadata: {labels: {controller-uid: u, app: x}}}}
                """,
            gone: [
                ("spec.selector", "selects-by-uid"), ("metadata.labels['controller-uid']", "selects-by-uid"),
                ("metadata.labels['job-name']", "selects-by-uid"),
                ("spec.template.metadata.labels['controller-uid']", "selects-by-uid"),
            ], kept: ["metadata.labels.app", "spec.template.metadata.labels.app"]),
        Row(
            name: "Job: a selector written by hand",
            yaml: """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: a, labels: {job-name: a}}
                spec: {manualSelector: true, selector: {matchLabels: {app: x}}}
                """,
            kept: ["spec.selector", "metadata.labels['job-name']"]),
        Row(
            name: "ServiceAccount: generated tokens",
            yaml: """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: web}
                secrets: [{name: web-token-8xk2f}]
                imagePullSecrets: [{name: pull}]
                """,
            gone: [("secrets", "token-of-its-cluster")], kept: ["imagePullSecrets"]),
        Row(
            name: "ServiceAccount: a Secret somebody added",
            yaml: """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: web}
                secrets: [{name: web-token-8xk2f}, {name: vault}]
                """,
            kept: ["secrets[0]"]),
        Row(
            name: "Secret: a token made by hand travels empty",
            yaml: """
                apiVersion: v1
                kind: Secret
                type: kubernetes.io/service-account-token
                metadata: {name: bot, annotations: {kubernetes.io/service-account.name: bot, kubernetes.io/service-account.uid: u}}
                data: {token: eA==, ca.crt: eA==, namespace: eA==, extra: eA==}
                """,
            gone: [
                ("data.token", "token-of-its-cluster"), ("data['ca.crt']", "token-of-its-cluster"),
                ("data.namespace", "token-of-its-cluster"),
                ("metadata.annotations['kubernetes.io/service-account.uid']", "token-of-its-cluster"),
            ], kept: ["data.extra", "metadata.annotations['kubernetes.io/service-account.name']"]),
        Row(
            name: "webhook: certificates that cert-manager fills in",
            yaml: """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: a, annotations: {cert-manager.io/inject-ca-from: a/b}}
                webhooks: [{name: w, clientConfig: {caBundle: eA==, service: {name: s, namespace: n}}}]
                """,
            gone: [("webhooks[0].clientConfig.caBundle", "injected-by-cert-manager")],
            kept: ["webhooks[0].clientConfig.service.name"]),
        Row(
            name: "webhook: a certificate somebody wrote",
            yaml: """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: a}
                webhooks: [{name: w, clientConfig: {caBundle: eA==}}]
                """,
            kept: ["webhooks[0].clientConfig.caBundle"]),
        Row(
            name: "Namespace: what its own platform wrote",
            yaml: """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: a
                  labels: {kubernetes.io/metadata.name: a, pod-security.kubernetes.io/enforce: restricted}
                  annotations: {openshift.io/sa.scc.uid-range: 1/2, field.cattle.io/projectId: p}
                spec: {finalizers: [kubernetes]}
                status: {phase: Active}
                """,
            gone: [
                ("spec", "namespace-of-its-cluster"), ("status", "observed-on-blue"),
                ("metadata.labels['kubernetes.io/metadata.name']", "namespace-of-its-cluster"),
                ("metadata.annotations['openshift.io/sa.scc.uid-range']", "namespace-of-its-cluster"),
                ("metadata.annotations['field.cattle.io/projectId']", "namespace-of-its-cluster"),
            ], kept: ["metadata.labels['pod-security.kubernetes.io/enforce']"]),
        Row(
            name: "Pod: where the scheduler put it",
            yaml: """
                apiVersion: v1
                kind: Pod
                metadata: {name: a}
                spec: {nodeName: n, priority: 7, volumes: [{name: kube-api-access-x2k4f}, {name: data}],
                  containers: [{name: c, volumeMounts: [{name: kube-api-access-x2k4f}, {name: data}]}]}
                """,
            gone: [("spec.nodeName", "placed-by-scheduler"), ("spec.priority", "placed-by-scheduler")],
            kept: ["spec.volumes[0]", "spec.containers[0].volumeMounts[0]"]),
    ]

    @Test("each rule takes away what it is about, says why, and leaves the rest", arguments: rows)
    func table(row: Row) throws {
        let source = try Fixture.object(row.yaml)
        let (object, changes) = CopyRules.portable(source)
        for (path, code) in row.gone {
            #expect(object[path] == nil, "\(path)")
            #expect(changes.contains("strip \(path) (\(code))"), "\(changes)")
        }
        for path in row.kept { #expect(object[path] != nil, "\(path)") }
        #expect(object.gvk == source.gvk && object.reference == source.reference)
    }

    // Which node ports were chosen stands in what the first pass takes away.
    @Test(
        "a second time there is nothing left to take away",
        arguments: rows.filter { row in !row.kept.contains("spec.ports[0].nodePort") })
    func idempotent(row: Row) throws {
        let once = CopyRules.portable(try Fixture.object(row.yaml)).object
        let twice = CopyRules.portable(once)
        #expect(twice.object == once)
        #expect(twice.changes.isEmpty)
    }

    @Test("emptied containers go with their last member")
    func emptied() throws {
        let row = try #require(Self.rows.first { $0.name.hasPrefix("last-applied") })
        let object = CopyRules.portable(try Fixture.object(row.yaml)).object
        #expect(object["metadata.annotations"] == nil)
        #expect(object["metadata.labels"] == nil)
    }

    @Test("a copied volume never deletes the disk")
    func retain() throws {
        let object = try Fixture.object(
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}, spec: {persistentVolumeReclaimPolicy: Delete}}"
        )
        let (copy, changes) = CopyRules.portable(object)
        #expect(copy["spec.persistentVolumeReclaimPolicy"] == "Retain")
        #expect(changes == ["set spec.persistentVolumeReclaimPolicy (disk-must-survive)"])
    }

    @Test("every code is used by a row of the table")
    func complete() {
        let tested = Set(Self.rows.flatMap(\.gone).map(\.code)).union(["disk-must-survive", "written-by-controller"])
        #expect(Set(StripRules.all.map(\.code)).subtracting(tested).isEmpty)
    }
}
