import KubeAPI
import Manifests
import Testing

@testable import Execution

@Suite("What a server says when it refuses")
struct SecretWordsTests {
    private let refusal = KubeError(
        .invalid, "data.password: Invalid value: \"c2VjcmV0LWNhbmFyeQ==\"", status: 422, reason: "Invalid",
        causes: [.init(reason: "FieldValueInvalid", message: "canary c2VjcmV0LWNhbmFyeQ==", field: "data.password")],
        verb: "create", target: "Secret/shop/key", cluster: "green")

    @Test("is not repeated where it may quote a Secret")
    func secret() {
        let failure = StepFailure(refusal, writing: GroupKind(group: "", kind: "Secret"))
        #expect(!failure.message.contains("c2VjcmV0"))
        #expect(failure.message.contains("green: create Secret/shop/key"))
        #expect(failure.message.contains("422 Invalid"))
        #expect(failure.kind == .permanent)
    }

    @Test("is repeated for everything else, and where nothing came from a server")
    func others() {
        #expect(
            StepFailure(refusal, writing: GroupKind(group: "", kind: "ConfigMap")).message.contains("Invalid value"))
        let silent = KubeError(.unreachable, "connection refused", cluster: "green")
        #expect(StepFailure(silent, writing: GroupKind(group: "", kind: "Secret")).message.contains("refused"))
    }
}
