public import Manifests

/// What every built-in kind looks like at every minor release that was examined.
///
/// Holds all minors at once: a field's line says in which releases it has that form. A value to pass around; copies
/// share what they hold.
public struct SchemaSet: Sendable {
    /// The schemas compiled into the program.
    ///
    /// Read at first use, which costs a few milliseconds.
    public static let builtIn: SchemaSet = {
        do {
            return try SchemaSet(parsing: SchemaText.schemas)
        } catch {
            preconditionFailure("the built-in schemas: \(error)")
        }
    }()

    let storage: SchemaStorage

    /// Reads the text of a data file; the form stands at the top of `schemas.txt`.
    public init(parsing text: String) throws(CatalogError) {
        storage = try SchemaParser(Array(text.utf8)).parse()
    }

    /// The oldest and the newest release whose schemas are known.
    public var releases: ClosedRange<KubernetesVersion> {
        KubernetesVersion(minor: storage.oldest)...KubernetesVersion(minor: storage.newest)
    }

    /// The schemas of one minor release; nil outside of ``releases``.
    public func at(_ version: KubernetesVersion) -> MinorSchemas? {
        releases.contains(version) ? MinorSchemas(storage: storage, version: version) : nil
    }
}

extension Catalog {
    /// What every built-in kind looks like, minor by minor.
    ///
    /// Read at first use, apart from the lifecycles.
    public static var builtInSchemas: SchemaSet { .builtIn }
}

/// What the built-in kinds look like at one minor release.
public struct MinorSchemas: Sendable {
    let storage: SchemaStorage
    /// The release.
    public let version: KubernetesVersion

    /// What objects of that kind look like; nil for custom resources, for lists, and for kinds which that release does
    /// not know.
    public func type(of gvk: GroupVersionKind) -> SchemaType? {
        let found = storage.kinds[gvk]?.first { $0.releases.contains(minor: version.minor) }
        return found.map { SchemaType(storage: storage, index: $0.type, minor: version.minor) }
    }

    /// The type of that name, such as `core.v1.PodSpec`, as the data file writes it.
    public func type(named name: String) -> SchemaType? {
        guard let index = storage.typeIndices[name], storage.types[index].releases.contains(minor: version.minor) else {
            return nil
        }
        return SchemaType(storage: storage, index: index, minor: version.minor)
    }

    /// Every kind that has a schema at that release, ascending; no lists.
    public var kinds: [GroupVersionKind] {
        storage.kinds.filter { $0.value.contains { $0.releases.contains(minor: version.minor) } }.keys.sorted()
    }
}
