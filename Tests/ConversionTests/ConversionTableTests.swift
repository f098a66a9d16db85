import Conversion
import Manifests
import Testing

/// One conversion, written as JSON: what goes in, what comes out.
struct ConversionCase: Sendable, CustomTestStringConvertible {
    var name: String
    var kind: String
    var from: String
    var to: String
    /// The object's members besides apiVersion, kind and metadata.
    var given: String
    var expected: String
    var purpose = ConversionPurpose.migratingToNewest
    var notes = 0

    var testDescription: String { "\(kind) \(from) → \(to): \(name)" }

    func object(_ apiVersion: String, _ members: String) throws -> KubeObject {
        var json = try JSONValue(parsing: members)
        json["apiVersion"] = .string(apiVersion)
        json["kind"] = .string(kind)
        var metadata = json["metadata"] ?? [:]
        metadata["name"] = "x"
        metadata["namespace"] = "shop"
        json["metadata"] = metadata
        return try #require(KubeObject(json))
    }
}

@Suite("Conversion tables")
struct ConversionTableTests {
    @Test(
        "What goes in and what comes out", arguments: budgets + cronJobs + ingresses + autoscalers + others + workloads)
    func table(_ entry: ConversionCase) throws {
        let given = try entry.object(entry.from, entry.given)
        let expected = try entry.object(entry.to, entry.expected)
        let result = try ConversionRegistry.builtIn.convert(given, to: expected.gvk, for: entry.purpose)
        #expect(result.object.json.indentedText == expected.json.indentedText)
        #expect(result.notes.count == entry.notes, "\(result.notes)")
        let again = try ConversionRegistry.builtIn.convert(result.object, to: expected.gvk, for: entry.purpose)
        #expect(again.object == result.object)
    }

