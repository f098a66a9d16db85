import KubeAPI
import Manifests
public import Planning

/// What the Lease of one side says, for people.
public struct LockView: Sendable, Hashable {
    public var side: Side
    /// Who holds it; nil when nobody does.
    public var holder: String?
    /// Since when, and when it was heard of last, both by the holder's own clock.
    public var since: String?
    public var heardOf: String?
    /// The unfinished run whose mark stands on it, whoever holds it.
    public var run: String?
    /// The journal's head as that run published it last.
    public var head: String?
    /// How often it changed hands.
    public var epoch: Int
    /// Why it could not be read; everything else is empty then.
    public var trouble: String?
}

extension Runner {
    /// The Leases of both sides, as they are now.
    ///
    /// Takes no lock.
    public func locks() async -> [LockView] {
        var views: [LockView] = []
        for side in Side.allCases {
            guard let client = ports.leases[side] else { continue }
            var view = LockView(side: side, epoch: 0)
            do throws(KubeError) {
                if let lease = try await client.read() {
                    view.holder = lease.holder
                    view.since = lease.acquireTime
                    view.heardOf = lease.renewTime
                    view.run = lease.annotations[LeaseGuard.runMark]?.string
                    view.head = lease.annotations[LeaseGuard.headMark]?.string
                    view.epoch = lease.transitions
                }
            } catch { view.trouble = error.description }
            views.append(view)
        }
        return views
    }

    /// Takes the Lease of a dead process away on one side.
    ///
    /// Refused while its holder shows a sign of life, for as long as its claim lasts. The mark of the unfinished run
    /// stays: who comes next may go on with that run only.
    public func releaseStaleLock(_ side: Side, of migration: String) async -> RunOutcome {
        do throws(JournalError) {
            // A live process of this place holds the local lock.
            let local = try ports.store.lock(migration: migration, holder: holder)
            defer { local.release() }
            guard let client = ports.leases[side] else {
                return RunOutcome(.refused, run: nil, message: "\(side.rawValue) has no lock")
            }
            return await release(client, side)
        } catch { return Self.outcome(error, run: nil) }
    }

    private func release(_ client: LeaseClient, _ side: Side) async -> RunOutcome {
        var observer = LeaseObserver(holder: "")
        var first: Lease?
        do throws(KubeError) {
            while true {
                let began = ports.clock.monotonicNanoseconds
                let lease = try await client.read()
                let verdict = observer.observe(
                    lease, readFrom: .nanoseconds(began), to: .nanoseconds(ports.clock.monotonicNanoseconds))
                guard let lease, let holder = lease.holder else {
                    return RunOutcome(.succeeded, run: nil, message: "nobody holds the lock on \(side.rawValue)")
                }
                let isOfHere = lease.annotations[LeaseGuard.placeMark]?.string == ports.place
                if let first, first.renewTime != lease.renewTime || first.holder != lease.holder {
                    return RunOutcome(
                        .locked, run: nil,
                        message: "\(holder) is alive: it renewed the lock on \(side.rawValue) a moment ago",
                        next: ["kirikae pause there, or wait"])
                }
                first = lease
                switch verdict {
                case .held(_, let remaining) where !isOfHere:
                    guard let remaining else {
                        return RunOutcome(
                            .locked, run: nil,
                            message: "the lock on \(side.rawValue) names no duration, so it is not kirikae's")
                    }
                    ports.observer.waiting(
                        "watching for a sign of life of \(holder)",
                        progress: RunProgress(total: 0, done: 0, wave: nil, step: nil, isRollingBack: false))
                    await ports.clock.sleep(for: min(remaining + .milliseconds(100), .seconds(5)))
                default:
                    let wall = ports.clock.wallMilliseconds
                    _ = try await client.release(
                        lease,
                        at: MicroTime.text(secondsSince1970: wall / 1_000, microseconds: Int(wall % 1_000) * 1_000))
                    return RunOutcome(
                        .succeeded, run: nil, message: "the lock of \(holder) on \(side.rawValue) is released")
                }
            }
        } catch {
            return RunOutcome(.unreachable, run: nil, message: "\(side.rawValue): \(error.description)")
        }
    }
}
