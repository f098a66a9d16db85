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

    /// How sure the check is, given only what it has read.
    public enum Confidence: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        /// It may be so; somebody who knows the system has to tell.
        case possible
        /// It is so unless something that was not read says otherwise, such as a template's value.
        case likely
        /// What was read says it.
        case certain

        /// From a guess to knowledge.
        public static func < (lhs: Confidence, rhs: Confidence) -> Bool {
            (allCases.firstIndex(of: lhs) ?? 0) < (allCases.firstIndex(of: rhs) ?? 0)
        }
    }

    /// What becomes of the object, or of who uses it, at the target.
    public enum Consequence: String, Sendable, Hashable, Codable, CaseIterable {
        /// The server, or the component that reads the file, does not take it.
        case refused
        /// It is taken, and what the field, annotation or flag asked for does not happen.
        case ignored
        /// The server drops the field without a word.
        case pruned
        /// It is taken and does something else than before.
        case behavesDifferently = "behaves-differently"
        /// Somebody's next deployment, upgrade or request fails, not this object.
        case breaksLater = "breaks-later"
        /// Nothing yet: it is on its way out, or only worth knowing.
        case nothingYet = "nothing-yet"
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
        /// A template that was not rendered; only words that stand in it literally were read.
        case template
        /// What a server says of itself: metrics, nodes, registrations.
        case server

        /// A stable word for machines.
        public var word: String {
            switch self {
            case .object: "object"
            case .lastApplied: "last-applied"
            case .managedFields: "managed-fields"
            case .helmRelease: "helm-release"
            case .reference: "reference"
            case .template: "template"
            case .server: "server"
            }
        }
    }

    /// Stable and in kebab case, such as `api-removed`.
    public var code: String
    public var severity: Severity
    public var confidence: Confidence
    public var consequence: Consequence
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
    /// Whether `kirikae convert` writes the remedy into the file, so that a report can name the command.
    public var isConvertible: Bool
    /// The fact of the catalog it rests on, where that is not the lifecycle of ``gvk``: the id of a behaviour change, say.
    public var fact: String?
    /// The objects it concerns, where that is nearly everybody: ``CheckJudge`` tells such a finding once, at the first
    /// of them.
    ///
    /// Empty for every other finding.
    public var concerned: [String] = []
    /// Which rendered text holds the object, where a program made it; ``location`` is then where its template or base
    /// stands.
    public var rendering: Rendering?
    /// What the object's own annotation says against it; whether that still holds is for ``CheckJudge`` to say.
    public var suppression: Suppression?

    /// - Parameters:
    ///   - consequence: what happens; by default what the severity suggests for an object that has to change.
    public init(
        code: String, severity: Severity, confidence: Confidence = .certain, consequence: Consequence? = nil,
        object: ObjectReference, gvk: GroupVersionKind, place: Place = .object, path: FieldPath? = nil,
        location: SourceLocation? = nil, since: KubernetesVersion? = nil, replacement: GroupVersionKind? = nil,
        message: String, remedy: String, isConvertible: Bool = false, fact: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.confidence = confidence
        self.consequence = consequence ?? (severity == .breaks ? .refused : .nothingYet)
        self.object = object
        self.gvk = gvk
        self.place = place
        self.path = path
        self.location = location
        self.since = since
        self.replacement = replacement
        self.message = message
        self.remedy = remedy
        self.isConvertible = isConvertible
        self.fact = fact
    }
}
