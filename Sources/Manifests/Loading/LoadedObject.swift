/// One Kubernetes object with where it came from.
public struct LoadedObject: Sendable {
    /// The object; an item of a list has the `apiVersion` and `kind` that its list implies.
    public var object: KubeObject
    /// The document it stood in.
    public let document: SourceDocument
    /// Where in the document: empty for the document itself, `items[3]` in a list.
    public let pathInDocument: FieldPath
    /// The file as given or found; `-` for standard input.
    public let origin: String

    public init(object: KubeObject, document: SourceDocument, pathInDocument: FieldPath, origin: String) {
        self.object = object
        self.document = document
        self.pathInDocument = pathInDocument
        self.origin = origin
    }

    /// Where the object begins.
    public var location: SourceLocation { document.location(of: pathInDocument) }

    /// Where the value at a place inside the object begins, or its nearest parent that exists.
    public func location(of path: FieldPath) -> SourceLocation {
        document.location(of: FieldPath(pathInDocument.elements + path.elements))
    }

    /// Where the name begins under which that value stands.
    public func keyLocation(of path: FieldPath) -> SourceLocation {
        document.keyLocation(of: FieldPath(pathInDocument.elements + path.elements))
    }
}
