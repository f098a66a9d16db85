/// A mirror whose every call ends in time: one that hangs counts as one that does not answer.
public struct BoundedMirror: MirrorStore {
    private let store: any MirrorStore
    private let clock: any RunClock
    private let limit: Duration

    /// - Parameter limit: for each call; the call itself is left behind when it takes longer.
    public init(_ store: any MirrorStore, clock: any RunClock, limit: Duration = .seconds(20)) {
        self.store = store
        self.clock = clock
        self.limit = limit
    }

    public var place: String { store.place }

    public func put(_ name: String, of run: String, _ bytes: [UInt8]) async throws(MirrorError) {
        try await bounded { [store] () async throws(MirrorError) in try await store.put(name, of: run, bytes) }
    }

    public func get(_ name: String, of run: String) async throws(MirrorError) -> [UInt8]? {
        try await bounded { [store] () async throws(MirrorError) in try await store.get(name, of: run) }
    }

    public func remove(_ name: String, of run: String) async throws(MirrorError) {
        try await bounded { [store] () async throws(MirrorError) in try await store.remove(name, of: run) }
    }

    public func runs() async throws(MirrorError) -> [String] {
        try await bounded { [store] () async throws(MirrorError) in try await store.runs() }
    }

    /// The first of the call and the clock; a task group would wait for both.
    private func bounded<Value: Sendable>(
        _ call: @escaping @Sendable () async throws(MirrorError) -> Value
    ) async throws(MirrorError) -> Value {
        let (answers, continuation) = AsyncStream.makeStream(of: Result<Value, MirrorError>.self)
        let work = Task {
            do throws(MirrorError) { continuation.yield(.success(try await call())) } catch {
                continuation.yield(.failure(error))
            }
        }
        let alarm = Task { [clock, limit, place] in
            await clock.sleep(for: limit)
            continuation.yield(.failure(MirrorError(.unreachable, "the mirror \(place) did not answer in \(limit)")))
        }
        var first: Result<Value, MirrorError>?
        for await answer in answers {
            first = answer
            break
        }
        work.cancel()
        alarm.cancel()
        continuation.finish()
        guard let first else { throw MirrorError(.unreachable, "the mirror \(place) did not answer") }
        return try first.get()
    }
}
