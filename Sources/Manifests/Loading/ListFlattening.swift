/// Takes lists apart into their items, lists in lists included.
struct ListFlattening {
    let document: SourceDocument
    let file: String
    private(set) var objects: [LoadedObject] = []
    private(set) var skipped: [SkippedInput] = []

    init(document: SourceDocument, file: String) {
        self.document = document
        self.file = file
    }

    /// Adds an object, the items of a list, or an entry that says why it is neither.
    ///
    /// A list is what has a kind that ends in `List` and an array under `items`; so a custom resource that only is
    /// called like one stays an object.
    mutating func add(_ value: JSONValue, at path: FieldPath, impliedBy list: GroupVersionKind? = nil) {
        var value = value
        // Items as an API server lists them: only the list says what they are.
        if let list, case .object = value, value["apiVersion"] == nil, value["kind"] == nil {
            value["apiVersion"] = .string(list.apiVersion)
            value["kind"] = .string(list.kind)
        }
        guard let object = KubeObject(value) else {
            skipped.append(
                SkippedInput(
                    path: file, scope: .document, reason: .notAnObject, location: document.location(of: path),
                    detail: Self.lack(of: value)))
            return
        }
        guard object.gvk.kind.hasSuffix("List"), let items = value["items"], items.array != nil || items.isNull else {
            objects.append(LoadedObject(object: object, document: document, pathInDocument: path, origin: file))
            return
        }
        var implied: GroupVersionKind?
        if object.gvk.kind != "List" {
            implied = object.gvk
            implied?.kind.removeLast("List".count)
        }
        for (index, item) in (items.array ?? []).enumerated() {
            add(item, at: path.member("items").index(index), impliedBy: implied)
        }
    }

    private static func lack(of value: JSONValue) -> String {
        guard case .object(let members) = value else { return "not a mapping" }
        let missing = ["apiVersion", "kind"].filter { members[$0]?.string?.isEmpty ?? true }
        return "no " + missing.joined(separator: " and no ")
    }
}
