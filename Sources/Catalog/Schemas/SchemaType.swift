public import Manifests

/// An object with named fields, as one minor release knows it.
public struct SchemaType: Sendable {
    let storage: SchemaStorage
    let index: Int
    let minor: Int

    /// `core.v1.PodSpec`: the package without its domain, and the name.
    public var name: String { storage.types[index].name }

    /// Its fields, ascending by name.
    public var fields: [SchemaField] {
        storage.types[index].fields.compactMap { position in
            let field = storage.fields[position]
            return field.releases.contains(minor: minor) ? SchemaField(field, in: self) : nil
        }
    }

    /// The field of that name; nil when this release does not know it.
    public func field(_ name: String) -> SchemaField? {
        var low = storage.types[index].fields.lowerBound
        let end = storage.types[index].fields.upperBound
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if storage.fields[middle].name < name { low = middle + 1 } else { high = middle }
        }
        // One line for every form the field ever had.
        while low < end, storage.fields[low].name == name {
            if storage.fields[low].releases.contains(minor: minor) { return SchemaField(storage.fields[low], in: self) }
            low += 1
        }
        return nil
    }

    /// The names of the fields that must be there, ascending.
    public var required: [String] {
        storage.types[index].fields.compactMap { position in
            let field = storage.fields[position]
            return field.isRequired && field.releases.contains(minor: minor) ? field.name : nil
        }
    }

    /// What the schema says of a place inside an object of this type; nil where it knows of no such place.
    ///
    /// An index stands for every element of a list. Within what may hold anything, everything is found.
    public func place(at path: FieldPath) -> SchemaPlace? {
        var place = SchemaPlace(shape: .object(self), field: nil)
        for element in path.elements {
            switch (place.shape, element) {
            case (.object(let type), .member(let name)):
                guard let field = type.field(name) else { return nil }
                place = SchemaPlace(shape: field.shape, field: field)
            case (.map(let value), .member): place = SchemaPlace(shape: value, field: nil)
            case (.list(let element), .index): place = SchemaPlace(shape: element, field: nil)
            case (.freeObject, .member), (.any, _): place = SchemaPlace(shape: .any, field: nil)
            default: return nil
            }
        }
        return place
    }
}

extension SchemaType: Hashable {
    public static func == (lhs: SchemaType, rhs: SchemaType) -> Bool {
        lhs.storage === rhs.storage && lhs.index == rhs.index && lhs.minor == rhs.minor
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(index)
        hasher.combine(minor)
    }
}

/// What a schema says of one place in an object.
public struct SchemaPlace: Sendable, Hashable {
    /// What stands there.
    public var shape: SchemaShape
    /// The field that ends there; nil for elements of lists, values of maps, and places within what may hold anything.
    public var field: SchemaField?
}

/// What a value looks like.
public indirect enum SchemaShape: Sendable, Hashable {
    case string
    /// A string that holds base64.
    case bytes
    /// A string that holds a time.
    case dateTime
    case boolean
    /// Of 32 or 64 bits; nil where the schema does not say.
    case integer(bits: Int?)
    case number
    /// A string such as `500m`, or a number.
    case quantity
    /// A port or a percentage: an integer or a string.
    case integerOrString
    /// An object whose members nobody names, such as an embedded resource.
    case freeObject
    /// Any value at all.
    case any
    case list(of: SchemaShape)
    case map(of: SchemaShape)
    case object(SchemaType)
}

/// One field of a type.
public struct SchemaField: Sendable, Hashable {
    public var name: String
    public var shape: SchemaShape
    /// Whether the published schema wants it to be there.
    ///
    /// Servers do not read the schema for that, and for some fields they are content without.
    public var isRequired: Bool
    /// Whether its description calls it deprecated.
    public var isDeprecated: Bool
    /// How server-side apply merges it, where the schema says.
    public var merging: SchemaMerging?
    /// How a strategic merge patch treats it.
    public var patching: SchemaPatching

    init(_ stored: SchemaStorage.Field, in type: SchemaType) {
        name = stored.name
        isRequired = stored.isRequired
        isDeprecated = stored.isDeprecated
        merging = stored.merging
        patching = stored.patching
        var shape = stored.base.shape(in: type)
        for wrapper in stored.wrappers.reversed() {
            shape = wrapper == .list ? .list(of: shape) : .map(of: shape)
        }
        self.shape = shape
    }
}

/// How server-side apply merges a list or a map; without a word, objects merge by field and lists are replaced whole.
public enum SchemaMerging: Sendable, Hashable {
    /// Replaced whole, with one owner.
    case atomic
    /// A list of scalars, each of which has its owners.
    case set
    /// A list of objects that these fields tell apart.
    case keyed(by: [String])
}

/// How a strategic merge patch treats a field; without a word, objects merge by field and lists are replaced whole.
public struct SchemaPatching: Sendable, Hashable {
    /// `x-kubernetes-patch-strategy: merge`.
    public var merges = false
    /// The field that tells a list's elements apart when they merge.
    public var mergeKey: String?
    /// `retainKeys`: a union, from which what the patch does not name is dropped.
    public var retainsKeys = false
    /// `replace`.
    public var replaces = false

    public init() {}
}
