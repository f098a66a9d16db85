import Manifests
import Testing

@testable import Conversion

@Suite("Pod Security levels in the place of PodSecurityPolicies")
struct PodSecurityTests {
    /// The two policies that Kubernetes' documentation showed, and one between them.
    static let strict = """
        metadata:
          name: strict
          annotations:
            seccomp.security.alpha.kubernetes.io/allowedProfileNames: docker/default,runtime/default
            seccomp.security.alpha.kubernetes.io/defaultProfileName: runtime/default
            apparmor.security.beta.kubernetes.io/allowedProfileNames: runtime/default
        spec:
          privileged: false
          allowPrivilegeEscalation: false
          requiredDropCapabilities: [ALL]
          volumes: [configMap, emptyDir, projected, secret, downwardAPI, persistentVolumeClaim]
          runAsUser: {rule: MustRunAsNonRoot}
          seLinux: {rule: RunAsAny}
          supplementalGroups: {rule: MustRunAs, ranges: [{min: 1, max: 65535}]}
          fsGroup: {rule: MustRunAs, ranges: [{min: 1, max: 65535}]}
          readOnlyRootFilesystem: false
        """
    static let open = """
        metadata: {name: open}
        spec:
          privileged: true
          allowPrivilegeEscalation: true
          allowedCapabilities: ["*"]
          volumes: ["*"]
          hostNetwork: true
          hostPorts: [{min: 0, max: 65535}]
          hostIPC: true
          hostPID: true
          runAsUser: {rule: RunAsAny}
          seLinux: {rule: RunAsAny}
          supplementalGroups: {rule: RunAsAny}
          fsGroup: {rule: RunAsAny}
        """
    static let usual = """
        metadata: {name: usual}
        spec:
          volumes: [configMap, emptyDir, secret, nfs]
          defaultAddCapabilities: [CHOWN]
          runAsUser: {rule: MustRunAs, ranges: [{min: 1000, max: 1000}]}
          seLinux: {rule: RunAsAny}
          supplementalGroups: {rule: RunAsAny}
          fsGroup: {rule: RunAsAny}
          readOnlyRootFilesystem: true
        """

    private static func object(
        _ text: String, kind: String = "PodSecurityPolicy", group: String = "policy/v1beta1"
    )
        throws -> KubeObject
    {
        let whole = "apiVersion: \(group)\nkind: \(kind)\n\(text)\n"
        return try #require(ManifestLoader().load(bytes: Array(whole.utf8), file: "a.yaml").objects.first?.object)
    }

    @Test("The level is the strictest that admits what the policy admits")
    func levels() throws {
        let strict = PodSecurityMapping(try Self.object(Self.strict))
        #expect(strict.level == .restricted && strict.reasons == [])
        #expect(strict.mutations.contains("seccompProfile runtime/default"))
        #expect(strict.mutations.contains("runAsNonRoot true") && strict.mutations.contains("fsGroup 1"))
        let open = PodSecurityMapping(try Self.object(Self.open))
        #expect(open.level == .privileged && open.reasons.contains("privileged containers"))
        #expect(open.mutations == [] && open.tightened == [])
        let usual = PodSecurityMapping(try Self.object(Self.usual))
        #expect(usual.level == .baseline)
        #expect(usual.reasons.contains("volumes (nfs)") && usual.reasons.contains("privilege escalation"))
        #expect(usual.mutations == ["capabilities.add CHOWN", "runAsUser 1000", "readOnlyRootFilesystem true"])
        #expect(usual.loosened.contains("writable root file systems"))
        #expect(usual.tightened.contains("a SELinux user or role of the pod's choice"))
    }

