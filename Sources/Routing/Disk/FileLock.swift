/// The exclusive right to replace one file, held through `flock` on a file beside it.
///
/// Whoever holds the lock must release it; the kernel does so when the process dies.
struct FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, waiting at most about two seconds: holders need it for milliseconds, and a person who
    /// interrupts must not find us stuck behind a stopped process.
    static func acquire(for path: String) async throws(RoutingError) -> FileLock {
        let place = DurableFile.resolved(path) + ".lock"
        let descriptor: Int32
        do { descriptor = try POSIX.openLock(place) } catch {
            throw RoutingError(.refused, "\(error.message); nothing was written")
        }
        for _ in 0..<200 {
            if POSIX.tryLock(descriptor) { return FileLock(descriptor: descriptor) }
            do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
        }
        POSIX.close(descriptor)
        throw RoutingError(
            .unreachable, "another process holds \(place); nothing was written. Find it with: fuser \(place)")
    }

    /// Gives the lock back.
    func release() { POSIX.close(descriptor) }
}
