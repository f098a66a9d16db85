/// What stands literally in a text that is no YAML, or not yet: the kind and version of an object, and where.
public struct LiteralObject: Sendable, Hashable {
    public var gvk: GroupVersionKind
    /// Empty when it does not stand there as it is.
    public var name: String
    public var namespace: String?
    /// Where the value of `apiVersion` begins.
    public var apiVersion: SourceLocation
    /// Where the value of `kind` begins.
    public var kind: SourceLocation
    /// The text is a template; otherwise it is a document that cannot be parsed.
    public var isTemplate: Bool
}
