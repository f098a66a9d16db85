public import Manifests

/// What a `coordination.k8s.io/v1` Lease says: who holds it, for how long a silence it stays held, and our notes.
public struct Lease: Sendable, Hashable {
    /// The object as the server gave it.
    public private(set) var object: KubeObject

    /// Nil unless the object is a Lease.
    public init?(_ object: KubeObject) {
        guard object.gvk.groupKind == APIResource.leases.gvk.groupKind else { return nil }
        self.object = object
    }

    /// A Lease that nobody holds and no server has seen.
    init(namespace: String, name: String) {
        object = KubeObject(APIResource.leases.gvk, namespace: namespace, name: name)
    }

    /// Who holds it; nil when it was released or never held.
    public var holder: String? { object["spec.holderIdentity"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// After how long without a renewal it may be taken over.
    ///
    /// Leases of other programs may leave it out; they then never expire.
    public var duration: Duration? {
        object["spec.leaseDurationSeconds"]?.integer.flatMap { $0 > 0 ? .seconds($0) : nil }
    }

    /// How often it changed hands.
    ///
    /// Executions call it the epoch and write it into every record.
    public var transitions: Int { object["spec.leaseTransitions"]?.integer.map { Int($0) } ?? 0 }

    /// When the holder renewed it last, by the holder's clock: for display only, never to judge by.
    public var renewTime: String? { object["spec.renewTime"]?.string }

    /// When the holder got it, by the holder's clock.
    public var acquireTime: String? { object["spec.acquireTime"]?.string }

    /// The notes on it; a run's marker stands here and outlives the holder.
    public var annotations: JSONObject { object.annotations }

    /// The state that the next write has to find.
    public var resourceVersion: String? { object.resourceVersion }

    /// This Lease as held by `claim`, for a write at `time`.
    func acquired(by claim: LeaseClaim, at time: String) -> Lease {
        var lease = self
        if holder != claim.holder {
            lease.object["spec.leaseTransitions"] = .integer(Int64(transitions + 1))
            lease.object["spec.acquireTime"] = .string(time)
        }
        lease.object["spec.holderIdentity"] = .string(claim.holder)
        lease.object["spec.leaseDurationSeconds"] = .integer(Int64(claim.durationSeconds))
        lease.object["spec.renewTime"] = .string(time)
        lease.annotate(claim.annotations)
        return lease
    }

    func renewed(at time: String, annotations: [String: String?]) -> Lease {
        var lease = self
        lease.object["spec.renewTime"] = .string(time)
        lease.annotate(annotations)
        return lease
    }

    func released(at time: String, annotations: [String: String?]) -> Lease {
        var lease = self
        // Absent, not empty: newer servers refuse an empty holder.
        lease.object["spec.holderIdentity"] = nil
        lease.object["spec.renewTime"] = .string(time)
        lease.annotate(annotations)
        return lease
    }

    private mutating func annotate(_ annotations: [String: String?]) {
        for (name, value) in annotations { object[annotation: name] = value }
    }
}

/// What a process writes when it takes a Lease.
public struct LeaseClaim: Sendable, Hashable {
    /// Who: `user@host#pid/run`.
    ///
    /// Must differ between processes.
    public var holder: String
    /// For how long a silence the claim stands.
    public var durationSeconds: Int
    /// Notes to set (or, with nil, to remove) on taking it.
    public var annotations: [String: String?]

    /// A claim for 60 seconds of silence unless told otherwise.
    public init(holder: String, durationSeconds: Int = 60, annotations: [String: String?] = [:]) {
        self.holder = holder
        self.durationSeconds = durationSeconds
        self.annotations = annotations
    }
}
