public import Manifests

/// Finds the back end that a plan names.
///
/// Adding a back end is one file or folder under `Backends/` and one line here.
public enum RouterRegistry {
    /// One back end: how to build a router of it, and how a person does its work without us.
    private struct Entry: Sendable {
        let kind: String
        let build: @Sendable (_ settings: JSONValue, _ ports: RouterPorts) throws(RoutingError) -> any Router
        let byHand: @Sendable (_ settings: JSONValue, _ weights: Weights) -> String?
    }

    /// The back ends, by the name that a migration file uses.
    private static let entries: [Entry] = [
        Entry(
            kind: FileRouter.kind,
            build: { settings, ports throws(RoutingError) in try FileRouter(settings: settings, ports: ports) },
            byHand: FileRouter.byHand),
        Entry(
            kind: HAProxyRouter.kind,
            build: { settings, ports throws(RoutingError) in try HAProxyRouter(settings: settings, ports: ports) },
            byHand: HAProxyRouter.byHand),
        Entry(
            kind: NginxRouter.kind,
            build: { settings, ports throws(RoutingError) in try NginxRouter(settings: settings, ports: ports) },
            byHand: NginxRouter.byHand),
        Entry(
            kind: CommandRouter.kind,
            build: { settings, ports throws(RoutingError) in try CommandRouter(settings: settings, ports: ports) },
            byHand: CommandRouter.byHand),
    ]

    /// The names that may stand under `backend` in a migration file.
    public static var kinds: [String] { entries.map(\.kind) }

    /// The router of that kind with those settings.
    public static func router(
        kind: String, settings: JSONValue, ports: RouterPorts
    ) throws(RoutingError) -> any Router {
        guard let entry = entries.first(where: { $0.kind == kind }) else {
            throw RoutingError(
                .invalidConfiguration,
                "no routing back end is called '\(kind)'; write one of: \(kinds.joined(separator: ", "))")
        }
        return try entry.build(settings, ports)
    }

    /// Shell commands that set a route without kirikae, for `WAY-BACK.md`; nil when the back end or its settings are
    /// not known.
    public static func byHand(kind: String, settings: JSONValue, weights: Weights) -> String? {
        entries.first { $0.kind == kind }?.byHand(settings, weights)
    }
}
