import Glibc

/// The only source of time for a run.
///
/// Simulations replace it by a clock that jumps.
public protocol RunClock: Sendable {
    /// Milliseconds since 1970, which may jump.
    var wallMilliseconds: Int64 { get }
    /// Nanoseconds on a clock that never goes back. Its zero means nothing.
    var monotonicNanoseconds: Int64 { get }
    /// Waits. Returns early when the task is cancelled: the caller looks at the clock again in any case.
    func sleep(for duration: Duration) async
}

/// The clocks of the machine.
public struct SystemClock: RunClock {
    public init() {}

    public var wallMilliseconds: Int64 {
        let now = read(CLOCK_REALTIME)
        return now / 1_000_000
    }

    public var monotonicNanoseconds: Int64 { read(CLOCK_MONOTONIC) }

    public func sleep(for duration: Duration) async {
        try? await Task.sleep(for: duration)
    }

    private func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
