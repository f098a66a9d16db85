import FoundationEssentials
import Manifests
import Testing

@Suite("The shop's Helm release")
struct ShopHelmReleaseTests {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardized

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: Self.project.appending(path: path)), as: UTF8.self)
    }

    @Test("The Secret holds what scripts/helm-release-data makes of the readable files")
    func real() throws {
        let report = ManifestLoader().load([
            Self.project.appending(path: "plans/shop/inventory/objects/storefront/helm-release.yaml").path
        ])
        let secret = try #require(report.objects.first?.object)
        let stored = try #require(secret["data.release"]?.string)
        let outer = try #require(Data(base64Encoded: stored))
        let inner = try #require(Data(base64Encoded: outer))
        let release = try JSONValue(parsing: try Gzip.inflate(Array(inner), limit: 1 << 20))

        var expected = try JSONValue(parsing: try text("fixtures/helm/storefront/release.json"))
        expected["manifest"] = .string(try text("fixtures/helm/storefront/manifest.yaml"))
        #expect(release == expected)
        #expect(secret.labels["version"]?.string == release["version"]?.integer.map(String.init))

        let manifest = try YAML.documents(
            Array((release["manifest"]?.string ?? "").utf8), file: "manifest.yaml", limits: .standard)
        let versions = manifest.map { $0.value["apiVersion"]?.string }
        #expect(versions == ["v1", "v1", "networking.k8s.io/v1beta1"])
    }
}