    static let budgets: [ConversionCase] = [
        ConversionCase(
            name: "an empty selector goes on selecting no pods", kind: "PodDisruptionBudget", from: "policy/v1beta1",
            to: "policy/v1", given: #"{"spec":{"minAvailable":1,"selector":{}}}"#,
            expected: #"""
                {"spec":{"minAvailable":1,"selector":{"matchExpressions":[{"key":
                "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match","operator":"Exists"}]}}}
                """#, notes: 1),
        ConversionCase(
            name: "a server keeps the meaning as well", kind: "PodDisruptionBudget", from: "policy/v1",
            to: "policy/v1beta1", given: #"{"spec":{"selector":{"matchLabels":{}}}}"#,
            expected: #"""
                {"spec":{"selector":{"matchExpressions":[{"key":
                "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match","operator":"DoesNotExist"}]}}}
                """#,
            purpose: .reading, notes: 1),
        ConversionCase(
            name: "an absent selector stays absent", kind: "PodDisruptionBudget", from: "policy/v1beta1",
            to: "policy/v1", given: #"{"spec":{"minAvailable":1}}"#, expected: #"{"spec":{"minAvailable":1}}"#),
        ConversionCase(
            name: "labels stay", kind: "PodDisruptionBudget", from: "policy/v1beta1", to: "policy/v1",
            given: #"{"spec":{"maxUnavailable":"30%","selector":{"matchLabels":{"a":"b"}}}}"#,
            expected: #"{"spec":{"maxUnavailable":"30%","selector":{"matchLabels":{"a":"b"}}}}"#),
    ]

    static let cronJobs: [ConversionCase] = [
        ConversionCase(
            name: "a rename and nothing else", kind: "CronJob", from: "batch/v1beta1", to: "batch/v1",
            given: #"{"spec":{"schedule":"0 3 * * *","suspend":true},"status":{"active":[]}}"#,
            expected: #"{"spec":{"schedule":"0 3 * * *","suspend":true},"status":{"active":[]}}"#),
        ConversionCase(
            name: "the time zone leaves the schedule", kind: "CronJob", from: "batch/v1beta1", to: "batch/v1",
            given: #"{"spec":{"schedule":"CRON_TZ=Asia/Tokyo  0 3 * * *"}}"#,
            expected: #"{"spec":{"schedule":"0 3 * * *","timeZone":"Asia/Tokyo"}}"#, notes: 1),
        ConversionCase(
            name: "a minor without spec.timeZone keeps it there", kind: "CronJob", from: "batch/v1beta1",
            to: "batch/v1", given: #"{"spec":{"schedule":"TZ=UTC 0 3 * * *"}}"#,
            expected: #"{"spec":{"schedule":"TZ=UTC 0 3 * * *"}}"#,
            purpose: .migrating(to: KubernetesVersion(minor: 24))),
        ConversionCase(
            name: "a server does not touch it", kind: "CronJob", from: "batch/v1beta1", to: "batch/v1",
            given: #"{"spec":{"schedule":"TZ=UTC 0 3 * * *"}}"#,
            expected: #"{"spec":{"schedule":"TZ=UTC 0 3 * * *"}}"#, purpose: .reading),
    ]

    static let ingresses: [ConversionCase] = [
        ConversionCase(
            name: "backends, ports and the missing path type", kind: "Ingress", from: "networking.k8s.io/v1beta1",
            to: "networking.k8s.io/v1",
            given: #"""
                {"metadata":{"annotations":{"kubernetes.io/ingress.class":"nginx"}},
                "spec":{"backend":{"serviceName":"d","servicePort":80},"rules":[{"host":"a"},{"http":{"paths":[
                {"backend":{"serviceName":"s","servicePort":"http"}},
                {"path":"/p","pathType":"Prefix","backend":{"serviceName":"s","servicePort":"8080"}}]}}]}}
                """#,
            expected: #"""
                {"metadata":{"annotations":{"kubernetes.io/ingress.class":"nginx"}},
                "spec":{"defaultBackend":{"service":{"name":"d","port":{"number":80}}},
                "rules":[{"host":"a"},{"http":{"paths":[
                {"pathType":"ImplementationSpecific","backend":{"service":{"name":"s","port":{"name":"http"}}}},
                {"path":"/p","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":8080}}}}
                ]}}]}}
                """#, notes: 2),
        ConversionCase(
            name: "a resource backend, with the port that means nothing", kind: "Ingress",
            from: "networking.k8s.io/v1", to: "extensions/v1beta1",
            given: #"{"spec":{"defaultBackend":{"resource":{"kind":"Bucket","name":"b"}}}}"#,
            expected: #"{"spec":{"backend":{"servicePort":0,"resource":{"kind":"Bucket","name":"b"}}}}"#),
    ]

    static let autoscalers: [ConversionCase] = [
        ConversionCase(
            name: "v2beta2 is v2 under another name", kind: "HorizontalPodAutoscaler", from: "autoscaling/v2beta2",
            to: "autoscaling/v2",
            given: #"""
                {"spec":{"maxReplicas":5,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":
                {"type":"Utilization","averageUtilization":70}}}],"behavior":{"scaleDown":{"selectPolicy":"Min"}}}}
                """#,
            expected: #"""
                {"spec":{"maxReplicas":5,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":
                {"type":"Utilization","averageUtilization":70}}}],"behavior":{"scaleDown":{"selectPolicy":"Min"}}}}
                """#
        ),
        ConversionCase(
            name: "an average of an object's metric", kind: "HorizontalPodAutoscaler", from: "autoscaling/v2beta1",
            to: "autoscaling/v2",
            given: #"""
                {"spec":{"metrics":[{"type":"Object","object":{"target":{"kind":"Ingress","name":"i"},
                "metricName":"rps","targetValue":"0","averageValue":"5"}}]}}
                """#,
            expected:
                #"""
                {"spec":{"metrics":[{"type":"Object","object":{"describedObject":{"kind":"Ingress","name":"i"},
                "metric":{"name":"rps"},"target":{"type":"AverageValue","averageValue":"5"}}}]}}
                """#),
        ConversionCase(
            name: "a scale target that no server has any more", kind: "HorizontalPodAutoscaler",
            from: "autoscaling/v2beta2", to: "autoscaling/v2",
            given: #"{"spec":{"scaleTargetRef":{"apiVersion":"extensions/v1beta1","kind":"Deployment","name":"w"}}}"#,
            expected: #"{"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"w"}}}"#, notes: 1),
        ConversionCase(
            name: "status goes along", kind: "HorizontalPodAutoscaler", from: "autoscaling/v2beta1",
            to: "autoscaling/v2",
            given: #"""
                {"spec":{"maxReplicas":2},"status":{"currentReplicas":1,"desiredReplicas":1,"conditions":null,
                "currentMetrics":[{"type":"Resource","resource":{"name":"cpu","currentAverageUtilization":3,
                "currentAverageValue":"5m"}}]}}
                """#,
            expected: #"""
                {"spec":{"maxReplicas":2},"status":{"currentReplicas":1,"desiredReplicas":1,
                "currentMetrics":[{"type":"Resource","resource":{"name":"cpu",
                "current":{"averageUtilization":3,"averageValue":"5m"}}}]}}
                """#),
    ]

    static let others: [ConversionCase] = [
        ConversionCase(
            name: "an explicit 0 meant the default", kind: "PriorityLevelConfiguration",
            from: "flowcontrol.apiserver.k8s.io/v1beta2", to: "flowcontrol.apiserver.k8s.io/v1",
            given: #"{"spec":{"type":"Limited","limited":{"assuredConcurrencyShares":0}}}"#,
            expected: #"{"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":30}}}"#, notes: 1),
        ConversionCase(
            name: "node and zone leave the topology", kind: "EndpointSlice", from: "discovery.k8s.io/v1beta1",
            to: "discovery.k8s.io/v1",
            given: #"""
                {"endpoints":[{"addresses":["192.0.2.1"],"topology":{"kubernetes.io/hostname":"n",
                "topology.kubernetes.io/zone":"z","own":"k"}}]}
                """#,
            expected: #"{"endpoints":[{"addresses":["192.0.2.1"],"nodeName":"n","zone":"z"}]}"#, notes: 1),
        ConversionCase(
            name: "the defaults of v1beta1 are written out", kind: "ValidatingWebhookConfiguration",
            from: "admissionregistration.k8s.io/v1beta1", to: "admissionregistration.k8s.io/v1",
            given: #"{"webhooks":[{"name":"a.b.c","sideEffects":"None","timeoutSeconds":5}]}"#,
            expected: #"""
                {"webhooks":[{"name":"a.b.c","sideEffects":"None","timeoutSeconds":5,"failurePolicy":"Ignore",
                "matchPolicy":"Exact","admissionReviewVersions":["v1beta1"]}]}
                """#, notes: 3),
    ]

    static let workloads: [ConversionCase] = [
        ConversionCase(
            name: "what absence meant is written out", kind: "Deployment", from: "extensions/v1beta1", to: "apps/v1",
            given: #"{"spec":{"rollbackTo":{"revision":1},"template":{"metadata":{"labels":{"app":"x"}}}}}"#,
            expected: #"""
                {"spec":{"selector":{"matchLabels":{"app":"x"}},"template":{"metadata":{"labels":{"app":"x"}}},
                "progressDeadlineSeconds":2147483647,"revisionHistoryLimit":2147483647,
                "strategy":{"rollingUpdate":{"maxSurge":1,"maxUnavailable":1}}}}
                """#, notes: 6),
        ConversionCase(
            name: "a server only renames it", kind: "Deployment", from: "extensions/v1beta1", to: "apps/v1",
            given: #"{"spec":{"replicas":2}}"#, expected: #"{"spec":{"replicas":2}}"#, purpose: .reading),
        ConversionCase(
            name: "the update strategy and the generation", kind: "DaemonSet", from: "extensions/v1beta1",
            to: "apps/v1",
            given: #"{"spec":{"selector":{"matchLabels":{"a":"b"}},"templateGeneration":3}}"#,
            expected: #"""
                {"metadata":{"annotations":{"deprecated.daemonset.template.generation":"3"}},
                "spec":{"selector":{"matchLabels":{"a":"b"}},"updateStrategy":{"type":"OnDelete"}}}
                """#, notes: 1),
        ConversionCase(
            name: "a rename and nothing else", kind: "StatefulSet", from: "apps/v1beta2", to: "apps/v1",
            given: #"{"spec":{"selector":{"matchLabels":{"a":"b"}}}}"#,
            expected: #"{"spec":{"selector":{"matchLabels":{"a":"b"}}}}"#),
    ]

    @Test("What cannot be decided or read is refused by code, with the place")
    func refused() throws {
        let webhook = try ConversionCase(
            name: "", kind: "MutatingWebhookConfiguration", from: "", to: "", given: "", expected: ""
        ).object("admissionregistration.k8s.io/v1beta1", #"{"webhooks":[{"name":"a.b.c"}]}"#)
        expectRefusal(.undecidable, of: webhook, to: "v1", at: "webhooks[0].sideEffects")
        let ingress = try ConversionCase(name: "", kind: "Ingress", from: "", to: "", given: "", expected: "").object(
            "networking.k8s.io/v1beta1", #"{"spec":{"backend":{"servicePort":80}}}"#)
        expectRefusal(.malformed, of: ingress, to: "v1", at: "spec.backend")
        let deployment = try ConversionCase(
            name: "", kind: "Deployment", from: "", to: "", given: "", expected: ""
        ).object("apps/v1beta1", #"{"spec":{"template":{"metadata":{}}}}"#)
        expectRefusal(.undecidable, of: deployment, to: "v1", at: "spec.selector")
        var autoscaler = KubeObject(
            GroupVersionKind(group: "autoscaling", version: "v1", kind: "HorizontalPodAutoscaler"), name: "x")
        autoscaler[annotation: "autoscaling.alpha.kubernetes.io/metrics"] = "[{"
        expectRefusal(
            .malformed, of: autoscaler, to: "v2",
            at: FieldPath("metadata.annotations").member("autoscaling.alpha.kubernetes.io/metrics"))
    }

    private func expectRefusal(
        _ code: ConversionError.Code, of object: KubeObject, to version: String, at path: FieldPath
    ) {
        var target = object.gvk
        target.version = version
        #expect {
            try ConversionRegistry.builtIn.convert(object, to: target)
        } throws: { error in
            let error = error as? ConversionError
            return error?.code == code && error?.path == path && error?.object == object.reference
        }
    }
}
