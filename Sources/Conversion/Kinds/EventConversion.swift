public import Manifests

/// Event: the core group and events.k8s.io show the same stored objects under other member names.
///
/// Events are never migrated; this conversion is there for whoever reads them, above all the simulated server.
public struct EventConversion: KindConversion {
    public let versions = [
        GroupVersionKind(group: "", version: "v1", kind: "Event"),
        GroupVersionKind(group: "events.k8s.io", version: "v1beta1", kind: "Event"),
        GroupVersionKind(group: "events.k8s.io", version: "v1", kind: "Event"),
    ]

    private static let names = [
        (core: "involvedObject", events: "regarding"), (core: "message", events: "note"),
        (core: "source", events: "deprecatedSource"), (core: "firstTimestamp", events: "deprecatedFirstTimestamp"),
        (core: "lastTimestamp", events: "deprecatedLastTimestamp"), (core: "count", events: "deprecatedCount"),
        (core: "reportingComponent", events: "reportingController"),
    ]

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        let result = ConversionResult(object: object.renamed(target), notes: [])
        guard object.gvk.group != target.group, var members = result.object.json.object else { return result }
        let toCore = target.group.isEmpty
        for name in Self.names {
            members.rename(toCore ? name.events : name.core, to: toCore ? name.core : name.events)
        }
        // The core form writes these two out when they are empty, the other leaves them out.
        for name in [toCore ? "reportingComponent" : "reportingController", "reportingInstance"] {
            if toCore, members[name] == nil { members[name] = "" }
            if !toCore, members[name] == "" { members[name] = nil }
        }
        guard let converted = KubeObject(.object(members)) else { return result }
        return ConversionResult(object: converted, notes: [])
    }
}
