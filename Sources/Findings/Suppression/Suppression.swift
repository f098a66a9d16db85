public import Manifests

/// Findings that somebody has decided to live with, until a day and for a reason.
///
/// A finding is meant when every selector that is given has an entry that fits it. A suppression without any selector
/// means nothing; its readers refuse it.
public struct Suppression: Sendable, Hashable {
    /// Who wrote it.
    public enum Origin: String, Sendable, Hashable, CaseIterable {
        /// A file of suppressions.
        case file
        /// The annotation on the object itself; it covers that object only.
        case annotation
    }

    public var origin: Origin
    /// Codes of findings; `*` within a code stands for anything.
    public var codes: [String]
    /// References such as `CronJob.batch/shop/*`.
    public var objects: [String]
    /// Paths of files such as `legacy/**`.
    public var paths: [String]
    /// `policy/v1beta1`, or `policy/v1beta1 PodSecurityPolicy`.
    public var apis: [String]
    public var namespaces: [String]
    public var reason: String
    /// The last day on which it holds.
    public var until: CalendarDate
    /// Where it is written, where that is known.
    public var location: SourceLocation?

    public init(
        _ origin: Origin, codes: [String] = [], objects: [String] = [], paths: [String] = [], apis: [String] = [],
        namespaces: [String] = [], reason: String, until: CalendarDate, location: SourceLocation? = nil
    ) {
        self.origin = origin
        self.codes = codes
        self.objects = objects
        self.paths = paths
        self.apis = apis
        self.namespaces = namespaces
        self.reason = reason
        self.until = until
        self.location = location
    }

    /// Whether it says anything about which findings it means.
    public var isSelective: Bool { [codes, objects, paths, apis, namespaces].contains { !$0.isEmpty } }

    /// Whether it has ended by that day.
    public func isExpired(on day: CalendarDate) -> Bool { day > until }

    /// Whether it means that finding.
    public func covers(_ finding: Finding) -> Bool {
        guard isSelective else { return false }
        if !codes.isEmpty, !codes.contains(where: { PathGlob($0).matches(whole: finding.code) }) { return false }
        if !objects.isEmpty {
            let reference = finding.object.description
            guard objects.contains(where: { PathGlob($0).matches(whole: reference) }) else { return false }
        }
        if !paths.isEmpty {
            guard let file = finding.location?.file, paths.contains(where: { PathGlob($0).matches(path: file) }) else {
                return false
            }
        }
        if !apis.isEmpty {
            let names = [finding.gvk.apiVersion, finding.gvk.description]
            guard apis.contains(where: { api in names.contains { PathGlob(api).matches(whole: $0) } }) else {
                return false
            }
        }
        if !namespaces.isEmpty {
            // A namespace itself belongs to what is in it.
            let isNamespace = finding.object.kind == GroupKind(group: "", kind: "Namespace")
            guard let namespace = finding.object.namespace ?? (isNamespace ? finding.object.name : nil),
                namespaces.contains(where: { PathGlob($0).matches(whole: namespace) })
            else { return false }
        }
        return true
    }

    /// What it means, in words, for messages.
    public var selection: String {
        [
            ("code", codes), ("object", objects), ("path", paths), ("api", apis), ("namespace", namespaces),
        ].filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.joined(separator: " or "))" }.joined(separator: ", ")
    }
}
