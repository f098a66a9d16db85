import Manifests

/// Collects what happens to the objects of one file.
struct FileWork {
    private struct Item {
        var loaded: LoadedObject
        var document: Int
        /// Nil for what stays as it is.
        var result: ConversionResult?
        /// What is tried where the text around a mended place cannot be edited: the version alone.
        var atVersion: ConversionResult?
    }

    private let source: ManifestSource
    private var items: [Item] = []
    private var changes: [ManifestRewriter.Change] = []
    /// The items that a change is made for.
    private var owners: [[Int]] = []
    private var left: [FileConversion.Left] = []

    init(source: ManifestSource) { self.source = source }

    /// Takes up an object; what does not change is needed too, for the lists that objects stand in.
    mutating func take(_ loaded: LoadedObject, in document: Int, _ change: ObjectChange) {
        items.append(
            Item(
                loaded: loaded, document: document, result: change.mended ?? change.atVersion,
                atVersion: change.mended == nil ? nil : change.atVersion))
    }

    mutating func leave(
        _ loaded: LoadedObject, at path: FieldPath, code: String, message: String, remedy: String
    ) {
        left.append(
            FileConversion.Left(
                object: loaded.object.reference, gvk: loaded.object.gvk, location: loaded.location(of: path),
                code: code, message: message, remedy: remedy))
    }

    /// Edits the text and says what came of each object.
    mutating func finish() -> FileConversion {
        var outcome = edit()
        // What cannot be mended in this text may still have its version changed.
        var refused: [Int: EditRefusal] = [:]
        for (index, refusal) in outcome.refused { for owner in owners[index] { refused[owner] = refusal } }
        if refused.keys.contains(where: { items[$0].atVersion != nil }) {
            for owner in refused.keys.sorted() {
                if let refusal = refused[owner] { refuse(owner, refusal) }
                items[owner].result = items[owner].atVersion
                items[owner].atVersion = nil
            }
            outcome = edit()
            refused = [:]
            for (index, refusal) in outcome.refused { for owner in owners[index] { refused[owner] = refusal } }
        }
        for (owner, refusal) in refused { refuse(owner, refusal) }
        let converted = items.compactMap { item -> FileConversion.Converted? in
            guard let result = item.result else { return nil }
            return FileConversion.Converted(
                object: item.loaded.object.reference, from: item.loaded.object.gvk, to: result.object.gvk,
                location: item.loaded.location(of: "apiVersion"),
                notes: result.notes.map {
                    FileConversion.Note(text: $0, location: Self.location(of: $0, in: item.loaded))
                })
        }
        var seen: Set<FileConversion.Left> = []
        return FileConversion(
            source: source, bytes: outcome.bytes, edits: outcome.edits, converted: converted,
            left: left.filter { seen.insert($0).inserted }.sorted { $0.location < $1.location },
            podSecurity: items.map(\.loaded.object).filter(PodSecurityNamespaces.concerns))
    }

    private mutating func edit() -> ManifestRewriter.Outcome {
        changes = []
        owners = []
        planChanges()
        guard !changes.isEmpty else {
            return ManifestRewriter.Outcome(bytes: source.bytes, edits: [], rewritten: nil, refused: [:])
        }
        return ManifestRewriter.rewrite(source, changes)
    }

    /// Plans the changes: an object for itself, the items of a typed list together with their list, whose version
    /// they share.
    private mutating func planChanges() {
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
        let targets = Set(members.map { (items[$0].result?.object ?? items[$0].loaded.object).gvk.apiVersion })
        guard let target = targets.first, targets.count == 1 else {
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
        plan(items[first].document, path, changed, for: members.filter { items[$0].result != nil })
    }

    private mutating func refuse(_ index: Int, _ refusal: EditRefusal) {
        let loaded = items[index].loaded
        items[index].result = nil
        left.append(
            FileConversion.Left(
                object: loaded.object.reference, gvk: loaded.object.gvk, location: refusal.location,
                code: refusal.reason.rawValue, message: refusal.message, remedy: "Edit this object by hand."))
    }

    /// Notes begin with the field they are about.
    private static func location(of note: String, in loaded: LoadedObject) -> SourceLocation {
        let word = note.prefix { $0 != " " && $0 != ":" }
        guard let path = FieldPath(String(word)), loaded.object.json[FieldPath(Array(path.elements.prefix(1)))] != nil
        else { return loaded.location(of: "apiVersion") }
        return loaded.location(of: path)
    }
}