    /// One change to the strict policy, and the level that it makes.
    static let changes: [(FieldPath, JSONValue, PodSecurityLevel)] = [
        ("spec.privileged", true, .privileged), ("spec.hostPID", true, .privileged),
        ("spec.hostPorts", [["min": 80, "max": 80]], .privileged),
        ("spec.volumes", ["hostPath"], .privileged), ("spec.volumes", ["*"], .privileged),
        ("spec.volumes", ["nfs"], .baseline), ("spec.allowedCapabilities", ["SYS_ADMIN"], .privileged),
        ("spec.allowedCapabilities", ["CHOWN"], .baseline),
        ("spec.allowedCapabilities", ["NET_BIND_SERVICE"], .restricted),
        ("spec.allowedUnsafeSysctls", ["net.*"], .privileged),
        ("spec.allowedProcMountTypes", ["Unmasked"], .privileged),
        ("spec.seLinux", ["rule": "MustRunAs", "seLinuxOptions": ["user": "u"]], .privileged),
        ("spec.seLinux", ["rule": "MustRunAs", "seLinuxOptions": ["type": "container_t"]], .restricted),
        ("spec.runAsUser", ["rule": "RunAsAny"], .baseline),
        ("spec.runAsUser", ["rule": "MustRunAs", "ranges": [["min": 0, "max": 9]]], .baseline),
        ("spec.runAsUser", ["rule": "MustRunAs", "ranges": [["min": 1, "max": 9]]], .restricted),
        ("spec.allowPrivilegeEscalation", true, .baseline), ("spec.requiredDropCapabilities", ["KILL"], .baseline),
    ]

    @Test("Each thing it admits counts", arguments: changes)
    func eachThing(path: FieldPath, value: JSONValue, level: PodSecurityLevel) throws {
        var object = try Self.object(Self.strict)
        object[path] = value
        #expect(PodSecurityMapping(object).level == level)
        object = try Self.object(Self.strict)
        object[annotation: "seccomp.security.alpha.kubernetes.io/allowedProfileNames"] = "unconfined"
        #expect(PodSecurityMapping(object).level == .privileged)
    }

    @Test("A namespace needs what its service accounts were bound to, and what everybody was")
    func namespaces() throws {
        func role(_ name: String, _ policy: String) throws -> KubeObject {
            try Self.object(
                "metadata: {name: \(name)}\nrules: [{apiGroups: [policy], resources: [podsecuritypolicies], "
                    + "verbs: [use], resourceNames: [\(policy)]}]", kind: "ClusterRole",
                group: "rbac.authorization.k8s.io/v1")
        }
        func binding(_ kind: String, _ metadata: String, _ role: String, _ subject: String) throws -> KubeObject {
            try Self.object(
                "metadata: {\(metadata)}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, "
                    + "name: \(role)}\nsubjects: [{\(subject)}]", kind: kind, group: "rbac.authorization.k8s.io/v1")
        }
        let needs = PodSecurityNamespaces([
            try Self.object(Self.strict), try Self.object(Self.usual), try Self.object(Self.open),
            try role("strict", "strict"), try role("usual", "usual"),
            try binding("ClusterRoleBinding", "name: all", "strict", "kind: Group, name: 'system:authenticated'"),
            try binding(
                "RoleBinding", "name: web, namespace: web", "usual", "kind: ServiceAccount, name: web, namespace: web"),
            try binding("ClusterRoleBinding", "name: admins", "usual", "kind: Group, name: 'system:masters'"),
            // A service account of elsewhere runs no pods here.
            try binding(
                "RoleBinding", "name: ci, namespace: idle", "usual", "kind: ServiceAccount, name: ci, namespace: ci"),
        ])
        #expect(
            needs.needs == [
                .init(namespace: "web", level: .baseline, policies: ["strict", "usual"]),
                .init(namespace: nil, level: .restricted, policies: ["strict"]),
            ])
        #expect(needs.unused == ["open"])
        #expect(needs.people.map(\.name) == ["Group system:masters"])
    }

    @Test("A file with a policy is left, with the level and the differences")
    func said() throws {
        let text = "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\n\(Self.usual)\n"
        let result = ManifestConversion(target: KubernetesVersion(minor: 36))
            .convert(try ManifestSource(bytes: Array(text.utf8), file: "a.yaml"))
        #expect(!result.isChanged && result.left.map(\.code) == ["no-successor"])
        let remedy = try #require(result.left.first?.remedy)
        #expect(remedy.contains("enforce: baseline") && remedy.contains("readOnlyRootFilesystem true"), "\(remedy)")
    }
}
