import FoundationEssentials
import Testing

@testable import Execution

/// Seeded schedules of everything at once.
///
/// `KIRIKAE_SCHEDULES` says how many, `KIRIKAE_SCHEDULE_SEED` with which to begin; a failing one names the line that
/// repeats it.
@Suite("Whatever happens to a run")
struct ScheduleTests {
    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
    private static let count = environment["KIRIKAE_SCHEDULES"].flatMap { Int($0) } ?? 200
    private static let first = environment["KIRIKAE_SCHEDULE_SEED"].flatMap { UInt64($0) } ?? 1

    @Test("it ends where the operator went, nothing runs twice, and nobody's work is lost")
    func schedules() async throws {
        var failed: [String] = []
        var commands = 0
        for seed in Self.first..<(Self.first + UInt64(Self.count)) {
            let report = try await Schedule(seed: seed).run()
            commands += report.commands.count
            guard !report.violations.isEmpty else { continue }
            if Self.count == 1 { print(String(decoding: report.journal, as: UTF8.self)) }
            failed.append(
                "KIRIKAE_SCHEDULE_SEED=\(seed) KIRIKAE_SCHEDULES=1 swift test --filter ScheduleTests: "
                    + report.commands.joined(separator: ", ") + ": "
                    + report.violations.prefix(3).joined(separator: "; "))
        }
        #expect(commands > Self.count)
        #expect(failed.isEmpty, "\(failed.count) of \(Self.count)\n\(failed.prefix(5).joined(separator: "\n"))")
    }

    @Test("a seed repeats a schedule to the byte", arguments: [3, 17, 40, 99] as [UInt64])
    func repeats(seed: UInt64) async throws {
        let one = try await Schedule(seed: seed).run()
        let two = try await Schedule(seed: seed).run()
        #expect(one.journal == two.journal)
        #expect(one.commands == two.commands)
    }

    @Test(
        "a mistake in the engine is noticed",
        arguments: [
            EngineMutation.undoOnlyVerified, .recaptureOnResume, .effectBeforeIntent, .trustIntent,
            .passOnTooFewSamples, .returnWithoutWaking,
        ])
    func mutants(mutation: EngineMutation) async throws {
        for seed in 1...400 as ClosedRange<UInt64> {
            var schedule = Schedule(seed: seed)
            schedule.mutation = mutation
            if try await !schedule.run().violations.isEmpty { return }
        }
        Issue.record("no schedule noticed \(mutation)")
    }
}
