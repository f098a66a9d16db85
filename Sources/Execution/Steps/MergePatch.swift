import Manifests

/// JSON merge patches (RFC 7386).
enum MergePatch {
    /// The patch that turns `old` into `new`; nil when they are equal.
    ///
    /// Lists are replaced as a whole.
    static func difference(from old: JSONValue, to new: JSONValue) -> JSONValue? {
        guard old != new else { return nil }
        guard case .object(let oldMembers) = old, case .object(let newMembers) = new else { return new }
        var patch = JSONObject()
        for member in oldMembers where newMembers[member.key] == nil { patch[member.key] = .some(.null) }
        for member in newMembers {
            guard let before = oldMembers[member.key] else {
                patch[member.key] = member.value
                continue
            }
            if let change = difference(from: before, to: member.value) { patch[member.key] = change }
        }
        return .object(patch)
    }
}
