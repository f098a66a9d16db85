import HTTP
import KubeAPI
import Manifests
import Synchronization

/// Answers requests from a closure and remembers them.
final class FakeTransport: Transport {
    typealias Answer = @Sendable (HTTPRequest) throws(TransportError) -> HTTPResponse

    private let answer: Answer
    private let seen = Mutex<[HTTPRequest]>([])

    init(_ answer: @escaping Answer) { self.answer = answer }

    /// The requests so far, in order of arrival.
    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        seen.withLock { $0.append(request) }
        return try answer(request)
    }

    /// The answer's body in pieces of `cut` bytes.
    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        let response = try await send(request)
        let cut = response.headers["X-Cut"].flatMap { Int($0) } ?? max(1, response.body.count)
        let (body, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        var rest = response.body[...]
        while !rest.isEmpty {
            continuation.yield(Array(rest.prefix(cut)))
            rest = rest.dropFirst(cut)
        }
        if response.headers["X-Break"] != nil {
            continuation.finish(throwing: TransportError(.ambiguous, "the connection broke"))
        } else {
            continuation.finish()
        }
        return HTTPStream(status: response.status, headers: response.headers, body: body)
    }
}

extension HTTPResponse {
    /// A JSON answer.
    static func json(_ status: Int = 200, _ value: JSONValue, headers: HTTPHeaders = [:]) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: value.canonicalBytes)
    }
}

extension KubeClient {
    /// A client over a closure.
    static func fake(_ answer: @escaping FakeTransport.Answer) -> (client: KubeClient, transport: FakeTransport) {
        let transport = FakeTransport(answer)
        return (KubeClient(transport: transport, cluster: "blue"), transport)
    }
}

/// Resources that tests talk about.
enum Resources {
    static let deployments = APIResource(
        gvk: GroupVersionKind(group: "apps", version: "v1", kind: "Deployment"), plural: "deployments", namespaced: true
    )
    static let configMaps = APIResource(
        gvk: GroupVersionKind(group: "", version: "v1", kind: "ConfigMap"), plural: "configmaps", namespaced: true)
    static let clusterRoles = APIResource(
        gvk: GroupVersionKind(group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole"),
        plural: "clusterroles", namespaced: false)
}

extension HTTPRequest {
    var json: JSONValue? { body.flatMap { try? JSONValue(parsing: $0) } }

    func query(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
