import Programs
import Synchronization

@testable import kirikae

/// The real runner, with something done to what it is asked or to what it answers.
struct FaultyRunner: ProgramRunner {
    let change: @Sendable (ProgramCall, any ProgramRunner, Duration) async throws(ProgramFailure) -> ProgramAnswer

    func run(_ call: ProgramCall, limit: Duration) async throws(ProgramFailure) -> ProgramAnswer {
        try await change(call, SubprocessRunner(), limit)
    }

    /// Runs what `matches` and then never answers.
    static func silent(_ matches: @escaping @Sendable (ProgramCall) -> Bool) -> FaultyRunner {
        FaultyRunner { (call, real, limit) async throws(ProgramFailure) -> ProgramAnswer in
            let answer = try await real.run(call, limit: limit)
            if matches(call) { throw ProgramFailure("it did not end in time", hasBegun: true) }
            return answer
        }
    }
}
