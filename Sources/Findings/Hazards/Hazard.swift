public import Catalog
public import Manifests

/// One thing that may go wrong because two clusters stand side by side.
public struct Hazard: Sendable, Hashable {
    /// What a plan does about it.
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        /// Worth knowing; the plan is the same.
        case informs
        /// The plan holds something back or adds a step.
        case inserts
        /// No plan is made until the migration file acknowledges it with a reason.
        case refuses

        /// From the mildest to the hardest.
        public static func < (lhs: Severity, rhs: Severity) -> Bool {
            (allCases.firstIndex(of: lhs) ?? 0) < (allCases.firstIndex(of: rhs) ?? 0)
        }
    }

    /// The check that saw it, such as `cronjob-runs-twice`; stable, for migration files name it.
    public var id: String
    public var severity: Severity
    /// The object it is about; nil when it is about the clusters as a whole.
    public var object: ObjectReference?
    /// The field that shows it; nil where an absence does.
    public var path: FieldPath?
    /// Where the object stands in a file, where it came from one.
    public var location: SourceLocation?
    /// What may happen, in one sentence.
    public var message: String
    /// What the plan does, or what a person must do before there can be one.
    public var answer: String

    public init(
        id: String, severity: Severity, object: ObjectReference?, path: FieldPath? = nil,
        location: SourceLocation? = nil, message: String, answer: String
    ) {
        self.id = id
        self.severity = severity
        self.object = object
        self.path = path
        self.location = location
        self.message = message
        self.answer = answer
    }
}

/// What a hazard check may ask besides the inventory of blue.
public struct HazardContext: Sendable {
    public var catalog: Catalog
    /// The release green runs.
    public var target: KubernetesVersion

    public init(catalog: Catalog = .builtIn, target: KubernetesVersion) {
        self.catalog = catalog
        self.target = target
    }
}

/// Looks for one hazard.
///
/// Pure: the same inventory gives the same hazards in the same order.
///
/// Adding one is one file, one line in ``HazardChecks``, and fixtures; the conformance suite does the rest.
public protocol HazardCheck: Sendable {
    /// Stable and in kebab case; every hazard it returns has it.
    var id: String { get }
    /// What it looks for, in one sentence.
    var summary: String { get }
    /// What it sees in the inventory, in the inventory's order.
    func hazards(in inventory: Inventory, context: HazardContext) -> [Hazard]
}
