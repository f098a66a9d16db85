import Manifests

/// Reads and writes one Lease by compare-and-swap.
///
/// Every write carries the resourceVersion that was read, so of two writers one gets code `conflict` (or
/// `alreadyExists` on creation) and has lost. After an ambiguous write the caller reads and looks whether the holder
/// is itself. A Lease is for politeness between operators; safety rests on the preconditions of each effect.
public struct LeaseClient: Sendable {
    /// Reaches the cluster.
    public var client: KubeClient
    /// Where the Lease lives.
    public var namespace: String
    /// What it is called.
    public var name: String

    /// Nothing is sent yet.
    public init(client: KubeClient, namespace: String, name: String) {
        self.client = client
        self.namespace = namespace
        self.name = name
    }

    /// The Lease, or nil when there is none.
    public func read() async throws(KubeError) -> Lease? {
        guard let object = try await client.getIfPresent(.leases, namespace: namespace, name: name) else {
            return nil
        }
        return try lease(object)
    }

    /// Takes the Lease over the state that was read (nil: there was none).
    ///
    /// Whether it may be taken is ``LeaseObserver``'s verdict, not decided here. `time` is an RFC 3339 time with
    /// microseconds, as ``MicroTime`` writes it.
    public func acquire(_ claim: LeaseClaim, over current: Lease?, at time: String) async throws(KubeError) -> Lease {
        let wanted = (current ?? Lease(namespace: namespace, name: name)).acquired(by: claim, at: time)
        if current == nil { return try lease(try await client.create(wanted.object, as: .leases)) }
        return try lease(try await client.replace(wanted.object, as: .leases))
    }

    /// Says that we are alive, and changes notes on the way (nil removes one).
    public func renew(
        _ held: Lease, at time: String, annotations: [String: String?] = [:]
    ) async throws(KubeError) -> Lease {
        try lease(try await client.replace(held.renewed(at: time, annotations: annotations).object, as: .leases))
    }

    /// Gives the Lease back; the object and its notes stay.
    public func release(
        _ held: Lease, at time: String, annotations: [String: String?] = [:]
    ) async throws(KubeError) -> Lease {
        try lease(try await client.replace(held.released(at: time, annotations: annotations).object, as: .leases))
    }

    /// Removes the object if it is still in the state that was read.
    public func delete(_ lease: Lease) async throws(KubeError) {
        _ = try await client.delete(
            .leases, namespace: namespace, name: name,
            options: DeleteOptions(uid: lease.object.uid, resourceVersion: lease.resourceVersion))
    }

    private func lease(_ object: KubeObject) throws(KubeError) -> Lease {
        guard let lease = Lease(object), lease.resourceVersion != nil else {
            throw KubeError(
                .decoding, "the answer is no Lease", verb: "read", target: object.reference.description,
                cluster: client.cluster)
        }
        return lease
    }
}
