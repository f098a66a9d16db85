public import Manifests

/// What converting one file comes to: the text before and after, and what a person should know.
public struct FileConversion: Sendable {
    /// An object that was rewritten.
    public struct Converted: Sendable {
        public var object: ObjectReference
        public var from: GroupVersionKind
        public var to: GroupVersionKind
        /// Where its `apiVersion` stood.
        public var location: SourceLocation
        /// What is more than a rename, each with the place in the old text that it is about.
        public var notes: [Note]
    }

    /// Something to know about a converted object.
    public struct Note: Sendable, Hashable {
        public var text: String
        public var location: SourceLocation
    }

    /// An object that is left as it is although the release does not take it.
    public struct Left: Sendable, Hashable {
        public var object: ObjectReference
        public var gvk: GroupVersionKind
        public var location: SourceLocation
        /// A stable word: of ``EditRefusal/Reason``, of ``ConversionError/Code``, or `no-conversion`.
        public var code: String
        public var message: String
        /// What a person can do about it.
        public var remedy: String

        public init(
            object: ObjectReference, gvk: GroupVersionKind, location: SourceLocation, code: String, message: String,
            remedy: String
        ) {
            self.object = object
            self.gvk = gvk
            self.location = location
            self.code = code
            self.message = message
            self.remedy = remedy
        }
    }

    public var source: ManifestSource
    /// The text as it should be; the same as the source's where nothing changes.
    public var bytes: [UInt8]
    /// In the order of the text.
    public var edits: [TextEdit]
    public var converted: [Converted]
    public var left: [Left]

    public var isChanged: Bool { !edits.isEmpty }
}

/// Collects what happens to the objects of one file.
struct FileWork {
    private struct Item {
        var loaded: LoadedObject
        var document: Int
        /// Nil for what stays as it is.
        var result: ConversionResult?
    }

    private let source: ManifestSource
    private var items: [Item] = []
    private var changes: [ManifestRewriter.Change] = []
    /// The items that a change is made for.
    private var owners: [[Int]] = []
    private var left: [FileConversion.Left] = []

    init(source: ManifestSource) { self.source = source }

    mutating func stay(_ loaded: LoadedObject, in document: Int) {
        items.append(Item(loaded: loaded, document: document))
    }

    mutating func leave(
        _ loaded: LoadedObject, in document: Int, at path: FieldPath, code: String, message: String, remedy: String
    ) {
        items.append(Item(loaded: loaded, document: document))
        left.append(
            FileConversion.Left(
                object: loaded.object.reference, gvk: loaded.object.gvk, location: loaded.location(of: path),
                code: code, message: message, remedy: remedy))
    }

    mutating func convert(_ loaded: LoadedObject, in document: Int, to result: ConversionResult) {
        items.append(Item(loaded: loaded, document: document, result: result))
    }

    /// Plans the changes: an object for itself, the items of a typed list together with their list, whose version
    /// they share.
    mutating func moveTypedLists() {
        var lists: [String: [Int]] = [:]
        for (index, item) in items.enumerated() {
            if let list = typedList(of: item) {
                lists["\(item.document) \(list.path)", default: []].append(index)
            } else if let result = item.result {
                plan(item.document, item.loaded.pathInDocument, result.object.json, for: [index])
            }
        }
        for (_, members) in lists.sorted(by: { ($0.value.first ?? 0) < ($1.value.first ?? 0) }) { move(members) }
    }

    private mutating func plan(_ document: Int, _ path: FieldPath, _ value: JSONValue, for owners: [Int]) {
        changes.append(ManifestRewriter.Change(document: document, path: path, value: value))
        self.owners.append(owners)
    }

    /// The list around an item, when its kind says what the items are.
    private func typedList(of item: Item) -> (path: FieldPath, value: JSONValue)? {
        let path = FieldPath(Array(item.loaded.pathInDocument.elements.dropLast(2)))
        guard item.loaded.pathInDocument.elements.count >= 2, let list = source.documents[item.document].value[path],
            let kind = list["kind"]?.string, kind != "List", kind.hasSuffix("List")
        else { return nil }
        return (path, list)
    }

    private mutating func move(_ members: [Int]) {
        guard members.contains(where: { items[$0].result != nil }), let first = members.first,
            let (path, list) = typedList(of: items[first])
        else { return }
        let targets = Set(members.compactMap { items[$0].result?.object.gvk.apiVersion })
        guard let target = targets.first, targets.count == 1, members.allSatisfy({ items[$0].result != nil }) else {
            for index in members where items[index].result != nil {
                refuse(
                    index,
                    EditRefusal(
                        .layout, "the items of this list would not all have the same version; write them one by one",
                        at: items[index].loaded.location))
            }
            return
        }
        var changed = list
        changed["apiVersion"] = .string(target)
        for index in members {
            guard let object = items[index].result?.object,
                let place = items[index].loaded.pathInDocument.elements.last,
                case .index(let position) = place, case .array(var elements)? = changed["items"],
                elements.indices.contains(position)
            else { continue }
            var json = object.json
            // What only the list says is not written into the item.
            for member in ["apiVersion", "kind"] where elements[position][member] == nil { json[member] = nil }
            elements[position] = json
            changed["items"] = .array(elements)
        }
        plan(items[first].document, path, changed, for: members)
    }

    private mutating func refuse(_ index: Int, _ refusal: EditRefusal) {
        let loaded = items[index].loaded
        items[index].result = nil
        left.append(
            FileConversion.Left(
                object: loaded.object.reference, gvk: loaded.object.gvk, location: refusal.location,
                code: refusal.reason.rawValue, message: refusal.message, remedy: "Edit this object by hand."))
    }

    /// Edits the text and says what came of each object.
    mutating func finish() -> FileConversion {
        var outcome = ManifestRewriter.Outcome(bytes: source.bytes, edits: [], rewritten: nil, refused: [:])
        if !changes.isEmpty { outcome = ManifestRewriter.rewrite(source, changes) }
        for (index, refusal) in outcome.refused { for owner in owners[index] { refuse(owner, refusal) } }
        let converted = items.compactMap { item -> FileConversion.Converted? in
            guard let result = item.result else { return nil }
            return FileConversion.Converted(
                object: item.loaded.object.reference, from: item.loaded.object.gvk, to: result.object.gvk,
                location: item.loaded.location(of: "apiVersion"),
                notes: result.notes.map {
                    FileConversion.Note(text: $0, location: Self.location(of: $0, in: item.loaded))
                })
        }
        return FileConversion(
            source: source, bytes: outcome.bytes, edits: outcome.edits, converted: converted,
            left: left.sorted { $0.location < $1.location })
    }

    /// Notes begin with the field they are about.
    private static func location(of note: String, in loaded: LoadedObject) -> SourceLocation {
        let word = note.prefix { $0 != " " && $0 != ":" }
        guard let path = FieldPath(String(word)), loaded.object.json[FieldPath(Array(path.elements.prefix(1)))] != nil
        else { return loaded.location(of: "apiVersion") }
        return loaded.location(of: path)
    }
}
