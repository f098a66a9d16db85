import HTTP
import KubeAPI
import Manifests
import Testing

@Suite("Asking what we may do")
struct AccessTests {
    private static func answer(_ status: JSONValue) -> HTTPResponse {
        .json(201, ["kind": "SelfSubjectAccessReview", "status": status])
    }

    @Test func `the question is asked in RBAC's words, and the answer taken at its word`() async throws {
        let (client, transport) = KubeClient.fake { request in
            Self.answer(
                request.json?["spec"]?["resourceAttributes"]?["verb"] == "get"
                    ? ["allowed": true] : ["allowed": false, "denied": true, "reason": "no"])
        }
        let may = AccessQuestion("get", "deployments", group: "apps", subresource: "scale", namespace: "a", name: "web")
        #expect(try await client.mayI(may) == .allowed)
        #expect(transport.requests[0].path == "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        #expect(
            transport.requests[0].json?["spec"]
                == [
                    "resourceAttributes": [
                        "verb": "get", "group": "apps", "resource": "deployments", "subresource": "scale",
                        "namespace": "a", "name": "web",
                    ]
                ])
        #expect(try await client.mayI(AccessQuestion("list", "secrets")) == .denied(reason: "no"))
    }

    @Test func `of many questions the denied ones come back, in words`() async throws {
        let (client, _) = KubeClient.fake { request in
            Self.answer(["allowed": .bool(request.json?["spec"]?["resourceAttributes"]?["resource"] != "secrets")])
        }
        let questions = ["secrets", "pods", "configmaps"].flatMap { resource in
            (0..<9).map { AccessQuestion("list", resource, namespace: "ns-\($0)") }
        }
        let denied = try await client.denied(questions)
        #expect(denied.map(\.description) == (0..<9).map { "list secrets in namespace ns-\($0)" })
        #expect(AccessQuestion("get", "secrets", name: "x").description == #"get secrets "x" in all namespaces"#)
    }

    @Test func `a server that cannot be asked is unknown, one that fails is an error`() async throws {
        let (client, _) = KubeClient.fake { _ in .json(404, ["kind": "Status", "reason": "NotFound"]) }
        #expect(try await client.mayI(AccessQuestion("get", "pods")) == .unknown)
        #expect(try await client.denied([AccessQuestion("get", "pods")]) == [])
        let (broken, _) = KubeClient.fake { _ in .json(500, ["kind": "Status"]) }
        await #expect(throws: KubeError.self) { try await broken.denied([AccessQuestion("get", "pods")]) }
    }
}
