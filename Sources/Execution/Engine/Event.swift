public import Manifests
public import Routing

/// Something that happened, as the shell tells the engine.
///
/// Time and randomness come with it: the engine has none.
public struct Event: Sendable, Hashable {
    public var moment: Moment
    /// Random bits for jitter.
    public var chance: UInt64
    public var kind: Kind

    public init(moment: Moment, chance: UInt64, kind: Kind) {
        self.moment = moment
        self.chance = chance
        self.kind = kind
    }

    /// What happened.
    public enum Kind: Sendable, Hashable {
        /// Everything that must hold before the first write holds.
        case preflightPassed(checked: Int, warnings: [String])
        /// The run goes on after an end of the process; `repaired` bytes of a torn tail were cut off.
        case resumed(repaired: Int?)
        /// The run turns round.
        case turned(Rollback)
        /// The cluster lock is held.
        case locked(epoch: Int, holder: String, sides: [String], takenFrom: String?)
        /// The cluster lock is no longer certain on that side.
        case lockLost(side: String, message: String)
        /// Green does not answer, while on the way back.
        case greenOutOfReach(String)
        /// Something worth writing down that changes nothing.
        case noted(code: String, message: String)
        /// The mirror cannot be brought up: forward must not go on, the way back does.
        case mirrorFailed(String)
        /// A before-image was read and is on disk.
        case captured(OperationID, image: Digest, seen: Digest?)
        /// Instead of a before-image there was the goal, or another's value.
        case refusedCapture(OperationID, Observation)
        /// The other side says that it did it; `seen` when its answer shows what stands there now.
        case acknowledged(OperationID, receipt: JSONObject, seen: Observation?)
        case observed(OperationID, Observation)
        case undone(OperationID)
        case failed(OperationID, StepFailure)
        case answered(OperationID, GateDecision)
        case weightsRead(OperationID, [String: Weights])
        /// What one round at a gate gave.
        case measured(OperationID, ProbeFigures)
        /// What the routes still have open; routes that cannot count are left out.
        case connectionsCounted([String: OpenConnections])
        case woke
    }
}
