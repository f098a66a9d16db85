public import Manifests

/// One thing that breaks or may break at the target release, where it stands and what to do about it.
public struct Finding: Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        /// Worth knowing.
        case info
        /// Works at the target but is on its way out, or breaks somebody's next deployment.
        case warns
        /// Does not work at the target.
        case breaks

        /// From the mildest to the hardest.
        public static func < (lhs: Severity, rhs: Severity) -> Bool {
            (allCases.firstIndex(of: lhs) ?? 0) < (allCases.firstIndex(of: rhs) ?? 0)
        }
    }

    /// What was read to find it.
    ///
    /// The same object may be fine in the cluster and stale in an annotation; a finding says which of them it means.
    public enum Place: Sendable, Hashable {
        /// The object as it stands.
        case object
        /// The annotation in which `kubectl apply` keeps what was last applied.
        case lastApplied
        /// The fields that a manager wrote, at the version it wrote them.
        case managedFields(manager: String)
        /// The manifest kept in a Helm release, at a line of it.
        case helmRelease(name: String, revision: Int, line: Int)
        /// A field that names another object's kind and version.
        case reference

        /// A stable word for machines.
        public var word: String {
            switch self {
            case .object: "object"
            case .lastApplied: "last-applied"
            case .managedFields: "managed-fields"
            case .helmRelease: "helm-release"
            case .reference: "reference"
            }
        }
    }

    /// Stable and in kebab case, such as `api-removed`.
    public var code: String
    public var severity: Severity
    /// The object that has to change.
    public var object: ObjectReference
    /// The kind and version that the finding is about; for references, the one referred to.
    public var gvk: GroupVersionKind
    public var place: Place
    /// The field.
    public var path: FieldPath?
    /// Where it is written; nil for objects that came from a server.
    public var location: SourceLocation?
    /// The release in which it began to be so.
    public var since: KubernetesVersion?
    /// What to write instead, where something takes its place at the target.
    public var replacement: GroupVersionKind?
    /// What is the matter, in one sentence.
    public var message: String
    /// What to do, in one sentence.
    public var remedy: String

    public init(
        code: String, severity: Severity, object: ObjectReference, gvk: GroupVersionKind, place: Place = .object,
        path: FieldPath? = nil, location: SourceLocation? = nil, since: KubernetesVersion? = nil,
        replacement: GroupVersionKind? = nil, message: String, remedy: String
    ) {
        self.code = code
        self.severity = severity
        self.object = object
        self.gvk = gvk
        self.place = place
        self.path = path
        self.location = location
        self.since = since
        self.replacement = replacement
        self.message = message
        self.remedy = remedy
    }
}
