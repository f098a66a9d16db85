extension KubeClient {
    /// Walks over a list page by page, holding one page at a time.
    public func walk(
        _ resource: APIResource, namespace: String? = nil, options: ListOptions = ListOptions()
    ) -> ListWalk {
        ListWalk(client: self, resource: resource, namespace: namespace, options: options)
    }
}

/// A list on its way, one page per call of ``next()``.
///
/// All pages between two ``Step/restart``s show one state of the cluster; two states are never mixed.
public struct ListWalk: Sendable {
    /// What comes next.
    public enum Step: Sendable {
        case page(ObjectList)
        /// The server has forgotten the state that the pages so far showed (410). They are void; the walk begins again
        /// with the newest state.
        case restart
    }

    private let client: KubeClient
    private let resource: APIResource
    private let namespace: String?
    private let first: ListOptions
    private var options: ListOptions
    private var isAtEnd = false
    /// A server that forgets faster than it can be read would keep us for ever.
    private var restartsLeft = 1

    init(client: KubeClient, resource: APIResource, namespace: String?, options: ListOptions) {
        self.client = client
        self.resource = resource
        self.namespace = namespace
        first = options
        self.options = options
    }

    /// The next page; nil after the last.
    ///
    /// After an error the same page can be asked for again.
    public mutating func next() async throws(KubeError) -> Step? {
        guard !isAtEnd else { return nil }
        let list: ObjectList
        do { list = try await client.list(resource, namespace: namespace, options: options) } catch {
            // A list at an exact old state that is gone stays gone; only a walk that took too long may start anew.
            guard error.code == .gone, options.continueToken != first.continueToken, restartsLeft > 0,
                first.resourceVersionMatch != "Exact"
            else { throw error }
            restartsLeft -= 1
            options = first
            return .restart
        }
        guard let token = list.continueToken else {
            isAtEnd = true
            return .page(list)
        }
        guard token != options.continueToken else {
            throw client.failure(
                .decoding, "the server names the same page again and again",
                KubeClient.Call("list", resource, namespace, nil))
        }
        options.continueToken = token
        return .page(list)
    }
}
