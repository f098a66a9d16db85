public import Catalog
public import Manifests

/// One object under examination, with the way to where its fields are written.
public struct CheckSubject: Sendable {
    public let object: KubeObject
    /// What the Helm releases of the inventory say, for Secrets whose own data is redacted.
    public let helmRelease: HelmRelease?
    private let locate: @Sendable (FieldPath) -> SourceLocation?

    /// - Parameters:
    ///   - object: what is examined.
    ///   - helmRelease: what is known of the release it holds, when it is a redacted Secret.
    ///   - locate: where the value at a path is written; nil for objects that came from a server.
    public init(
        _ object: KubeObject, helmRelease: HelmRelease? = nil,
        locate: @escaping @Sendable (FieldPath) -> SourceLocation? = { _ in nil }
    ) {
        self.object = object
        self.helmRelease = helmRelease
        self.locate = locate
    }

    /// Where the value at a path is written.
    public func location(of path: FieldPath) -> SourceLocation? { locate(path) }

    /// A finding about this object, located at the path.
    func finding(
        _ code: String, _ severity: Finding.Severity, about gvk: GroupVersionKind, at path: FieldPath,
        place: Finding.Place = .object, since: KubernetesVersion? = nil, replacement: GroupVersionKind? = nil,
        message: String, remedy: String
    ) -> Finding {
        Finding(
            code: code, severity: severity, object: object.reference, gvk: gvk, place: place, path: path,
            location: locate(path), since: since, replacement: replacement, message: message, remedy: remedy)
    }
}

/// What a check may ask besides the object.
public struct CheckContext: Sendable {
    public var catalog: Catalog
    /// The release that the objects are to live with.
    public var target: KubernetesVersion

    public init(catalog: Catalog = .builtIn, target: KubernetesVersion) {
        self.catalog = catalog
        self.target = target
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
        RoleForRemovedGroupCheck(),
    ]
}
