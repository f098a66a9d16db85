import Manifests

/// Judges whether a Lease may be taken, by what this process has seen itself.
///
/// Clocks of two machines are never compared: a Lease has expired when this process saw no change of its `spec` for
/// the duration that stands in the object. Pure; the caller brings the time.
public struct LeaseObserver: Sendable, Hashable {
    /// What may be done with a Lease.
    public enum Verdict: Sendable, Hashable {
        /// There is none, or it was released: take it.
        case free
        /// It is ours already.
        case ours
        /// Its holder was silent for its whole duration: it may be taken over.
        case expired(holder: String)
        /// Somebody holds it; nil when the object names no duration and so never expires.
        case held(holder: String, remaining: Duration?)
    }

    private let me: String
    private var seen: Lease?
    private var since: Duration = .zero

    /// An observer that has seen nothing yet.
    public init(holder: String) { me = holder }

    /// Takes in what was read, and says what may be done.
    ///
    /// Both times are monotonic, since any fixed moment. Silence is counted from the *end* of the read that saw the
    /// last change to the *beginning* of this one, so that a slow answer never makes a Lease look older than it is.
    public mutating func observe(_ lease: Lease?, readFrom began: Duration, to ended: Duration) -> Verdict {
        guard let lease, let holder = lease.holder else {
            seen = nil
            return .free
        }
        guard holder != me else {
            seen = nil
            return .ours
        }
        // Only `spec` counts: notes that somebody puts on the Lease are no sign of life of its holder.
        if seen?.object["spec"] != lease.object["spec"] || seen?.object.uid != lease.object.uid {
            seen = lease
            since = ended
        }
        guard let duration = lease.duration else { return .held(holder: holder, remaining: nil) }
        let silent = max(.zero, began - since)
        return silent > duration ? .expired(holder: holder) : .held(holder: holder, remaining: duration - silent)
    }
}
