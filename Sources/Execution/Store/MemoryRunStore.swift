public import Manifests
import Synchronization

/// Runs in memory, for drills and tests.
///
/// Keeps apart what was synced from what was only written, so that a crash can be played: it leaves what was synced and
/// nothing else.
public final class MemoryRunStore: RunStore {
    struct Run: Sendable {
        var synced: [UInt8]
        var written: [UInt8]
        var images: [Digest: [UInt8]]
        var plan: PlanFiles
        var wayBack: [UInt8] = []
    }

    fileprivate struct State {
        var runs: [String: Run] = [:]
        var order: [String] = []
        var locks: Set<String> = []
        /// Counts crashes: what was opened before one is dead.
        var life = 0
    }

    fileprivate let state = Mutex(State())
    private let hook: @Sendable (StoreCall) throws(JournalError) -> Void

    /// What is about to be written; a fault may be thrown in its place.
    public enum StoreCall: Sendable, Hashable {
        case begin
        case append(durable: Bool)
        case image
    }

    /// A store whose calls may fail.
    ///
    /// `onCall` runs before each write.
    public init(onCall: @escaping @Sendable (StoreCall) throws(JournalError) -> Void = { _ throws(JournalError) in }) {
        hook = onCall
    }

    /// Plays the end of the process: what was not synced is gone (but for the first `tornBytes` of it), locks are
    /// free, and journals opened before refuse to write.
    public func crash(tornBytes: Int = 0) {
        state.withLock { state in
            for (id, run) in state.runs {
                let kept = run.written.prefix(run.synced.count + tornBytes)
                state.runs[id]?.written = Array(kept)
                state.runs[id]?.synced = Array(kept)
            }
            state.locks = []
            state.life += 1
        }
    }

    /// Plays the loss of the machine: nothing is left.
    public func lose() {
        crash()
        state.withLock { state in
            state.runs = [:]
            state.order = []
        }
    }

    /// The bytes of a journal as a reader would find them.
    public func bytes(of run: String) -> [UInt8] { state.withLock { $0.runs[run]?.written ?? [] } }

    public func runs() throws(JournalError) -> [StoredRun] {
        var found: [StoredRun] = []
        for id in state.withLock({ $0.order }) {
            do throws(JournalError) {
                found.append(
                    StoredRun(id: id, place: "memory", state: RunState(try read(id).records), problem: nil))
            } catch {
                found.append(StoredRun(id: id, place: "memory", state: nil, problem: error))
            }
        }
        return found
    }

    public func begin(_ run: String, first: JournalRecord, plan: PlanFiles) throws(JournalError) -> any JournalStore {
        try hook(.begin)
        let bytes = first.line + [UInt8(ascii: "\n")]
        let life = state.withLock { state -> Int? in
            guard state.runs[run] == nil else { return nil }
            state.runs[run] = Run(synced: bytes, written: bytes, images: [:], plan: plan)
            state.order.append(run)
            return state.life
        }
        guard let life else { throw JournalError(.alreadyBegun, "there is a run \(run) already") }
        return Journal(store: self, run: run, life: life)
    }

    public func adopt(
        _ run: String, journal: [UInt8], images: [Digest: [UInt8]], plan: PlanFiles
    ) throws(JournalError) {
        try hook(.begin)
        state.withLock { state in
            if state.runs[run] == nil { state.order.append(run) }
            state.runs[run] = Run(synced: journal, written: journal, images: images, plan: plan)
        }
    }

    public func read(_ run: String) throws(JournalError) -> JournalContents {
        guard let bytes = state.withLock({ $0.runs[run]?.written }) else {
            throw JournalError(.noSuchRun, "there is no run \(run)")
        }
        return try JournalContents(reading: bytes)
    }

    public func open(_ run: String) throws(JournalError) -> (contents: JournalContents, journal: any JournalStore) {
        let contents = try read(run)
        let life = state.withLock { state in
            if var kept = state.runs[run] {
                kept.written.removeLast(contents.torn?.bytes.count ?? 0)
                kept.synced = kept.written
                state.runs[run] = kept
            }
            return state.life
        }
        return (contents, Journal(store: self, run: run, life: life))
    }

    public func keepWayBack(_ page: [UInt8], of run: String) throws(JournalError) {
        state.withLock { $0.runs[run]?.wayBack = page }
    }

    public func plan(of run: String) throws(JournalError) -> PlanFiles {
        guard let plan = state.withLock({ $0.runs[run]?.plan }) else {
            throw JournalError(.noSuchRun, "there is no run \(run)")
        }
        return plan
    }

    public func lock(migration: String, holder: String) throws(JournalError) -> any HeldLock {
        let (taken, life) = state.withLock { state in (state.locks.insert(migration).inserted, state.life) }
        guard taken else { throw JournalError(.locked, "another process works on this migration") }
        return Lock(store: self, name: migration, life: life)
    }

    private func change(_ run: String, life: Int, _ body: (inout Run) -> Void) throws(JournalError) {
        let isAlive = state.withLock { state in
            guard state.life == life, var kept = state.runs.removeValue(forKey: run) else { return false }
            body(&kept)
            state.runs[run] = kept
            return true
        }
        guard isAlive else { throw JournalError(.writeFailed, "the process that opened this journal has ended") }
    }

    private struct Journal: JournalStore {
        let store: MemoryRunStore
        let run: String
        let life: Int

        func append(_ lines: [[UInt8]], durable: Bool) throws(JournalError) {
            try store.hook(.append(durable: durable))
            try store.change(run, life: life) { run in
                for line in lines { run.written += line + [UInt8(ascii: "\n")] }
                if durable { run.synced = run.written }
            }
        }

        func keepImage(_ bytes: [UInt8], named digest: Digest) throws(JournalError) {
            try store.hook(.image)
            try store.change(run, life: life) { $0.images[digest] = bytes }
        }

        func image(_ digest: Digest) throws(JournalError) -> [UInt8] {
            guard let bytes = store.state.withLock({ $0.runs[run]?.images[digest] }) else {
                throw JournalError(.unreadable, "there is no before-image \(digest)")
            }
            return bytes
        }

        func bytes(from offset: Int, limit: Int) throws(JournalError) -> [UInt8] {
            store.state.withLock { Array($0.runs[run]?.written.dropFirst(offset).prefix(limit) ?? []) }
        }

        func close() {}
    }

    private final class Lock: HeldLock {
        let store: MemoryRunStore
        let name: String
        let life: Int

        init(store: MemoryRunStore, name: String, life: Int) {
            self.store = store
            self.name = name
            self.life = life
        }

        func release() {
            store.state.withLock { state in
                if state.life == life { state.locks.remove(name) }
            }
        }
    }
}

extension MemoryRunStore {
    /// The newest run's journal as it would be found after a crash at this moment.
    var newestSynced: (run: String, bytes: [UInt8], life: Int) {
        state.withLock { state in
            let run = state.order.last ?? ""
            return (run, state.runs[run]?.synced ?? [], state.life)
        }
    }
}
