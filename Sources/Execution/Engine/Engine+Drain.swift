import Planning
import Routing

// Users are on blue again; what they still have open on green is let come to its end before anything there is taken away.
extension Engine {
    /// What has to be done before the operation begins; nil when it may.
    mutating func drain(before operation: PlannedOperation) -> [Action]? {
        guard operation.step.undoPhase == .reverse, !isDrained else { return nil }
        var routes: Set<String> = []
        for undone in undoQueue[..<undoCursor] where undone.step.undoPhase == .traffic {
            if case .route(let route) = undone.id.target { routes.insert(route) }
        }
        guard !routes.isEmpty, !state.isDegraded else {
            isDrained = true
            return nil
        }
        guard !isCounting, inFlight.isEmpty else { return [] }
        if let notBefore = countNotBefore, notBefore > now {
            return [.sleep(milliseconds: notBefore - now, why: "letting connections to green end: \(stillOpen) open")]
        }
        isCounting = true
        return [.countConnections(routes.sorted())]
    }

    /// Takes in how many connections each route still has open.
    mutating func counted(_ open: [String: OpenConnections]) {
        isCounting = false
        stillOpen = open.values.reduce(0) { $0 + $1.green }
        let since = drainingSince ?? now
        if stillOpen == 0 {
            isDrained = true
            if drainingSince != nil {
                record(
                    .note(code: "drained", message: "no connection to green is open after \((now - since) / 1_000) s"))
            }
        } else if now - since >= policy.drainDeadline {
            isDrained = true
            record(
                .note(
                    code: "connections-left",
                    message: "\(stillOpen) connections to green are still open after \((now - since) / 1_000) s"))
        } else {
            countNotBefore = now + policy.poll
        }
        drainingSince = since
    }
}
