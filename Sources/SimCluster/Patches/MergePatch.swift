import Manifests

/// RFC 7386: members are merged, null removes, everything else replaces.
enum MergePatch {
    /// The document after the patch.
    static func apply(_ patch: JSONValue, to document: JSONValue?) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members = document?.object ?? [:]
        for change in changes {
            members[change.key] = change.value.isNull ? nil : apply(change.value, to: members[change.key])
        }
        return .object(members)
    }
}
