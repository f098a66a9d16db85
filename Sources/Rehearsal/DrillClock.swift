import Execution
import SimCluster
import Synchronization

/// Virtual time of a drill: waiting costs nothing, and lets the clusters' controllers work meanwhile.
final class DrillClock: RunClock {
    private let milliseconds: Mutex<Int64>
    private let clusters: [SimTransport]

    /// A clock that starts at that second since 1970 and moves these clusters along.
    init(startingAt seconds: Int, clusters: [SimTransport]) {
        milliseconds = Mutex(Int64(seconds) * 1000)
        self.clusters = clusters
    }

    var wallMilliseconds: Int64 { milliseconds.withLock { $0 } }
    var monotonicNanoseconds: Int64 { wallMilliseconds * 1_000_000 }

    func sleep(for duration: Duration) async {
        let (seconds, attoseconds) = duration.components
        let step = max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        let now = milliseconds.withLock { time in
            time += step
            return time
        }
        for cluster in clusters { cluster.advance(to: Int(now / 1000)) }
        // Others get their turn, as they would while a real clock runs.
        await Task.yield()
    }
}
