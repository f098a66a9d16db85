import Manifests
import Testing

@testable import Routing

/// A back end as the conformance suite sees it: how to make one with a world behind it, and how others change that world.
protocol RouterBench: Sendable {
    associatedtype Subject: Router
    /// A router whose route stands at all blue.
    func router() throws -> Subject
    /// The same with something wrong; nil where that cannot happen to this back end.
    func router(_ fault: RouterFault) throws -> Subject?
    /// Somebody else sets these weights behind the router's back.
    func meddle(_ weights: Weights) async throws
    /// The weights that are really in force, seen by other means than the router's.
    func truth() async throws -> Weights
    /// The back end is restarted; false where there is nothing to restart.
    func restart() async throws -> Bool
    /// Settings that must be refused, each with the place of what is wrong.
    static var invalidSettings: [(settings: JSONValue, place: String)] { get }
}

/// What can be wrong with a back end while it is asked.
enum RouterFault: CaseIterable {
    /// It cannot be reached.
    case unreachable
    /// A write is carried out, and its answer never comes.
    case timesOutAfterApplying
    /// A write is acknowledged and not carried out, and reading back says that it was.
    case lies
}
