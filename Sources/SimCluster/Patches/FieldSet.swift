import Manifests

/// A set of places within an object, as managedFields hold it: a tree whose edges are `f:name`, `k:{…}`, `v:…`.
struct FieldSet: Sendable, Equatable {
    /// Whether the place of this node itself belongs to the set.
    var isMember = false
    var children: [String: FieldSet] = [:]

    /// Nothing.
    init() {}

    /// One place without anything below it.
    static var leaf: FieldSet {
        var leaf = FieldSet()
        leaf.isMember = true
        return leaf
    }

    /// Reads `fieldsV1`.
    init(_ json: JSONValue) {
        let members = json.object ?? [:]
        for member in members where member.key != "." {
            var child = FieldSet(member.value)
            if member.value.object?.isEmpty ?? true { child.isMember = true }
            children[member.key] = child
        }
        isMember = members["."] != nil
    }

    /// `fieldsV1`.
    var json: JSONValue {
        var members = JSONObject(
            children.map { (key: $0.key, value: $0.value.json) })
        if isMember && !children.isEmpty { members["."] = [:] }
        return .object(members)
    }

    var isEmpty: Bool { !isMember && children.allSatisfy { $0.value.isEmpty } }

    /// The node below an edge, made when missing.
    subscript(edge: String) -> FieldSet {
        get { children[edge] ?? FieldSet() }
        set { children[edge] = newValue.isEmpty ? nil : newValue }
    }

    /// Places in either.
    func union(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = isMember || other.isMember
        for (edge, child) in other.children { result[edge] = result[edge].union(child) }
        return result
    }

    /// Places in both.
    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.isMember = isMember && other.isMember
        for (edge, child) in children {
            if let same = other.children[edge] { result[edge] = child.intersection(same) }
        }
        return result
    }

    /// Places here and not there.
    func subtracting(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.isMember = isMember && !other.isMember
        for (edge, child) in children {
            result[edge] = other.children[edge].map(child.subtracting) ?? child
        }
        return result
    }

    /// As ``subtracting(_:)``, and whatever lies below a place of the other goes with it.
    func subtractingSubtrees(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.isMember = isMember && !other.isMember
        for (edge, child) in children {
            guard let removed = other.children[edge] else {
                result[edge] = child
                continue
            }
            if removed.isMember && removed.children.isEmpty { continue }
            result[edge] = child.subtractingSubtrees(removed)
        }
        return result
    }

    /// All places in the form of messages: `.spec.template.spec.containers[name="web"].image`.
    ///
    /// In order.
    var paths: [String] {
        var paths: [String] = []
        collect("", &paths)
        return paths.sorted()
    }

    private func collect(_ prefix: String, _ paths: inout [String]) {
        if isMember { paths.append(prefix) }
        for (edge, child) in children { child.collect(prefix + Self.text(edge), &paths) }
    }

    private static func text(_ edge: String) -> String {
        let body = String(edge.dropFirst(2))
        switch edge.prefix(2) {
        case "k:":
            guard let key = try? JSONValue(parsing: body) else { return "[\(body)]" }
            let members = (key.object ?? [:]).map { "\($0.key)=\($0.value.canonicalText)" }
            return "[\(members.joined(separator: ","))]"
        case "v:": return "[=\(body)]"
        case "i:": return "[\(body)]"
        default: return ".\(body)"
        }
    }
}
