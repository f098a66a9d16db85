public import Manifests

/// One page of a list, or all of it.
public struct ObjectList: Sendable, Hashable {
    /// The objects, in the server's order, each with `apiVersion` and `kind` (servers leave them out inside lists).
    public var items: [KubeObject]
    /// The state that the list shows; a watch goes on from here.
    public var resourceVersion: String
    /// Names the next page; nil on the last one.
    public var continueToken: String?
    /// How many objects come after this page, where the server says so.
    public var remaining: Int?

    /// A list with these parts.
    public init(
        items: [KubeObject], resourceVersion: String, continueToken: String? = nil, remaining: Int? = nil
    ) {
        self.items = items
        self.resourceVersion = resourceVersion
        self.continueToken = continueToken
        self.remaining = remaining
    }
}
