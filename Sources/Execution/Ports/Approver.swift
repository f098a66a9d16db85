public import Manifests

/// Asks a person at a gate, or looks up what was answered elsewhere.
public protocol Approver: Sendable {
    /// The answer, or `.undecided` when nobody can be asked now: the run then ends as waiting and stays resumable.
    func decide(_ request: GateRequest) async -> GateDecision
}

/// What a person is asked.
public struct GateRequest: Sendable, Hashable {
    public var run: String
    /// The id of the gate's step.
    public var gate: String
    public var wave: String
    public var message: String
    /// Covers plan digest, run, gate and message: an answer that names it cannot be meant for something else.
    public var digest: Digest
    /// Who approved already, for a gate that needs two persons.
    public var approvedBy: [String]

    public init(run: String, gate: String, wave: String, message: String, digest: Digest, approvedBy: [String]) {
        self.run = run
        self.gate = gate
        self.wave = wave
        self.message = message
        self.digest = digest
        self.approvedBy = approvedBy
    }
}

/// An answer at a gate.
public enum GateDecision: Sendable, Hashable {
    case approved(by: String)
    case rejected(by: String, reason: String)
    case undecided
}

/// Approves exactly the gates whose ids it was given.
///
/// There is no way to say "all".
public struct ListedApprover: Approver {
    /// Step ids of gates.
    public var gates: Set<String>
    /// The identity written into the journal.
    public var person: String

    public init(gates: Set<String>, person: String) {
        self.gates = gates
        self.person = person
    }

    public func decide(_ request: GateRequest) async -> GateDecision {
        gates.contains(request.gate) && !request.approvedBy.contains(person) ? .approved(by: person) : .undecided
    }
}
