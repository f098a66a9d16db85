public import Manifests

extension KubeClient {
    /// Follows a resource: lists it, then watches, for as long as the caller asks for more.
    public func follow(
        _ resource: APIResource, namespace: String? = nil, labelSelector: String? = nil
    ) -> ResourceFollower {
        ResourceFollower(client: self, resource: resource, namespace: namespace, labelSelector: labelSelector)
    }
}

/// A resource's objects and every change after them.
///
/// Ends of watches are ordinary: the next one begins at the last resourceVersion seen, also at one that only a bookmark
/// named. When the server has forgotten it (410), the resource is listed anew, and the caller gets a new ``Step/all(_:)``
/// to compare with what it knows. Errors are thrown and decided by the caller; the next call goes on where this one
/// stopped. One reader at a time.
public struct ResourceFollower {
    /// What comes next.
    public enum Step: Sendable {
        /// All there is: first of all, and again whenever changes may have been missed.
        case all([KubeObject])
        case added(KubeObject)
        case modified(KubeObject)
        case deleted(KubeObject)
    }

    private let client: KubeClient
    private let resource: APIResource
    private let namespace: String?
    private let labelSelector: String?
    private var resourceVersion: String?
    private var events: AsyncThrowingStream<WatchEvent, any Error>?

    init(client: KubeClient, resource: APIResource, namespace: String?, labelSelector: String?) {
        self.client = client
        self.resource = resource
        self.namespace = namespace
        self.labelSelector = labelSelector
    }

    /// Waits for the next step.
    public mutating func next() async throws(KubeError) -> Step {
        while true {
            guard let version = resourceVersion else {
                let list = try await client.listAll(
                    resource, namespace: namespace, options: ListOptions(labelSelector: labelSelector))
                resourceVersion = list.resourceVersion
                return .all(list.items)
            }
            guard let events else {
                do {
                    self.events = try await client.watch(
                        resource, namespace: namespace,
                        options: WatchOptions(resourceVersion: version, labelSelector: labelSelector))
                } catch {
                    try forget(error)
                }
                continue
            }
            switch try await event(of: events) {
            case nil: self.events = nil
            case .bookmark(let version): remember(version)
            case .error(let error): try forget(error)
            case .added(let object): return step(.added(object), object)
            case .modified(let object): return step(.modified(object), object)
            case .deleted(let object): return step(.deleted(object), object)
            }
        }
    }

    private mutating func event(
        of events: AsyncThrowingStream<WatchEvent, any Error>
    ) async throws(KubeError) -> WatchEvent? {
        var iterator = events.makeAsyncIterator()
        do { return try await iterator.next() } catch {
            self.events = nil
            throw error as? KubeError ?? KubeError(.ambiguous, "\(error)", verb: "watch")
        }
    }

    private mutating func step(_ step: Step, _ object: KubeObject) -> Step {
        remember(object.resourceVersion ?? "")
        return step
    }

    private mutating func remember(_ version: String) {
        if !version.isEmpty { resourceVersion = version }
    }

    /// Too old a state is listed anew; any other error is the caller's.
    private mutating func forget(_ error: KubeError) throws(KubeError) {
        events = nil
        guard error.code == .gone else { throw error }
        resourceVersion = nil
    }
}
