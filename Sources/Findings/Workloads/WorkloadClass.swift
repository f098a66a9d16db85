public import Manifests

/// How a workload bears being there twice, once in each cluster.
public enum WorkloadClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// May run in both clusters at once: requests decide which one works.
    case stateless
    /// Must not act in both clusters at once: queue consumers, singletons, leaders.
    case exclusive
    /// Owns volumes whose data this tool does not move.
    case stateful
    /// Runs once, to an end.
    case job
    /// Runs by the clock.
    case scheduled
    /// One pod on every node.
    case daemon
}

/// What class a workload belongs to, and what says so.
public struct WorkloadClassification: Sendable, Hashable {
    /// Why, as a stable word.
    public enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// A Service selects the pods and nothing speaks against two of them.
        case servedByService = "served-by-service"
        /// No Service selects the pods: what they do, they do on their own account.
        case noServiceSelectsIt = "no-service-selects-it"
        /// One replica which is stopped before its successor starts.
        case recreatedSingleton = "recreated-singleton"
        /// A container is told to elect a leader, and leaders are elected per cluster.
        case electsLeader = "elects-leader"
        /// Stable names without volumes: members of something that counts itself.
        case stableIdentity = "stable-identity"
        /// Claims of its own or named ones.
        case ownsClaims = "owns-claims"
        /// The kind alone decides.
        case byKind = "by-kind"
    }

    public var workloadClass: WorkloadClass
    public var reason: Reason
    /// The field that decided; nil where an absence did.
    public var path: FieldPath?

    public init(_ workloadClass: WorkloadClass, _ reason: Reason, path: FieldPath? = nil) {
        self.workloadClass = workloadClass
        self.reason = reason
        self.path = path
    }
}
