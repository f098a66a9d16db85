import Manifests

/// What no object takes along, in the order in which the rules are applied: one line each, details in the rules' files.
enum StripRules {
    static let all: [StripRule] =
        [
            serverMetadata, otherOwners, finalizers, status, lastApplied, ownMarks, injectedCertificates,
        ] + service + workloads + volumes + identity + [namespace]

    /// What the server writes into every object's metadata.
    static let serverMetadata = StripRule("server-metadata") { object, source in
        for member in [
            "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
            "deletionGracePeriodSeconds", "selfLink", "managedFields",
        ] {
            object.strip(FieldPath([.member("metadata"), .member(member)]))
        }
        if !source.name.isEmpty { object.strip("metadata.generateName") }
    }

    /// Owners have other UIDs on green, which nobody knows before they exist.
    ///
    /// What a controller owns is not copied at all; what remains stands on its own.
    static let otherOwners = StripRule("owner-has-other-uid") { object, _ in
        object.strip("metadata.ownerReferences")
    }

    /// A finalizer whose controller does not run on green would keep the object from ever being deleted.
    ///
    /// Controllers put their own on again.
    static let finalizers = StripRule("no-controller-yet") { object, _ in object.strip("metadata.finalizers") }

    /// What controllers observed on blue is not true on green.
    static let status = StripRule("observed-on-blue") { object, _ in object.strip("status") }

    /// Names old API versions and may repeat secrets.
    ///
    /// Rules that need it read it from the source.
    static let lastApplied = StripRule("last-applied") { object, _ in
        object.strip(annotation: "kubectl.kubernetes.io/last-applied-configuration")
    }

    /// Marks of ours: blue may be the green of the last migration.
    static let ownMarks = StripRule("own-marks") { object, source in
        for name in source.annotations.keys where name.hasPrefix(OwnMarks.prefix) { object.strip(annotation: name) }
        for name in source.labels.keys where name.hasPrefix(OwnMarks.prefix) { object.strip(label: name) }
    }

    /// Certificates that cert-manager fills in on each cluster.
    static let injectedCertificates = StripRule(
        "injected-by-cert-manager",
        kinds: [
            GroupKind(group: "admissionregistration.k8s.io", kind: "ValidatingWebhookConfiguration"),
            GroupKind(group: "admissionregistration.k8s.io", kind: "MutatingWebhookConfiguration"),
            GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"),
            GroupKind(group: "apiregistration.k8s.io", kind: "APIService"),
        ]
    ) { object, source in
        guard source.annotations.keys.contains(where: { $0.hasPrefix("cert-manager.io/inject-") }) else { return }
        for index in (source.json["webhooks"]?.array ?? []).indices {
            object.strip(FieldPath([.member("webhooks"), .index(index), .member("clientConfig"), .member("caBundle")]))
        }
        object.strip("spec.conversion.webhook.clientConfig.caBundle")
        object.strip("spec.caBundle")
    }

    /// What other platforms write into namespaces.
    static let namespace = StripRule("namespace-of-its-cluster", kinds: [.core("Namespace")]) { object, source in
        object.strip("spec")
        for name in source.annotations.keys
        where name.hasPrefix("openshift.io/sa.scc.") || name.hasPrefix("field.cattle.io/")
            || name == "cattle.io/status"
        {
            object.strip(annotation: name)
        }
        for name in source.labels.keys where name.hasPrefix("field.cattle.io/") { object.strip(label: name) }
        // Every server writes this one itself.
        object.strip(label: "kubernetes.io/metadata.name")
    }
}

/// The names that kirikae writes on objects.
public enum OwnMarks {
    /// What all of them begin with.
    static let prefix = "kirikae.dev/"
    /// On every object that a migration put on green: the migration's name.
    public static let migrationLabel = "kirikae.dev/migration"
    /// The `type` of Secrets that mirror a run.
    public static let mirrorType = "kirikae.dev/mirror"
    /// On a workload of blue that was put to sleep: the replicas it had.
    public static let originalReplicas = "kirikae.dev/original-replicas"
    /// On a CronJob of blue that was put to sleep: `false`, as it was.
    public static let originalSuspend = "kirikae.dev/original-suspend"
    /// On an autoscaler of blue whose floor was raised: the `minReplicas` it had, empty when it had none.
    public static let originalMinReplicas = "kirikae.dev/original-min-replicas"
}
