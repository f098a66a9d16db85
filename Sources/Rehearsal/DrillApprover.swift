import Execution

/// Opens every gate of a drill, in the name of the drill: as many persons as the gate wants.
struct DrillApprover: Approver {
    func decide(_ request: GateRequest) async -> GateDecision {
        .approved(by: "drill-\(request.approvedBy.count + 1)")
    }
}
