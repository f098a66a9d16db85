/// Tells where the objects of `kubectl kustomize` come from, by comparing them with the resources that were named.
public struct KustomizeOrigins: Sendable {
    private let folder: KustomizationFolder
    private let resources: [LoadedObject]

    /// Reads the resources.
    public init(folder: KustomizationFolder) {
        self.folder = folder
        resources = ManifestLoader().load(folder.replaced).objects
    }

    /// Where the value at a path of a rendered object is written: in the one resource of its kind whose name is part of
    /// the object's, if it holds the same value there; else nowhere that could be told.
    public func location(of path: FieldPath, in object: KubeObject, ofKey: Bool = false) -> SourceLocation {
        let origins = resources.filter {
            $0.object.gvk == object.gvk && Self.name(object.name, isMadeOf: $0.object.name)
        }
        // The full name wins over those that are part of it by chance.
        let origin = origins.count == 1 ? origins.first : origins.first { $0.object.name == object.name }
        guard let origin, let value = object.json[path], origin.object.json[path] == value else {
            return SourceLocation(wholeFile: folder.path)
        }
        return ofKey ? origin.keyLocation(of: path) : origin.location(of: path)
    }

    /// Kustomize puts prefixes and suffixes to names.
    private static func name(_ name: String, isMadeOf part: String) -> Bool {
        !part.isEmpty && name.contains(part)
    }
}
