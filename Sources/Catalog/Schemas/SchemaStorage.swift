import Manifests

/// The schemas of all minors, shared by every value that is handed out.
final class SchemaStorage: Sendable {
    /// Minor releases as a set of bits; bit 0 is the oldest that was examined.
    struct Releases {
        var bits: UInt64
        let oldest: Int

        func contains(minor: Int) -> Bool { bits >> UInt64(minor - oldest) & 1 == 1 }
    }

    struct TypeBlock {
        var name: String
        var releases: Releases
        /// Its lines among ``SchemaStorage/fields``, ascending by name.
        var fields: Range<Int>
    }

    /// One form of a field, and the releases in which it has that form.
    struct Field {
        enum Wrapper { case list, map }

        var name: String
        var wrappers: [Wrapper] = []
        var base: Base
        var isRequired = false
        var isDeprecated = false
        var merging: SchemaMerging?
        var patching = SchemaPatching()
        var releases: Releases
    }

    /// A shape without lists and maps around it.
    enum Base {
        case scalar(SchemaShape)
        case type(Int)

        func shape(in type: SchemaType) -> SchemaShape {
            switch self {
            case .scalar(let shape): shape
            case .type(let index): .object(SchemaType(storage: type.storage, index: index, minor: type.minor))
            }
        }
    }

    struct Kind {
        var type: Int
        var releases: Releases
    }

    let oldest: Int
    let newest: Int
    let types: [TypeBlock]
    let fields: [Field]
    let kinds: [GroupVersionKind: [Kind]]
    let typeIndices: [String: Int]

    init(
        minors: ClosedRange<Int>, types: [TypeBlock], fields: [Field], kinds: [GroupVersionKind: [Kind]],
        typeIndices: [String: Int]
    ) {
        oldest = minors.lowerBound
        newest = minors.upperBound
        self.types = types
        self.fields = fields
        self.kinds = kinds
        self.typeIndices = typeIndices
    }
}
