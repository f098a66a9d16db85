public import Manifests

/// Keeps runs: their journals, before-images and the plans they carry out.
public protocol RunStore: Sendable {
    /// All runs, the oldest first. Damaged ones are listed too.
    func runs() throws(JournalError) -> [StoredRun]

    /// Creates a run with its first record; it exists in full or not at all.
    func begin(_ run: String, first: JournalRecord, plan: PlanFiles) throws(JournalError) -> any JournalStore

    /// Takes in a run that comes from a mirror, whole or not at all. One of that name that is here already is kept
    /// aside.
    func adopt(
        _ run: String, journal: [UInt8], images: [Digest: [UInt8]], plan: PlanFiles) throws(JournalError)

    /// Reads a journal without changing anything.
    func read(_ run: String) throws(JournalError) -> JournalContents

    /// Opens a journal to go on with it. A torn tail is kept aside and cut off; corruption is refused.
    func open(_ run: String) throws(JournalError) -> (contents: JournalContents, journal: any JournalStore)

    /// Keeps the page that tells a person without kirikae how to go back from the last checkpoint.
    func keepWayBack(_ page: [UInt8], of run: String) throws(JournalError)

    /// The plan as it was when the run began.
    func plan(of run: String) throws(JournalError) -> PlanFiles

    /// Keeps other processes out until the lock is released: one process per migration. `locked` when another is there.
    func lock(migration: String, holder: String) throws(JournalError) -> any HeldLock
}

/// A lock that is held.
public protocol HeldLock: Sendable {
    /// Gives it back. Further calls do nothing. The end of the process does the same.
    func release()
}

/// The bytes of a plan's files.
public struct PlanFiles: Sendable, Hashable {
    /// By name, such as `plan.yaml` and `objects.jsonl`; no folders.
    public var files: [String: [UInt8]]

    public init(_ files: [String: [UInt8]]) { self.files = files }
}

/// One run as the store lists it.
public struct StoredRun: Sendable, Hashable {
    public var id: String
    /// Where it lies, for people.
    public var place: String
    /// The fold of the journal; nil when the journal is damaged.
    public var state: RunState?
    /// Why the journal cannot be read.
    public var problem: JournalError?

    public init(id: String, place: String, state: RunState?, problem: JournalError?) {
        self.id = id
        self.place = place
        self.state = state
        self.problem = problem
    }
}

extension RunStore {
    /// Runs that are neither finished nor abandoned.
    public func unfinished() throws(JournalError) -> [StoredRun] {
        try runs().filter { $0.state.map { !$0.phase.isTerminal } ?? true }
    }

    /// The run that a plan was begun as, unless that one went all the way back: then nothing of it is left and the
    /// plan may be begun again.
    public func begun(planDigest: Digest) throws(JournalError) -> StoredRun? {
        try runs().first { run in
            guard let state = run.state else { return false }
            return state.planDigest == planDigest && state.phase != .rolledBack
        }
    }
}
