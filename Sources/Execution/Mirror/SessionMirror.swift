import Manifests
import Planning

/// When one process brings the mirror up.
///
/// Forward: before its first effect, at every checkpoint, and before every effect that the plan alone could not take
/// back, weights among them; without success none of these is carried out. Back: once users are served, and at the end;
/// without success the way back goes on.
struct SessionMirror: Sendable {
    private var mirror: RunMirror
    private let merged: Set<ObjectReference>
    private let clock: any RunClock
    private let known: @Sendable (Int) -> Digest?
    private var isFirstEffect = true
    private var isAtCheckpoint = false
    private var hasTriedBack = false

    init(
        _ mirror: RunMirror, merged: Set<ObjectReference>, clock: any RunClock,
        known: @escaping @Sendable (Int) -> Digest?
    ) {
        self.mirror = mirror
        self.merged = merged
        self.clock = clock
        self.known = known
    }

    /// Mirrors a file beside the journal, from the next time on.
    mutating func keep(_ bytes: [UInt8], as name: String) { mirror.files.files[name] = bytes }

    /// Takes note of what was appended to the journal.
    mutating func took(_ records: [JournalRecord]) {
        if records.contains(where: { $0.entry.type == .checkpoint }) { isAtCheckpoint = true }
    }

    /// Brings the mirror up where these calls must not begin without; why it could not be, when it could not.
    mutating func bringUp(
        before calls: [Action], _ state: RunState, _ journal: any JournalStore
    ) async -> String? {
        guard !calls.isEmpty else { return nil }
        guard state.rollback == nil else {
            guard !hasTriedBack, !calls.contains(where: Self.isForUsers) else { return nil }
            hasTriedBack = true
            return await bringUp(state, journal, attempts: 1)
        }
        let effects = calls.compactMap { call -> PlannedOperation? in
            if case .effect(let operation, _, _) = call { operation } else { nil }
        }
        let isDue = isFirstEffect || effects.contains { $0.isMirroredFirst(merged: merged) }
        guard isAtCheckpoint || !effects.isEmpty && isDue else { return nil }
        if let failure = await bringUp(state, journal, attempts: 3) { return failure }
        isAtCheckpoint = false
        if !effects.isEmpty { isFirstEffect = false }
        return nil
    }

    /// Brings it up before the process leaves; why it could not be, when it could not.
    mutating func bringUpAtEnd(_ state: RunState, _ journal: any JournalStore) async -> String? {
        await bringUp(state, journal, attempts: 1)
    }

    private mutating func bringUp(
        _ state: RunState, _ journal: any JournalStore, attempts: Int
    ) async -> String? {
        var failure: MirrorError?
        for attempt in 1...attempts {
            if attempt > 1 { await clock.sleep(for: .milliseconds(250 << attempt)) }
            do throws(JournalError) {
                // The mirror must not hold what a power cut could still take from here.
                try journal.append([], durable: true)
            } catch { return error.description }
            do throws(MirrorError) {
                try await mirror.bringUp(journal, records: state.nextSequence, head: state.head, known: known)
                return nil
            } catch {
                failure = error
                guard error.code == .unreachable || error.code == .damaged else { break }
            }
        }
        return failure?.message
    }

    private static func isForUsers(_ call: Action) -> Bool {
        switch call {
        case .undo(let operation, _, _, _), .observe(let operation, _, _, _): operation.step.undoPhase != .reverse
        default: false
        }
    }
}
