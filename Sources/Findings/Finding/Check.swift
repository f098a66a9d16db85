import Catalog
public import Manifests

/// One object under examination, with the way to where its fields are written.
public struct CheckSubject: Sendable {
    public let object: KubeObject
    /// What the Helm releases of the inventory say, for Secrets whose own data is redacted.
    public let helmRelease: HelmRelease?
    /// The certificates in it, for Secrets whose own data is redacted; nil leaves them to be read from the object.
    public let certificates: [CertificateFact]?
    private let locate: @Sendable (FieldPath) -> SourceLocation?
    private let locateKey: (@Sendable (FieldPath) -> SourceLocation?)?

    /// - Parameters:
    ///   - object: what is examined.
    ///   - helmRelease: what is known of the release it holds, when it is a redacted Secret.
    ///   - certificates: what is known of the certificates it holds, when it is a redacted Secret.
    ///   - locateKey: where the name is written under which the value at a path stands; by default the value.
    ///   - locate: where the value at a path is written; nil for objects that came from a server.
    public init(
        _ object: KubeObject, helmRelease: HelmRelease? = nil, certificates: [CertificateFact]? = nil,
        locateKey: (@Sendable (FieldPath) -> SourceLocation?)? = nil,
        locate: @escaping @Sendable (FieldPath) -> SourceLocation? = { _ in nil }
    ) {
        self.object = object
        self.helmRelease = helmRelease
        self.certificates = certificates
        self.locate = locate
        self.locateKey = locateKey
    }

    /// The same subject with another object, of which only where it comes from is known.
    func with(_ object: KubeObject) -> CheckSubject {
        let file = locate("kind")
        return CheckSubject(object, helmRelease: helmRelease, certificates: certificates) { $0 == "kind" ? file : nil }
    }

    /// Where the value at a path is written.
    public func location(of path: FieldPath) -> SourceLocation? { locate(path) }

    /// Where the name is written under which the value at a path stands.
    public func keyLocation(of path: FieldPath) -> SourceLocation? { (locateKey ?? locate)(path) }

    /// A finding about this object, located at the path.
    func finding(
        _ code: String, _ severity: Finding.Severity, confidence: Finding.Confidence = .certain,
        consequence: Finding.Consequence? = nil, about gvk: GroupVersionKind, at path: FieldPath,
        ofKey: Bool = false, place: Finding.Place = .object, since: KubernetesVersion? = nil,
        replacement: GroupVersionKind? = nil,
        message: String, remedy: String, fact: String? = nil
    ) -> Finding {
        Finding(
            code: code, severity: severity, confidence: confidence, consequence: consequence,
            object: object.reference, gvk: gvk, place: place, path: path,
            location: ofKey ? keyLocation(of: path) : locate(path), since: since,
            replacement: replacement, message: message, remedy: remedy,
            fact: fact)
    }
}

/// Looks for one kind of trouble in one object.
///
/// Pure: the same object gives the same findings in the same order. Adding a check is one file, one line in
/// ``Checks``, and a fixture folder of its code's name; the conformance suite does the rest.
public protocol Check: Sendable {
    /// Stable and in kebab case; every finding it returns has it.
    var code: String { get }
    /// What it looks for, in one sentence.
    var summary: String { get }
    /// What it finds in one object.
    func findings(in subject: CheckSubject, context: CheckContext) -> [Finding]
    /// What a document must hold literally for this check to have anything to say about it.
    func need(in context: CheckContext) -> CheckNeed
}

extension Check {
    /// Until a check says otherwise, it wants to see everything.
    public func need(in context: CheckContext) -> CheckNeed { .everything }
}

/// The registry of checks, in the order in which reports explain them.
public enum Checks {
    /// Every check there is.
    public static let all: [any Check] = [
        RemovedAPICheck(),
        NotYetServedAPICheck(),
        DeprecatedAPICheck(),
        PodSecurityPolicyCheck(),
        LastAppliedAPICheck(),
        HelmReleaseAPICheck(),
        ManagedFieldsAPICheck(),
        ReferencedAPICheck(),
        EmbeddedAPICheck(),
        RuleForRemovedAPICheck(),
        StoredVersionCheck(),
        CertificateExpiryCheck(),
        AddOnVersionCheck(),
        RoleForRemovedGroupCheck(),
        BehaviourChangeCheck(),
        ComponentFlagCheck(),
        ComponentConfigurationCheck(),
        FieldChangeCheck(.gone),
        FieldChangeCheck(.required),
        FieldChangeCheck(.new),
        FieldChangeCheck(.deprecated),
        EcosystemAPICheck(),
        SuppressionAnnotationCheck(),
    ]

    /// Those that hold every field against the target's schemas; they run when asked for.
    public static let strict: [any Check] = [
        UnknownFieldCheck(),
        MissingFieldCheck(),
        FieldTypeCheck(),
    ]
}
