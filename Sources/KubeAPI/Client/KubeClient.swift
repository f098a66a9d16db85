public import HTTP
public import Manifests

/// Speaks the Kubernetes API to one server over any transport.
///
/// A value: copies share the transport. It never retries and never sleeps; what may be repeated is said by
/// ``KubeError/retryClass`` and decided by the caller.
public struct KubeClient: Sendable {
    /// Carries the requests.
    public var transport: any Transport
    /// Says who we are, beside what the transport itself does with client certificates.
    public var credential: Credential
    /// Whom we act as; nil: as ourselves.
    public var impersonation: Impersonation?
    /// Sent as `User-Agent`; audit logs show it.
    public var userAgent: String
    /// How long one request may take.
    public var timeout: Duration
    /// The cluster's name in messages; may be empty.
    public var cluster: String
    /// Called with every `Warning` header, such as the use of a deprecated API.
    ///
    /// May be called from any task.
    public var onWarning: (@Sendable (ServerWarning) -> Void)?

    /// A client; nothing is sent yet.
    public init(
        transport: any Transport, credential: Credential = .none, impersonation: Impersonation? = nil,
        userAgent: String = "kirikae", timeout: Duration = .seconds(30), cluster: String = "",
        onWarning: (@Sendable (ServerWarning) -> Void)? = nil
    ) {
        self.transport = transport
        self.credential = credential
        self.impersonation = impersonation
        self.userAgent = userAgent
        self.timeout = timeout
        self.cluster = cluster
        self.onWarning = onWarning
    }

    /// Sends any request and reads a successful answer as JSON; for addresses that no other method covers.
    public func json(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [],
        body: JSONValue? = nil, contentType: String = "application/json"
    ) async throws(KubeError) -> JSONValue {
        var request = HTTPRequest(method, path, query: query, body: body?.canonicalBytes)
        if body != nil { request.headers["Content-Type"] = contentType }
        let call = Call(verb: method.rawValue, target: path)
        return try decode(try await send(request, call), call)
    }

    /// What is being done to what, for messages.
    struct Call: Sendable {
        var verb: String
        var target: String

        init(verb: String, target: String) {
            self.verb = verb
            self.target = target
        }

        init(_ verb: String, _ resource: APIResource, _ namespace: String?, _ name: String?) {
            self.verb = verb
            let kind = resource.gvk.groupKind
            if let name {
                target =
                    ObjectReference(
                        kind: kind, namespace: resource.namespaced ? namespace : nil, name: name
                    ).description
            } else {
                target = namespace.map { "\(kind) in namespace \($0)" } ?? kind.description
            }
        }
    }

    /// Sends one request with our headers.
    ///
    /// Any status of 300 and above is an error.
    func send(_ request: HTTPRequest, _ call: Call) async throws(KubeError) -> HTTPResponse {
        let response = try await authorized(request, call, status: \HTTPResponse.status, transport.send)
        report(response.headers, call)
        guard (200..<300).contains(response.status) else {
            throw KubeError(response, verb: call.verb, target: call.target, cluster: cluster)
        }
        return response
    }

    /// Sends with credentials.
    ///
    /// When the server does not know a plugin's credentials (any more), the plugin is asked again, once. A 401 comes
    /// before anything is done, so this is no repetition of an effect; a token may be withdrawn before it expires, and
    /// a migration is longer than most tokens live.
    func authorized<Answer>(
        _ request: HTTPRequest, _ call: Call, status: (Answer) -> Int,
        _ send: (HTTPRequest) async throws(TransportError) -> Answer
    ) async throws(KubeError) -> Answer {
        let (prepared, generation) = try await prepare(request, call)
        do throws(TransportError) {
            let answer = try await send(prepared)
            guard status(answer) == 401, case .plugin(let plugin) = credential, let generation else { return answer }
            plugin.refuse(generation)
        } catch {
            throw KubeError(error, verb: call.verb, target: call.target, cluster: cluster)
        }
        let (again, latest) = try await prepare(request, call)
        do throws(TransportError) {
            let answer = try await send(again)
            if status(answer) == 401, case .plugin(let plugin) = credential, let latest { plugin.refuse(latest) }
            return answer
        } catch {
            throw KubeError(error, verb: call.verb, target: call.target, cluster: cluster)
        }
    }

    /// Adds the headers that every request carries; with the plugin's answer that they are of.
    private func prepare(_ request: HTTPRequest, _ call: Call) async throws(KubeError) -> (HTTPRequest, Int?) {
        var request = request
        if request.headers["Accept"] == nil { request.headers["Accept"] = "application/json" }
        request.headers["User-Agent"] = userAgent
        if request.timeout == nil { request.timeout = timeout }
        impersonation?.add(to: &request.headers)
        do {
            let authorization = try await credential.authorization()
            request.headers["Authorization"] = authorization.header
            return (request, authorization.generation)
        } catch {
            var error = error
            (error.verb, error.target, error.cluster) = (call.verb, call.target, cluster)
            throw error
        }
    }

    /// Passes `Warning` headers on.
    func report(_ headers: HTTPHeaders, _ call: Call) {
        guard let onWarning else { return }
        for value in headers.all("Warning") {
            for message in ServerWarning.messages(inHeader: value) {
                onWarning(
                    ServerWarning(message: message, verb: call.verb, target: call.target, cluster: cluster))
            }
        }
    }

    /// Reads a whole answer as JSON.
    func decode(_ response: HTTPResponse, _ call: Call) throws(KubeError) -> JSONValue {
        do { return try JSONValue(parsing: response.body) } catch {
            throw failure(.decoding, "the answer is not JSON (\(error)); is this a Kubernetes API server?", call)
        }
    }

    /// Reads a whole answer as one object.
    func decodeObject(
        _ response: HTTPResponse, as resource: APIResource, _ call: Call
    ) throws(KubeError) -> KubeObject {
        var json = try decode(response, call)
        resource.fillIn(&json)
        guard let object = KubeObject(json) else {
            throw failure(.decoding, "the answer is no Kubernetes object", call)
        }
        return object
    }

    /// An error of our own about that call.
    func failure(_ code: KubeError.Code, _ message: String, _ call: Call) -> KubeError {
        KubeError(code, message, verb: call.verb, target: call.target, cluster: cluster)
    }
}
