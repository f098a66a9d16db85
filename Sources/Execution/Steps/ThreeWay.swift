import Manifests

/// The differences that stop a run: what stood there before, what we wanted, what stands there now.
enum ThreeWay {
    /// One place.
    ///
    /// An absent value is left out.
    static func entry(place: String, before: JSONValue?, ours: JSONValue?, now: JSONValue?) -> JSONValue {
        var members: JSONObject = ["place": .string(place)]
        members["before"] = before
        members["ours"] = ours
        members["now"] = now
        return .object(members)
    }

    /// One place of an object; values of Secrets are left out, whatever they are.
    static func entry(
        _ object: ObjectReference, _ path: FieldPath, before: JSONValue?, ours: JSONValue?, now: JSONValue?
    ) -> JSONValue {
        let isSecret = object.kind == GroupKind(group: "", kind: "Secret")
        let hidden: (JSONValue?) -> JSONValue? = { value in isSecret ? value.map { _ in "(not shown)" } : value }
        return entry(place: "\(object) \(path)", before: hidden(before), ours: hidden(ours), now: hidden(now))
    }

    /// The first places of a difference, for a sentence to end with; empty when there are none.
    static func places(_ difference: JSONValue?) -> String {
        let places = (difference?.array ?? []).compactMap { entry in
            entry["place"]?.string.map { place in entry["remark"]?.string.map { "\(place) \($0)" } ?? place }
        }
        guard !places.isEmpty else { return "" }
        let more = places.count > 3 ? " and \(places.count - 3) more" : ""
        return ": " + places.prefix(3).joined(separator: "; ") + more
    }

    /// Something to say about an object as a whole.
    static func remark(_ object: ObjectReference, _ text: String) -> JSONValue {
        ["place": .string(object.description), "remark": .string(text)]
    }
}
