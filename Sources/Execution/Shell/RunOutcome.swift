/// How a command that works on a run ended.
///
/// Exit codes are the command's business.
public struct RunOutcome: Sendable, Hashable {
    /// The named ends; there is no other.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case succeeded
        /// Everything was undone.
        case rolledBack
        /// At a cut, on purpose.
        case paused
        /// At a gate that nobody opened yet.
        case waiting
        /// Needs a decision; `state.halt` says which.
        case halted
        /// Stopped by a signal.
        case interrupted
        /// Given up by a person.
        case abandoned
        /// Another process, operator or run is at work, or has been: a plan is begun once.
        case locked
        /// Blue is not what the plan reasoned about any more. Nothing was written.
        case stale
        /// The plan, the clusters or the command do not fit. Nothing was written.
        case refused
        /// A cluster that is needed cannot be reached. Nothing was written since.
        case unreachable
        /// The journal cannot be written. Nothing more was done; what is on disk is what holds.
        case journalFailed
    }

    public var kind: Kind
    /// Nil when no run was begun.
    public var run: String?
    /// One or two sentences for people: what happened, and where.
    public var message: String
    /// The fold of the journal at the end.
    public var state: RunState?
    /// What preflight found, for `stale` and `refused`.
    public var problems: [PreflightProblem]
    /// Commands that lead on.
    public var next: [String]

    public init(
        _ kind: Kind, run: String?, message: String, state: RunState? = nil, problems: [PreflightProblem] = [],
        next: [String] = []
    ) {
        self.kind = kind
        self.run = run
        self.message = message
        self.state = state
        self.problems = problems
        self.next = next
    }
}

/// One thing that keeps a run from beginning or going on.
public struct PreflightProblem: Sendable, Hashable, CustomStringConvertible {
    /// What kind of thing; the raw values are stable.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case planUnsupported = "plan-unsupported"
        case planChanged = "plan-changed"
        case noTarget = "no-target"
        case sameCluster = "same-cluster"
        case swappedClusters = "swapped-clusters"
        case wrongCluster = "wrong-cluster"
        case wrongVersion = "wrong-version"
        case apisChanged = "apis-changed"
        case objectChanged = "object-changed"
        case objectDeleted = "object-deleted"
        case noDigestKey = "no-digest-key"
        case wrongImageKey = "wrong-image-key"
        case mirrorUnwritable = "mirror-unwritable"
        case undoneSince = "undone-since"
        case collision = "collision"
        case routeUnreadable = "route-unreadable"
        case routeUnexpected = "route-unexpected"
        case clusterUnreachable = "cluster-unreachable"
        case unreadable = "unreadable"
        case notAllowed = "not-allowed"
    }

    public var code: Code
    /// Where: an object, a cluster or a route.
    public var place: String
    public var message: String
    /// What to do about it.
    public var remedy: String
    /// Warnings do not keep the run from going on.
    public var isWarning: Bool

    public init(_ code: Code, place: String, message: String, remedy: String, isWarning: Bool = false) {
        self.code = code
        self.place = place
        self.message = message
        self.remedy = remedy
        self.isWarning = isWarning
    }

    public var description: String { "\(place): \(message) [\(code.rawValue)] — \(remedy)" }
}
