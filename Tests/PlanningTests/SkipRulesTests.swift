import Manifests
import Testing

@testable import Planning

@Suite("What is left behind or held")
struct SkipRulesTests {
    /// Objects as one-liners, with the reason code expected; nil means copied.
    static let skipped: [(yaml: String, code: String?)] = [
        ("{apiVersion: batch/v1, kind: Job, metadata: {name: ~1b2c, namespace: n}}", "no-name"),
        ("{apiVersion: v1, kind: Event, metadata: {name: a, namespace: n}}", "event"),
        ("{apiVersion: events.k8s.io/v1, kind: Event, metadata: {name: a, namespace: n}}", "event"),
        ("{apiVersion: v1, kind: Node, metadata: {name: a}}", "node"),
        ("{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a, namespace: n}}", "lease"),
        ("{apiVersion: storage.k8s.io/v1, kind: CSINode, metadata: {name: a}}", "node-storage"),
        ("{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: a}}", "node-storage"),
        (
            "{apiVersion: storage.k8s.io/v1, kind: CSIStorageCapacity, metadata: {name: a, namespace: n}}",
            "node-storage"
        ),
        ("{apiVersion: networking.k8s.io/v1, kind: IPAddress, metadata: {name: a}}", "assigned-by-cluster"),
        ("{apiVersion: v1, kind: ComponentStatus, metadata: {name: a}}", "virtual"),
        ("{apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, metadata: {name: a}}", "virtual"),
        ("{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: a, namespace: n}}", "metrics"),
        (
            "{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: a}}",
            "certificate-request"
        ),
        (
            "{apiVersion: acme.cert-manager.io/v1, kind: Order, metadata: {name: a, namespace: n}}",
            "certificate-request"
        ),
        ("{apiVersion: wgpolicyk8s.io/v1alpha2, kind: PolicyReport, metadata: {name: a, namespace: n}}", "report"),
        (
            "{apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshotContent, metadata: {name: a}}",
            "snapshot-content"
        ),
        ("{apiVersion: cilium.io/v2, kind: CiliumIdentity, metadata: {name: a}}", "network-runtime"),
        ("{apiVersion: karpenter.sh/v1, kind: NodeClaim, metadata: {name: a}}", "machine"),
        (
            "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: n, ownerReferences: [{kind: ReplicaSet, name: r, controller: true}]}}",
            "owned-by-controller"
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: n, ownerReferences: [{kind: Promotion, name: r}]}}",
            nil
        ),
        ("{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: a, namespace: n}}", "owned-by-controller"),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: n, deletionTimestamp: '2020-01-01T00:00:00Z'}}",
            "being-deleted"
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: n, labels: {velero.io/exclude-from-backup: 'true'}}}",
            "excluded-by-label"
        ),
        ("{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}", "system-namespace"),
        ("{apiVersion: v1, kind: ConfigMap, metadata: {name: mine, namespace: kube-system}}", "system-namespace"),
        (
            "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a, namespace: n, labels: {endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io}}}",
            "generated-endpoints"
        ),
        (
            "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a, namespace: n, labels: {endpointslice.kubernetes.io/managed-by: us}}}",
            nil
        ),
        ("{apiVersion: v1, kind: Endpoints, metadata: {name: selected, namespace: n}}", "generated-endpoints"),
        (
            "{apiVersion: v1, kind: Endpoints, metadata: {name: a, namespace: n}, subsets: [{addresses: [{ip: 1.2.3.4, targetRef: {kind: Pod}}]}]}",
            "generated-endpoints"
        ),
        (
            "{apiVersion: v1, kind: Endpoints, metadata: {name: external, namespace: n}, subsets: [{addresses: [{ip: 1.2.3.4}]}]}",
            nil
        ),
        (
            "{apiVersion: v1, kind: Endpoints, metadata: {name: a, namespace: n, annotations: {control-plane.alpha.kubernetes.io/leader: '{}'}}}",
            "leader-election"
        ),
        ("{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt, namespace: n}}", "generated-configmap"),
        ("{apiVersion: v1, kind: Service, metadata: {name: kubernetes, namespace: default}}", "api-server-service"),
        ("{apiVersion: v1, kind: Service, metadata: {name: kubernetes, namespace: n}}", nil),
        (
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: n}, secrets: [{name: default-token-8xk2f}]}",
            "generated-account"
        ),
        (
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: n}, imagePullSecrets: [{name: p}]}",
            nil
        ),
        (
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: n, annotations: {eks.amazonaws.com/role-arn: a}}}",
            nil
        ),
        (
            "{apiVersion: v1, kind: Namespace, metadata: {name: default, labels: {kubernetes.io/metadata.name: default}}, spec: {finalizers: [kubernetes]}}",
            "generated-namespace"
        ),
        ("{apiVersion: v1, kind: Namespace, metadata: {name: default, labels: {team: a}}}", nil),
        (
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: view, labels: {kubernetes.io/bootstrapping: rbac-defaults}}}",
            "rbac-bootstrap"
        ),
        (
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:node'}}",
            "rbac-bootstrap"
        ),
        (
            "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: system-node-critical}}",
            "system-priority"
        ),
        (
            "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta2, kind: FlowSchema, metadata: {name: a, annotations: {apf.kubernetes.io/autoupdate-spec: 'true'}}}",
            "flow-control-default"
        ),
        (
            "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta1, kind: PriorityLevelConfiguration, metadata: {name: workload-low}}",
            "flow-control-default"
        ),
        (
            "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.apps, labels: {kube-aggregator.kubernetes.io/automanaged: onstart}}}",
            "apiservice-automanaged"
        ),
        (
            "{apiVersion: v1, kind: ResourceQuota, metadata: {name: gke-resource-quotas, namespace: n}}",
            "provider-quota"
        ),
        (
            "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a, annotations: {pv.kubernetes.io/provisioned-by: csi}}}",
            "provisioned-volume"
        ),
        (
            "{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {name: web-token-8xk2f, namespace: n, annotations: {kubernetes.io/service-account.name: web}}}",
            "service-account-token"
        ),
        (
            "{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {name: listed, namespace: n, annotations: {kubernetes.io/service-account.name: web}}}",
            "service-account-token"
        ),
        (
            "{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {name: by-hand, namespace: n, annotations: {kubernetes.io/service-account.name: web}}}",
            nil
        ),
        (
            "{apiVersion: v1, kind: Secret, type: bootstrap.kubernetes.io/token, metadata: {name: a, namespace: n}}",
            "bootstrap-token"
        ),
        (
            "{apiVersion: v1, kind: Secret, type: helm.sh/release.v1, metadata: {name: sh.helm.release.v1.a.v1, namespace: n}}",
            "helm-release"
        ),
        (
            "{apiVersion: v1, kind: Secret, type: kirikae.dev/mirror, metadata: {name: a, namespace: n}}",
            "kirikae-mirror"
        ),
        (
            "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: n, annotations: {kubernetes.io/config.mirror: x}}}",
            "mirror-pod"
        ),
        ("{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: n}, status: {phase: Succeeded}}", "finished"),
        (
            "{apiVersion: batch/v1, kind: Job, metadata: {name: a, namespace: n}, status: {completionTime: '2020-01-01T00:00:00Z'}}",
            "finished"
        ),
        (
            "{apiVersion: batch/v1, kind: Job, metadata: {name: a, namespace: n}, status: {conditions: [{type: Failed, status: 'True'}]}}",
            "finished"
        ),
        ("{apiVersion: batch/v1, kind: Job, metadata: {name: a, namespace: n}, status: {active: 1}}", nil),
    ]

    @Test("each object has the reason that the table says", arguments: skipped.map(\.yaml))
    func skips(yaml: String) throws {
        let others = try Fixture.objects(
            """
            {apiVersion: v1, kind: Service, metadata: {name: selected, namespace: n}, spec: {selector: {a: b}}}
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: n}, secrets: [{name: listed}]}
            """)
        let object = try Fixture.object(yaml)
        let expected = Self.skipped.first { $0.yaml == yaml }?.code
        #expect(SkipRules.code(for: object, in: SkipContext(others + [object])) == expected)
    }

    @Test("every code is used by a row of the table")
    func complete() {
        #expect(Set(SkipRules.all.map(\.code)).subtracting(Self.skipped.compactMap(\.code)).isEmpty)
    }

    static let held: [(yaml: String, code: String?)] = [
        ("{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}}", "side-effect"),
        ("{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}}", "side-effect"),
        ("{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: a}}", nil),
        ("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: LoadBalancer}}", "side-effect"),
        ("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: NodePort}}", nil),
        ("{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}}", "side-effect"),
        ("{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: a}}", nil),
        ("{apiVersion: externaldns.k8s.io/v1alpha1, kind: DNSEndpoint, metadata: {name: a}}", "side-effect"),
        ("{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a}}", "acts-by-itself"),
        ("{apiVersion: argoproj.io/v1alpha1, kind: CronWorkflow, metadata: {name: a}}", "acts-by-itself"),
        ("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a}}", "gitops"),
        ("{apiVersion: s3.services.k8s.aws/v1alpha1, kind: Bucket, metadata: {name: a}}", "cloud-resource"),
        ("{apiVersion: database.aws.crossplane.io/v1, kind: RDSInstance, metadata: {name: a}}", "cloud-resource"),
        ("{apiVersion: batch/v1, kind: Job, metadata: {name: a}}", "job-unfinished"),
        ("{apiVersion: v1, kind: Pod, metadata: {name: a}}", "naked-pod"),
        ("{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}}", "static-volume"),
        ("{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}", nil),
    ]

    @Test("what would act at once is held", arguments: held.map(\.yaml))
    func holds(yaml: String) throws {
        let object = try Fixture.object(yaml)
        #expect(HoldRules.rule(for: object)?.code == Self.held.first { $0.yaml == yaml }?.code)
    }

    @Test("every hold rule is used by a row of the table")
    func allHeld() {
        #expect(Set(HoldRules.all.map(\.code)).subtracting(Self.held.compactMap(\.code)).isEmpty)
    }
}
