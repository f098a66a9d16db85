import Manifests

/// What became of the members of a mapping: which were renamed, wrapped into a new one, dropped, added.
///
/// A guess from the values alone, and only about the form: whatever it says, the text is edited to mean the new value
/// exactly. A good guess keeps the author's comments and quotes with what they belong to.
struct MemberPairing {
    /// Members that keep their name and change inside.
    private(set) var changed: [String] = []
    /// New names by old ones.
    private(set) var renamed: [String: String] = [:]
    /// New members that take in old ones, with the names of those.
    private(set) var wrapped: [String: [String]] = [:]
    /// Old members that are gone from here, those that were wrapped included.
    private(set) var dropped: [String] = []
    /// New members that are no old one renamed, those that wrap included.
    private(set) var added: [String] = []

    init(from old: JSONObject, to new: JSONObject) {
        for (name, value) in old where new[name] == nil {
            _ = value
            dropped.append(name)
        }
        for (name, _) in new where old[name] == nil { added.append(name) }
        for (name, value) in old {
            guard let now = new[name], now != value else { continue }
            // A name that was given to something else altogether.
            if !(dropped.isEmpty && added.isEmpty), Self.haveNothingInCommon(value, now) {
                dropped.append(name)
                added.append(name)
            } else {
                changed.append(name)
            }
        }
        guard !dropped.isEmpty, !added.isEmpty else { return }
        pair(old, new) { $0 == $1 && !Self.isTrivial($0) }
        pair(old, new) { $0 == $1 }
        wrap(old, new)
        pair(old, new) { Self.similarity($0, $1) >= 0.5 }
        // What else is gone and has come here: a volume's source that became its driver's.
        pair(old, new) { Self.similarity($0, $1) >= 0.3 }
    }

    private mutating func pair(_ old: JSONObject, _ new: JSONObject, _ fits: (JSONValue, JSONValue) -> Bool) {
        for name in added where wrapped[name] == nil {
            guard let value = new[name] else { continue }
            let taken = Set(wrapped.values.joined())
            guard
                let source = dropped.first(where: { source in
                    source != name && !taken.contains(source) && old[source].map { fits($0, value) } ?? false
                })
            else { continue }
            renamed[source] = name
            dropped.removeAll { $0 == source }
            added.removeAll { $0 == name }
        }
    }

    private mutating func wrap(_ old: JSONObject, _ new: JSONObject) {
        var free = dropped
        for name in added {
            guard let value = new[name], value.object != nil || value.array != nil else { continue }
            let inside = free.filter { source in old[source].map { Self.holds(value, $0, name: source) } ?? false }
            guard !inside.isEmpty else { continue }
            wrapped[name] = inside
            free.removeAll { inside.contains($0) }
        }
    }

    /// Whether the part stands somewhere within the whole, under a name of its own.
    private static func holds(_ whole: JSONValue, _ part: JSONValue, name: String) -> Bool {
        switch whole {
        case .object(let members):
            members.contains { member in
                matches(member.value, part) || (member.key == name && similarity(part, member.value) >= 0.5)
                    || holds(member.value, part, name: name)
            }
        case .array(let elements): elements.contains { matches($0, part) || holds($0, part, name: name) }
        default: false
        }
    }

    /// Equal, or scalars that read alike: a number that was written as a text.
    static func matches(_ a: JSONValue, _ b: JSONValue) -> Bool { a == b || (scalarText(a) ?? "") == scalarText(b) }

    private static func scalarText(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .integer, .double, .bool: value.canonicalText
        case .null, .array, .object: nil
        }
    }

    private static func isTrivial(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): members.isEmpty
        case .array(let elements): elements.isEmpty
        default: true
        }
    }

    private static func haveNothingInCommon(_ a: JSONValue, _ b: JSONValue) -> Bool {
        guard let a = a.object, let b = b.object, !a.isEmpty, !b.isEmpty else { return false }
        return !a.contains { b[$0.key] != nil } && similarity(.object(a), .object(b)) < 0.5
    }

    /// How much of two containers of the same type is the same, from 0 to 1, by their scalars.
    static func similarity(_ a: JSONValue, _ b: JSONValue) -> Double {
        switch (a, b) {
        case (.object, .object), (.array, .array): break
        default: return 0
        }
        var counts: [JSONValue: Int] = [:]
        var (sizeA, sizeB, common) = (0, 0, 0)
        visit(a) {
            counts[$0, default: 0] += 1
            sizeA += 1
        }
        visit(b) {
            sizeB += 1
            if let count = counts[$0], count > 0 {
                counts[$0] = count - 1
                common += 1
            }
        }
        return sizeA + sizeB == 0 ? 0 : Double(common) / Double(max(sizeA, sizeB))
    }

    private static func visit(_ value: JSONValue, _ tell: (JSONValue) -> Void) {
        switch value {
        case .object(let members): for member in members { visit(member.value, tell) }
        case .array(let elements): for element in elements { visit(element, tell) }
        default: tell(value)
        }
    }
}
