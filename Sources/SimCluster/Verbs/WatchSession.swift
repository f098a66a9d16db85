import HTTP
import Manifests

/// One watch: what it selects and how far it has got.
///
/// The world makes its events; whoever holds the session sends them.
struct WatchSession: Sendable {
    fileprivate var request: ResourceRequest
    fileprivate var representation: Representation
    /// The revision up to which events have been made.
    fileprivate var position: Int
    /// Events to be sent before any change.
    fileprivate var initial: [JSONValue]
    fileprivate var sentColumns = false
    /// True once an ERROR event was made: nothing follows it.
    private(set) var isOver = false

    /// Whether the client wants to know about progress without changes.
    var wantsBookmarks: Bool { request.options.allowWatchBookmarks }
    /// How long the client wants to watch.
    var timeoutSeconds: Int? { request.options.timeoutSeconds }

    fileprivate mutating func finish() { isOver = true }
}

extension SimWorld {
    /// Begins a watch; throws what the server answers instead of a stream.
    func watchSession(_ request: ResourceRequest) throws(APIStatus) -> WatchSession {
        var request = request
        if version < KubernetesVersion(minor: 27) { request.options.sendInitialEvents = nil }
        let options = request.options
        try options.fieldSelector.check(for: request.resource)
        if let name = request.path.name {
            request.options.fieldSelector = try FieldSelector(parsing: "metadata.name=\(name)")
        }
        let representation = try Representation(accept: request.http.headers["Accept"], list: false)
        if representation == .yaml { throw .notAcceptable }
        let refused = try checkInitialEvents(options)
        if refused { throw .invalidOptions("ListOptions", .forbidden("sendInitialEvents", "not supported")) }
        var position = store.revision
        var initial: [JSONValue] = []
        var session = WatchSession(request: request, representation: representation, position: position, initial: [])
        let since = options.resourceVersion ?? ""
        if let wanted = Int(since), wanted > 0, options.sendInitialEvents != true {
            position = min(wanted, store.revision)
            if wanted > store.revision { position = wanted }
        } else if since.isEmpty || since == "0" || options.sendInitialEvents == true {
            if options.sendInitialEvents != false {
                let kind = stored.storageKind(of: request.resource)
                for entry in store.list(kind, namespace: request.path.namespace) where matches(entry.object, request) {
                    initial.append(event("ADDED", entry.object, &session))
                }
            }
            if options.sendInitialEvents == true, options.allowWatchBookmarks {
                initial.append(bookmark(&session, endsInitialEvents: true))
            }
        } else {
            throw .failure(
                "resourceVersion: Invalid value: \"\(since)\": strconv.ParseUint: parsing \"\(since)\": "
                    + "invalid syntax")
        }
        session.position = position
        session.initial = initial
        return session
    }

    /// The lines that are due on a watch, each with its line feed.
    func events(for session: inout WatchSession) -> [[UInt8]] {
        var events = session.initial
        session.initial = []
        if !session.isOver {
            if let changes = store.changes(after: session.position) {
                let kind = stored.storageKind(of: session.request.resource)
                for change in changes where change.key.kind == kind {
                    if let event = event(for: change, &session) { events.append(event) }
                }
                session.position = max(session.position, store.revision)
            } else {
                let status = APIStatus.expired(
                    "too old resource version: \(session.position) (\(store.compactedRevision))")
                events.append(["type": "ERROR", "object": status.json])
                session.finish()
            }
        }
        return events.map { $0.canonicalBytes + [UInt8(ascii: "\n")] }
    }

    /// A line that only tells how far the watch has got.
    func bookmarkLine(for session: inout WatchSession) -> [UInt8] {
        bookmark(&session, endsInitialEvents: false).canonicalBytes + [UInt8(ascii: "\n")]
    }

    /// A watch without a stream: everything up to now, then the end.
    func watchAnswer(_ request: ResourceRequest) throws(APIStatus) -> HTTPResponse {
        var session = try watchSession(request)
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json"], body: events(for: &session).flatMap { $0 })
    }

    private func event(for change: StoreChange, _ session: inout WatchSession) -> JSONValue? {
        if let namespace = session.request.path.namespace, change.key.namespace != namespace { return nil }
        let before = change.old.map { matches($0, session.request) } ?? false
        let after = change.new.map { matches($0, session.request) } ?? false
        switch (before, after) {
        case (false, true): return change.new.map { event("ADDED", $0, &session) }
        case (true, true): return change.new.map { event("MODIFIED", $0, &session) }
        case (true, false):
            guard var last = change.old else { return nil }
            last["metadata.resourceVersion"] = .string(String(change.revision))
            return event("DELETED", last, &session)
        case (false, false): return nil
        }
    }

    private func event(_ type: String, _ object: KubeObject, _ session: inout WatchSession) -> JSONValue {
        let object = stored.convert(object, to: session.request.resource.gvk)
        var json = object.json
        switch session.representation {
        case .object, .yaml: break
        case .metadata(let version): json = object.partialMetadata(metaVersion: version)
        case .table(let version):
            let table = try? table(
                of: [object], session.request.resource,
                metadata: ["resourceVersion": .string(object.resourceVersion ?? "")],
                includeObject: session.request.options.includeObject, metaVersion: version)
            json = table ?? json
            // Columns are told once.
            if session.sentColumns { json["columnDefinitions"] = .array([]) }
            session.sentColumns = true
        }
        return ["type": .string(type), "object": json]
    }

    private func bookmark(_ session: inout WatchSession, endsInitialEvents: Bool) -> JSONValue {
        let resource = session.request.resource
        var metadata: JSONObject = ["resourceVersion": .string(String(max(session.position, store.revision)))]
        if endsInitialEvents { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        return [
            "type": "BOOKMARK",
            "object": [
                "kind": .string(resource.kind), "apiVersion": .string(resource.gvk.apiVersion),
                "metadata": .object(metadata),
            ],
        ]
    }

    /// True when this minor does not know initial events by watch at all.
    private func checkInitialEvents(_ options: RequestOptions) throws(APIStatus) -> Bool {
        // Older minors do not know the parameter.
        guard options.sendInitialEvents != nil, version >= KubernetesVersion(minor: 27) else {
            if options.resourceVersionMatch != nil {
                throw .invalidOptions(
                    "ListOptions",
                    .forbidden(
                        "resourceVersionMatch",
                        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"))
            }
            return false
        }
        if options.resourceVersionMatch != "NotOlderThan" {
            throw .invalidOptions(
                "ListOptions",
                .forbidden(
                    "resourceVersionMatch",
                    "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
        }
        // On by default since 1.32.
        return version < KubernetesVersion(minor: 32)
    }
}
