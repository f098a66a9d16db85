import HTTP
import KubeAPI
import Manifests
import Testing

@Suite("Errors, and what may be done after them")
struct KubeErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var status: Int
        var reason: String?
        var header: String?
        var code: KubeError.Code
        var retry: RetryClass
        var testDescription: String { "\(status) \(reason ?? "") \(header ?? "")" }
    }

    static let cases: [Case] = [
        Case(status: 400, reason: "BadRequest", code: .invalid, retry: .permanent),
        Case(status: 401, reason: "Unauthorized", code: .unauthorized, retry: .permanent),
        Case(status: 403, reason: "Forbidden", code: .forbidden, retry: .permanent),
        Case(status: 404, reason: "NotFound", code: .notFound, retry: .permanent),
        Case(status: 404, reason: nil, code: .notFound, retry: .permanent),
        Case(status: 405, reason: "MethodNotAllowed", code: .invalid, retry: .permanent),
        Case(status: 406, reason: "NotAcceptable", code: .invalid, retry: .permanent),
        Case(status: 408, reason: nil, code: .timeout, retry: .server),
        Case(status: 409, reason: "AlreadyExists", code: .alreadyExists, retry: .conflict),
        Case(status: 409, reason: "Conflict", code: .conflict, retry: .conflict),
        Case(status: 410, reason: "Expired", code: .gone, retry: .permanent),
        Case(status: 410, reason: "Gone", code: .gone, retry: .permanent),
        Case(status: 413, reason: "RequestEntityTooLarge", code: .invalid, retry: .permanent),
        Case(status: 415, reason: "UnsupportedMediaType", code: .invalid, retry: .permanent),
        Case(status: 422, reason: "Invalid", code: .invalid, retry: .permanent),
        Case(status: 429, reason: "TooManyRequests", header: "5", code: .tooManyRequests, retry: .throttled),
        Case(status: 429, reason: nil, code: .tooManyRequests, retry: .throttled),
        Case(status: 500, reason: "InternalError", code: .unavailable, retry: .server),
        Case(status: 502, reason: nil, code: .unavailable, retry: .server),
        Case(status: 503, reason: "ServiceUnavailable", code: .unavailable, retry: .server),
        Case(status: 503, reason: "ServiceUnavailable", header: "1", code: .unavailable, retry: .throttled),
        Case(status: 504, reason: "Timeout", code: .timeout, retry: .server),
        Case(status: 301, reason: nil, code: .other, retry: .permanent),
        Case(status: 418, reason: nil, code: .other, retry: .permanent),
    ]

    @Test(arguments: cases)
    func `a status leads to a code and a class`(_ one: Case) async {
        let (client, _) = KubeClient.fake { _ in
            var headers: HTTPHeaders = [:]
            headers["Retry-After"] = one.header
            guard let reason = one.reason else {
                return HTTPResponse(status: one.status, headers: headers, body: Array("<html>".utf8))
            }
            return .json(
                one.status,
                ["kind": "Status", "message": "the server's words", "reason": .string(reason), "status": "Failure"],
                headers: headers)
        }
        let error = await #expect(throws: KubeError.self) {
            try await client.get(Resources.deployments, namespace: "shop", name: "web")
        }
        #expect(error?.code == one.code)
        #expect(error?.retryClass == one.retry)
        #expect(error?.status == one.status)
        #expect(error?.reason == one.reason)
        #expect(error?.retryAfter == one.header.flatMap { Int($0) }.map { .seconds($0) })
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("blue: get Deployment.apps/shop/web: "))
        #expect(text.contains(one.reason == nil ? "the server answered with status" : "the server's words"))
    }

    static let lost: [(code: TransportError.Code, expected: KubeError.Code, retry: RetryClass)] = [
        (.notSent, .unreachable, .notSent), (.ambiguous, .ambiguous, .ambiguous),
        (.cancelled, .cancelled, .ambiguous), (.invalid, .invalid, .permanent),
    ]

    @Test(arguments: lost)
    func `no answer: what is certain about the effect is kept`(
        _ one: (code: TransportError.Code, expected: KubeError.Code, retry: RetryClass)
    ) async {
        let (client, _) = KubeClient.fake { _ throws(TransportError) in throw TransportError(one.code, "why") }
        let error = await #expect(throws: KubeError.self) {
            try await client.delete(Resources.clusterRoles, namespace: nil, name: "system:x")
        }
        #expect(error?.code == one.expected)
        #expect(error?.retryClass == one.retry)
        #expect(error?.description == "blue: delete ClusterRole.rbac.authorization.k8s.io/system:x: why")
    }

    @Test func `causes name fields and managers`() async {
        let (client, _) = KubeClient.fake { _ in
            .json(
                409,
                [
                    "kind": "Status", "reason": "Conflict", "message": "Apply failed with 1 conflict",
                    "details": [
                        "causes": [
                            [
                                "reason": "FieldManagerConflict", "field": ".spec.replicas",
                                "message": "conflict with \"hpa\" using apps/v1",
                            ]
                        ]
                    ],
                ])
        }
        let object = KubeObject(Resources.deployments.gvk, namespace: "shop", name: "web")
        let error = await #expect(throws: KubeError.self) {
            try await client.apply(object, as: Resources.deployments, fieldManager: "kirikae", force: false)
        }
        #expect(error?.code == .conflict)
        #expect(
            error?.causes == [
                KubeError.Cause(
                    reason: "FieldManagerConflict", message: "conflict with \"hpa\" using apps/v1",
                    field: ".spec.replicas")
            ])
    }

    @Test func `an answer that is no JSON, or no object, says nothing about the effect`() async {
        for body in ["not json", "[]", "{\"a\":", "{}x", ""] {
            let (client, _) = KubeClient.fake { _ in HTTPResponse(status: 200, body: Array(body.utf8)) }
            let object = KubeObject(Resources.configMaps.gvk, namespace: "a", name: "b")
            let error = await #expect(throws: KubeError.self) {
                try await client.create(object, as: Resources.configMaps)
            }
            #expect(error?.code == .decoding)
            #expect(error?.retryClass == .ambiguous)
        }
    }

    @Test func `nothing there is nil, but only an API server's word counts for that`() async throws {
        let (absent, _) = KubeClient.fake { _ in .json(404, ["kind": "Status", "reason": "NotFound"]) }
        #expect(try await absent.getIfPresent(Resources.configMaps, namespace: "a", name: "b") == nil)
        let (proxy, _) = KubeClient.fake { _ in HTTPResponse(status: 404, body: Array("no such site".utf8)) }
        await #expect(throws: KubeError.self) {
            try await proxy.getIfPresent(Resources.configMaps, namespace: "a", name: "b")
        }
    }

    @Test func `warnings are passed on, without those of caches`() async throws {
        let box = WarningBox()
        var (client, _) = KubeClient.fake { _ in
            var headers: HTTPHeaders = [:]
            headers.append("Warning", "299 - \"policy/v1beta1 is deprecated\", 299 kube \"say \\\"v1\\\"\"")
            headers.append("Warning", "110 anderson \"Response is stale\" \"Wed, 21 Oct 2026 07:28:00 GMT\"")
            headers.append("Warning", "299 - \"third\" \"Wed, 21 Oct 2026 07:28:00 GMT\", 299 - \"fourth\"")
            return .json(["kind": "ConfigMap", "apiVersion": "v1"], headers: headers)
        }
        client.onWarning = { box.add($0.message) }
        _ = try await client.get(Resources.configMaps, namespace: "a", name: "b")
        #expect(box.messages == ["policy/v1beta1 is deprecated", "say \"v1\"", "third", "fourth"])
    }

    @Test func `no error shows the credential`() async {
        var (client, transport) = KubeClient.fake { _ in .json(401, ["kind": "Status", "reason": "Unauthorized"]) }
        client.credential = .token("s3cret-token")
        let error = await #expect(throws: KubeError.self) { try await client.serverVersion() }
        #expect(transport.requests.first?.headers["Authorization"] == "Bearer s3cret-token")
        var dumped = ""
        dump(client.credential, to: &dumped)
        for text in [
            "\(String(describing: error))", "\(client.credential)", dumped, String(reflecting: client.credential),
        ] {
            #expect(!text.contains("s3cret"))
        }
    }
}

extension HTTPResponse {
    fileprivate static func json(_ value: JSONValue, headers: HTTPHeaders) -> HTTPResponse {
        .json(200, value, headers: headers)
    }
}
