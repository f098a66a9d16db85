public import Manifests

/// Rewrites objects of one resource between its versions.
///
/// Implementations are pure: the same object and purpose give the same result, and members they do not know are
/// carried over untouched, so that a field added by a newer minor is not lost here.
public protocol KindConversion: Sendable {
    /// The versions this conversion joins, oldest first.
    var versions: [GroupVersionKind] { get }

    /// Whether every field has the same name and form at all versions, so that what patches them goes on doing so.
    var keepsFields: Bool { get }

    /// The object at `target`; both its own version and `target` are among ``versions`` and differ.
    func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult
}

extension KindConversion {
    public var keepsFields: Bool { false }
}

extension JSONObject {
    /// Removes the member and returns what it held.
    mutating func take(_ name: String) -> JSONValue? {
        let value = self[name]
        self[name] = nil
        return value
    }

    /// Gives a member another name; whatever had that name is replaced.
    ///
    /// Nothing happens when it is absent.
    mutating func rename(_ name: String, to newName: String) {
        if let value = take(name) { self[newName] = value }
    }
}

extension JSONValue {
    /// The same list with every element changed; other types come back as they are.
    func mapElements(_ change: (JSONValue) -> JSONValue) -> JSONValue {
        guard case .array(let elements) = self else { return self }
        return .array(elements.map(change))
    }

    /// Nil for `null`, so that "absent" and "null" can be treated alike.
    var present: JSONValue? { isNull ? nil : self }
}

extension KubeObject {
    /// The same object under another version, nothing else changed.
    func renamed(_ gvk: GroupVersionKind) -> KubeObject {
        var object = self
        object.gvk = gvk
        return object
    }
}
