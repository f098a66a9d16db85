public import Manifests

/// Knows between which versions objects can be rewritten, and does it.
///
/// Invariant: every version belongs to at most one conversion. An object that is already at the wanted version comes
/// back as it is, byte for byte; everything a conversion does not understand stays where it was.
public struct ConversionRegistry: Sendable {
    /// One entry per kind; adding a kind is one file in `Kinds/` and one line here.
    public static let builtIn = ConversionRegistry(
        [
            HorizontalPodAutoscalerConversion(), PodDisruptionBudgetConversion(), CronJobConversion(),
            IngressConversion(), EndpointSliceConversion(), EventConversion(), PriorityLevelConversion(),
            WebhookConfigurationConversion(kind: "ValidatingWebhookConfiguration"),
            WebhookConfigurationConversion(kind: "MutatingWebhookConfiguration"), RuntimeClassConversion(),
            CustomResourceDefinitionConversion(),
        ] + WorkloadConversion.all + RBACConversion.all + DynamicResourceConversion.all + SuccessorConversion.all
            + SameSchemaConversion.all)

    private let conversions: [any KindConversion]
    private let positions: [GroupVersionKind: Int]

    /// A registry of exactly these conversions.
    public init(_ conversions: [any KindConversion]) {
        self.conversions = conversions
        var positions: [GroupVersionKind: Int] = [:]
        for (position, conversion) in conversions.enumerated() {
            for version in conversion.versions {
                precondition(positions[version] == nil, "\(version) has two conversions")
                positions[version] = position
            }
        }
        self.positions = positions
    }

    /// Every version the same object can be written at, itself included and oldest first.
    ///
    /// May cross groups (`extensions` and `networking.k8s.io` Ingress are one resource); only itself for unknown kinds.
    public func versions(of gvk: GroupVersionKind) -> [GroupVersionKind] {
        positions[gvk].map { conversions[$0].versions } ?? [gvk]
    }

    /// True when both are the same version, or versions of one resource that a conversion joins.
    public func canConvert(from source: GroupVersionKind, to target: GroupVersionKind) -> Bool {
        source == target || (positions[source] != nil && positions[source] == positions[target])
    }

    /// Whether an object can be written at another version with every field where it was.
    func keepsFields(from source: GroupVersionKind, to target: GroupVersionKind) -> Bool {
        canConvert(from: source, to: target) && (positions[source].map { conversions[$0].keepsFields } ?? true)
    }

    /// The object at another version.
    ///
    /// - Parameters:
    ///   - object: read at any version; not changed.
    ///   - target: the version to write it at.
    ///   - purpose: whether to answer as a server does, or to make it fit for another cluster.
    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose = .migratingToNewest
    ) throws(ConversionError) -> ConversionResult {
        let source = object.gvk
        if source == target { return ConversionResult(object: object, notes: []) }
        guard let position = positions[source], positions[target] == position else {
            throw ConversionError(
                code: .unknown,
                message: "no conversion from \(source) to \(target); "
                    + "write the object at \(target.apiVersion) by hand, or read it from a cluster that serves it",
                object: object.reference)
        }
        return try conversions[position].convert(object, to: target, for: purpose)
    }
}

/// What a conversion is for.
public enum ConversionPurpose: Sendable, Hashable {
    /// As an API server answers when an object stored at one version is read at another: nothing is repaired.
    case reading
    /// For creation on another cluster: the meaning is kept, and what servers of that minor (the newest when nil)
    /// would refuse is rewritten, with a note.
    case migrating(to: KubernetesVersion?)

    /// For creation on a cluster of the newest minor.
    public static var migratingToNewest: ConversionPurpose { .migrating(to: nil) }

    /// True when objects may be repaired for a cluster of at least that minor.
    func repairs(since minor: Int) -> Bool {
        switch self {
        case .reading: false
        case .migrating(let target): target.map { $0 >= KubernetesVersion(minor: minor) } ?? true
        }
    }
}

/// A converted object, and what a person should know about it.
public struct ConversionResult: Sendable, Hashable {
    /// At the wanted version.
    public var object: KubeObject
    /// One sentence each, about everything that is more than a rename: what changed its form so that its meaning
    /// stays, and what has no place at the new version.
    public var notes: [String]

    /// A result with its notes.
    public init(object: KubeObject, notes: [String]) {
        self.object = object
        self.notes = notes
    }
}

/// Why an object cannot be written at another version.
public struct ConversionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable, Hashable, Codable {
        /// Nothing is known about this pair of versions.
        case unknown
        /// A field holds what the old version does not allow either, so that its meaning is not known.
        case malformed
        /// Only the author knows what the new version wants to be told.
        case undecidable
        /// Nothing takes the place of the kind, or only what has to be written anew.
        case noSuccessor = "no-successor"
    }

    /// What kind of failure it is.
    public var code: Code
    /// In words, with what to do next.
    public var message: String
    /// Which object.
    public var object: ObjectReference?
    /// Where in the object, when one field is to blame.
    public var path: FieldPath?

    /// An error about one object.
    public init(code: Code, message: String, object: ObjectReference?, path: FieldPath? = nil) {
        self.code = code
        self.message = message
        self.object = object
        self.path = path
    }

    public var description: String {
        (object.map { "\($0): " } ?? "") + (path.map { "\($0): " } ?? "") + message
    }
}
