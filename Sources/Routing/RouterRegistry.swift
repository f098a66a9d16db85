public import Manifests

/// Finds the back end that a plan names.
///
/// Adding a back end is one file or folder under `Backends/` and one line here.
public enum RouterRegistry {
    /// One back end: how to build a router of it, and how a person does its work without us.
    private struct Entry: Sendable {
        let kind: String
        /// `folder` is what relative paths in the settings are relative to.
        let build: @Sendable (_ settings: JSONValue, _ folder: String) throws(RoutingError) -> any Router
        let byHand: @Sendable (_ settings: JSONValue, _ weights: Weights) -> String?
    }

    /// The back ends, by the name that a migration file uses.
    private static let entries: [Entry] = [
        Entry(
            kind: FileRouter.kind,
            build: { settings, folder throws(RoutingError) in try FileRouter(settings: settings, folder: folder) },
            byHand: FileRouter.byHand)
    ]

    /// The names that may stand under `backend` in a migration file.
    public static var kinds: [String] { entries.map(\.kind) }

    /// The router of that kind with those settings.
    ///
    /// Relative paths in the settings are relative to `folder`: the folder in which `plan.yaml` stood when the run
    /// began. Not to the working directory, because whoever resumes a run sits in another one, and a path that then
    /// names another file would move nobody's traffic without a word. A run has to remember that folder.
    public static func router(kind: String, settings: JSONValue, folder: String) throws(RoutingError) -> any Router {
        guard let entry = entries.first(where: { $0.kind == kind }) else {
            throw RoutingError(
                .invalidConfiguration,
                "no routing back end is called '\(kind)'; write one of: \(kinds.joined(separator: ", "))")
        }
        return try entry.build(settings, folder)
    }

    /// Shell commands that set a route without kirikae, for `WAY-BACK.md`; nil when the back end or its settings are
    /// not known.
    public static func byHand(kind: String, settings: JSONValue, weights: Weights) -> String? {
        entries.first { $0.kind == kind }?.byHand(settings, weights)
    }
}
