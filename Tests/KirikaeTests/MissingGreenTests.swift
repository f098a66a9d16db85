import FoundationEssentials
import KubeAPI
import Testing

@testable import kirikae

/// A way back must be possible with a kubeconfig that knows green no more.
@Suite struct MissingGreenTests {
    private func kubeconfig() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/kirikae-no-green-\(UUID().uuidString)"
        try Data(#"{"apiVersion":"v1","kind":"Config","clusters":[],"contexts":[],"users":[]}"#.utf8)
            .write(to: URL(filePath: path))
        return path
    }

    @Test func aGreenThatIsNeededMustBeKnown() throws {
        let path = try kubeconfig()
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: CommandFailure.self) { try RunSetting.green("green", path, isNeeded: true) }
    }

    @Test func oneThatIsNotCountsAsSilent() async throws {
        let path = try kubeconfig()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let client = try RunSetting.green("green", path, isNeeded: false)
        await #expect { try await client.clusterUID() } throws: { ($0 as? KubeError)?.retryClass == .notSent }
    }
}
