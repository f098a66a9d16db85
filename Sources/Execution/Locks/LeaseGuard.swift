import KubeAPI
import Manifests
import Planning

/// Holds the Leases of one run: first blue's, then green's.
///
/// A Lease is politeness between operators, not safety; that rests on the precondition of every write. What never
/// expires is the run's marker in its annotations: who finds an expired Lease may go on with that run only.
struct LeaseGuard: Sendable {
    /// Why a Lease could not be taken or kept.
    enum Trouble: Error, Sendable, Hashable {
        /// Another process is alive and holds it.
        case held(String)
        /// Another run is unfinished.
        case otherRun(String)
        case outOfReach(String)
    }

    static let runMark = "kirikae.dev/run"
    static let planMark = "kirikae.dev/plan-digest"
    static let headMark = "kirikae.dev/journal-head"
    static let placeMark = "kirikae.dev/place"
    private static let durationSeconds = 60
    private static let renewEvery: Int64 = 20_000_000_000
    /// No new effect starts this close to the end of the claim.
    private static let margin: Int64 = 35_000_000_000

    let clients: [Side: LeaseClient]
    let run: String
    let planDigest: Digest
    let place: String
    let actor: String
    let clock: any RunClock
    /// Whether that run is known here and over: its marker may have outlived it, when the process ended before it
    /// could take it away.
    let isOver: @Sendable (String) -> Bool
    private var held: [Side: Lease] = [:]
    private var renewedAt: [Side: Int64] = [:]
    /// The journal's head as this run's processes published it last, by side.
    private(set) var anchors: [Side: Digest] = [:]

    init(
        clients: [Side: LeaseClient], run: String, planDigest: Digest, place: String, actor: String,
        clock: any RunClock,
        isOver: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.clients = clients
        self.run = run
        self.planDigest = planDigest
        self.place = place
        self.actor = actor
        self.clock = clock
        self.isOver = isOver
    }

    var holder: String { "\(actor)/\(run)" }
    var sides: [String] { Side.allCases.filter { held[$0] != nil }.map(\.rawValue) }
    /// How often the Leases changed hands.
    var epoch: Int { held.values.map(\.transitions).max() ?? 0 }

    /// Takes the Lease of that side; gives the holder it was taken from, if any.
    ///
    /// Waits for a silent holder's claim to run out, never for one that shows signs of life.
    mutating func acquire(_ side: Side, waiting: (String) -> Void) async throws(Trouble) -> String? {
        guard let client = clients[side] else { return nil }
        var observer = LeaseObserver(holder: holder)
        var silentSince: String?
        var lostRaces = 0
        while true {
            let began = clock.monotonicNanoseconds
            let lease = try await Self.reach { () async throws(KubeError) in try await client.read() }
            let verdict = observer.observe(
                lease, readFrom: .nanoseconds(began), to: .nanoseconds(clock.monotonicNanoseconds))
            let marked = lease?.annotations[Self.runMark]?.string ?? ""
            let isLeftOver = !marked.isEmpty && marked != run && isOver(marked)
            guard marked.isEmpty || marked == run || isLeftOver else { throw .otherRun(marked) }
            if marked == run, let head = lease?.annotations[Self.headMark]?.string.flatMap({ Digest($0) }) {
                anchors[side] = head
            }
            var previous: String?
            switch verdict {
            case .free, .ours: break
            case .expired(let other): previous = other
            case .held(let other, _)
            where (marked == run || isLeftOver) && lease?.annotations[Self.placeMark]?.string == place:
                // The local lock of this place is ours, so that process is dead.
                previous = other
            case .held(let other, let remaining):
                guard let remaining, silentSince == nil || silentSince == lease?.renewTime else {
                    throw .held(Self.words(lease, other))
                }
                silentSince = lease?.renewTime ?? ""
                waiting("\(other) holds the lock on \(side.rawValue) and is silent; waiting until its claim runs out")
                await clock.sleep(for: min(remaining + .milliseconds(100), .seconds(5)))
                continue
            }
            do throws(KubeError) {
                held[side] = try await client.acquire(claim(side), over: lease, at: now)
                renewedAt[side] = clock.monotonicNanoseconds
                return previous
            } catch {
                lostRaces += 1
                guard error.retryClass == .conflict || error.retryClass == .ambiguous, lostRaces < 3 else {
                    throw .outOfReach(error.description)
                }
            }
        }
    }

    /// Renews what is due.
    ///
    /// The trouble of a side whose claim can no longer be relied on; a side that merely did not answer keeps its claim
    /// until shortly before its end.
    mutating func renew(head: Digest) async -> [Side: Trouble] {
        var troubles: [Side: Trouble] = [:]
        for side in Side.allCases {
            guard let client = clients[side], let lease = held[side], let last = renewedAt[side] else { continue }
            let began = clock.monotonicNanoseconds
            guard began - last >= Self.renewEvery else { continue }
            do throws(KubeError) {
                held[side] = try await client.renew(
                    lease, at: now, annotations: [Self.headMark: head.description])
                renewedAt[side] = began
            } catch {
                let isTaken = error.retryClass == .conflict
                // The call itself may have taken long.
                let age = clock.monotonicNanoseconds - last
                guard isTaken || age >= Int64(Self.durationSeconds) * 1_000_000_000 - Self.margin else {
                    continue
                }
                if isTaken, let current = try? await client.read(), current.holder == holder {
                    // Our own earlier write, whose answer was lost.
                    held[side] = current
                    renewedAt[side] = began
                    continue
                }
                troubles[side] = isTaken ? .held(error.description) : .outOfReach(error.description)
                held[side] = nil
            }
        }
        return troubles
    }

    /// Writes the journal's head into the Leases, so that a cut tail of the journal can be noticed.
    ///
    /// Best effort.
    mutating func publish(head: Digest) async {
        for side in Side.allCases {
            guard let client = clients[side], let lease = held[side] else { continue }
            if let renewed = try? await client.renew(lease, at: now, annotations: [Self.headMark: head.description]) {
                held[side] = renewed
                renewedAt[side] = clock.monotonicNanoseconds
            }
        }
    }

    /// Gives the Leases back.
    ///
    /// The run's marker goes only when the run is over.
    mutating func release(isOver: Bool, head: Digest? = nil) async {
        for side in Side.allCases {
            guard let client = clients[side], let lease = held[side] else { continue }
            var marks: [String: String?] =
                isOver ? [Self.runMark: nil, Self.planMark: nil, Self.placeMark: nil] : [:]
            if let head { marks[Self.headMark] = head.description }
            _ = try? await client.release(lease, at: now, annotations: marks)
        }
        held = [:]
    }

    /// Who, and since when by its own clock.
    private static func words(_ lease: Lease?, _ holder: String) -> String {
        let since = lease?.acquireTime.map { ", since \($0)" } ?? ""
        return holder + since + (lease?.renewTime.map { " and heard of at \($0)," } ?? "")
    }

    private func claim(_ side: Side) -> LeaseClaim {
        LeaseClaim(
            holder: holder, durationSeconds: Self.durationSeconds,
            annotations: [
                Self.runMark: run, Self.planMark: planDigest.description, Self.placeMark: place,
            ])
    }

    private var now: String {
        let wall = clock.wallMilliseconds
        return MicroTime.text(secondsSince1970: wall / 1_000, microseconds: Int(wall % 1_000) * 1_000)
    }

    private static func reach<Answer>(_ call: () async throws(KubeError) -> Answer) async throws(Trouble) -> Answer {
        do throws(KubeError) { return try await call() } catch { throw .outOfReach(error.description) }
    }
}
