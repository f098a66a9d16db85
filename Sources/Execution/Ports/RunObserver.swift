/// Watches a run: progress bars, log lines, tests.
///
/// It cannot change anything.
public protocol RunObserver: Sendable {
    /// Called after each journal record was accepted by the store, in journal order.
    func recorded(_ record: JournalRecord, progress: RunProgress)
    /// Called while the run waits for something that is not journaled: readiness, a retry, a lock.
    func waiting(_ what: String, progress: RunProgress)
}

/// How far a run is.
public struct RunProgress: Sendable, Hashable {
    /// Operations to do in the current direction.
    public var total: Int
    /// Of these, the ones that are done.
    public var done: Int
    public var wave: String?
    /// Title of the step at work.
    public var step: String?
    public var isRollingBack: Bool

    public init(total: Int, done: Int, wave: String?, step: String?, isRollingBack: Bool) {
        self.total = total
        self.done = done
        self.wave = wave
        self.step = step
        self.isRollingBack = isRollingBack
    }
}

/// Watches nothing.
public struct SilentObserver: RunObserver {
    public init() {}
    public func recorded(_ record: JournalRecord, progress: RunProgress) {}
    public func waiting(_ what: String, progress: RunProgress) {}
}
