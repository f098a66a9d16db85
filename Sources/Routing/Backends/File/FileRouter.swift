public import Manifests

/// Keeps weights in a JSON file that something else reads: a template of a balancer, a controller, a test.
///
///     {"routes": {"shop": {"blue": 100, "green": 0}, "blog": {"blue": 50, "green": 50, "owner": "web team"}}}
///
/// The file may hold several routes and members of other people; all of them survive. The compare-and-set key is the
/// digest of this route's *entry*, not of the file: two waves that shift two routes of one file do not disturb
/// each other, while any change to the own entry, also to a member that is no weight, is noticed. The file as a
/// whole is protected by a lock on `<path>.lock` (which stays behind; removing it would let two writers hold
/// "the" lock) and replaced by rename, so that a reader sees the old file or the new one and never half of one.
///
/// Crash: before the rename nothing has happened; after it the write is complete. Cancellation: only while waiting
/// for the lock, when nothing has been written.
public struct FileRouter: Router {
    public static let kind = "file"

    /// The file, absolute.
    public let path: String
    /// The member of `routes` that this router owns.
    public let route: String

    public let capabilities = RouterCapabilities()

    /// From the settings `path` and `route`.
    public init(settings: JSONValue, ports: RouterPorts) throws(RoutingError) {
        let settings = try RouterSettings(settings, kind: Self.kind, known: ["path", "route"])
        path = ports.path(try settings.text("path", for: "the JSON file that holds the weights"))
        route = try settings.text("route", for: "the member of 'routes' in that file")
    }

    public func read() async throws(RoutingError) -> RoutingState {
        try Self.state(of: entry(in: try load()), in: path, route: route)
    }

    public func set(_ weights: Weights, expecting expected: RoutingState) async throws(RoutingError) {
        var entry = expected.raw
        entry["blue"] = .integer(Int64(weights.blue))
        entry["green"] = .integer(Int64(weights.green))
        try await replace(expected, by: entry)
    }

    public func plan(_ weights: Weights) throws(RoutingError) -> [String] {
        ["\(path): routes.\(route) = {\"blue\":\(weights.blue),\"green\":\(weights.green)}"]
    }

    public func verify(_ weights: Weights) async throws(RoutingError) -> RouteVerification {
        let found = try await read().weights
        return found == weights
            ? .verified : .pending("\(path) holds \(found) for route '\(route)', not \(weights)")
    }

    public func restore(_ saved: RoutingState, expecting expected: RoutingState) async throws(RoutingError) {
        try await replace(expected, by: saved.raw)
    }

    /// The one write: compares and replaces the entry while nobody else may.
    private func replace(_ expected: RoutingState, by wanted: JSONValue) async throws(RoutingError) {
        _ = try Self.state(of: wanted, in: path, route: route)
        let lock = try await FileLock.acquire(for: path)
        defer { lock.release() }
        var document = try load()
        let found = try entry(in: document)
        // Asked again after a reply was lost: what we want stands there already.
        if found == wanted { return }
        guard Digest(of: found).description == expected.etag else {
            throw RoutingError(
                .conflict,
                "route '\(route)' in \(path) is not what was read before: it now holds \(found.canonicalText); "
                    + "nothing was written. Look who changes this file, then resume")
        }
        document[FieldPath([.member("routes"), .member(route)])] = wanted
        do {
            try DurableFile.replace(path, with: Array(document.indentedText.utf8))
        } catch {
            throw error.landed
                ? RoutingError(.ambiguous, "\(error.message); read route '\(route)' before anything else")
                : RoutingError(.refused, "\(error.message); nothing was written")
        }
    }

    private func load() throws(RoutingError) -> JSONValue {
        let bytes: [UInt8]
        do { bytes = try DurableFile.read(path) } catch {
            throw RoutingError(
                .unreachable,
                "\(error.message). The file must exist and hold {\"routes\": {\"\(route)\": {\"blue\": 100, \"green\": 0}}}"
            )
        }
        do { return try JSONValue(parsing: bytes) } catch {
            throw RoutingError(.refused, "\(path) is not JSON: \(error)")
        }
    }

    private func entry(in document: JSONValue) throws(RoutingError) -> JSONValue {
        guard let entry = document["routes"]?[route] else {
            let known = document["routes"]?.object?.keys.joined(separator: ", ") ?? ""
            throw RoutingError(
                .invalidConfiguration,
                "\(path) holds no route '\(route)' under 'routes'" + (known.isEmpty ? "" : "; it holds: \(known)"))
        }
        return entry
    }

    /// Reads an entry strictly: integers that sum to 100.
    ///
    /// A half-written or foreign entry is refused, not guessed at.
    private static func state(of entry: JSONValue, in path: String, route: String) throws(RoutingError) -> RoutingState
    {
        guard let blue = entry["blue"]?.integer, let green = entry["green"]?.integer, (0...100).contains(green),
            blue == 100 - green, let weights = Weights(green: Int(green))
        else {
            throw RoutingError(
                .refused,
                "route '\(route)' in \(path) must hold integers blue and green that sum to 100, not \(entry.canonicalText)"
            )
        }
        return RoutingState(weights: weights, etag: Digest(of: entry).description, raw: entry)
    }
}
