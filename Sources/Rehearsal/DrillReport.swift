public import Execution
public import Manifests
public import Planning
public import Routing

/// What a drill did and saw, before anything is concluded from it (``DrillProof`` does that).
public struct DrillReport: Sendable {
    /// Both clusters at one moment.
    public struct Contents: Sendable, Equatable {
        public var blue: ClusterContent
        public var green: ClusterContent
    }

    /// One way back that was rehearsed.
    public struct Return: Sendable {
        public var wayBack: Drill.WayBackRehearsal
        public var outcome: RunOutcome.Kind
        /// Virtual time from the command to the end of the way back.
        public var milliseconds: Int64
        /// Both clusters as they were when the target checkpoint was recorded.
        public var expected: Contents
        /// Both clusters after the way back.
        public var found: Contents
        /// By route, after the way back.
        public var weights: [String: Weights]

        /// What is not as it was at the checkpoint, without claims that green's controllers bound meanwhile: that is
        /// time passing, not something that was not taken back.
        public var differences: [(side: Side, difference: ClusterContent.Difference)] {
            found.blue.differences(from: expected.blue).map { (.blue, $0) }
                + found.green.differences(from: expected.green).filter { !$0.isBinding }.map { (.green, $0) }
        }

        /// Whether both clusters are exactly as they were at the checkpoint.
        public var isExact: Bool { differences.isEmpty }
    }

    public var plan: String
    public var planDigest: Digest
    public var seed: UInt64
    /// The run's id; nil when none was begun.
    public var run: String?
    public var outcome: RunOutcome?
    public var returns: [Return] = []
    public var before: Contents?
    public var after: Contents?
    /// Every weight that each route took, in order.
    public var histories: [String: [Weights]] = [:]
    public var blueAtEnd: [KubeObject] = []
    public var greenAtEnd: [KubeObject] = []
    /// Records in the journal, whose chain was verified in reading it.
    public var records = 0
    /// What gates measured, in order.
    public var measurements: [GateMeasurement] = []
    /// How long the ways back took in the run's own time.
    public var times: [ReturnTime] = []
    /// Invariants that did not hold, and ways back that failed.
    public var problems: [String] = []

    init(plan: String, planDigest: Digest, seed: UInt64) {
        self.plan = plan
        self.planDigest = planDigest
        self.seed = seed
    }
}
