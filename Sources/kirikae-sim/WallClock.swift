import Glibc

/// Real time: only the executable reads it, worlds get it handed in.
enum WallClock {
    /// Seconds since 1970.
    static var seconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec
    }
}
