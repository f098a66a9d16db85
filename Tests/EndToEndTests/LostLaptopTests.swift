import FoundationEssentials
import Glibc
import KubeAPI
import Manifests
import Planning
import Testing

/// The machine that began a run is lost: another goes on with the mirror, the key and a kubeconfig.
@Suite("A lost laptop", .timeLimit(.minutes(15)))
struct LostLaptopTests {
    static let key = String(repeating: "5a", count: 32)

    /// A shop whose run was killed at that record, and whose machine is gone with its state.
    private func killed(mirror: String, record: Int) async throws -> (shop: Shop, plan: Plan, secrets: String) {
        let shop = try await Shop()
        let namespace = "kirikae"
        if mirror == "secret" {
            _ = try await shop.blue.client.create(
                KubeObject(
                    GroupVersionKind(group: "", version: "v1", kind: "Namespace"), namespace: nil, name: namespace),
                as: .namespaces)
            try shop.extendMigration(by: "\nmirror: {secret: {side: blue, namespace: \(namespace)}}\n")
        } else {
            try shop.extendMigration(by: "\nmirror: {directory: \(shop.home)/share}\n")
        }
        let plan = try await shop.plan().plan
        let apply = try shop.start(
            ["apply", shop.migration, "--yes"], gates: plan.gates(), environment: ["KIRIKAE_IMAGE_KEY": Self.key])
        _ = try await Waiting.until(60, step: .milliseconds(1)) {
            try !apply.isRunning || KillTests.records(in: shop) >= record
        }
        apply.signal(SIGKILL)
        #expect(try await apply.end().code == -SIGKILL)
        try FileManager.default.removeItem(atPath: shop.state)
        let store = mirror == "secret" ? "secret:shop-blue/\(namespace)" : "\(shop.home)/share"
        return (shop, plan, store)
    }

    /// The end of a run that nothing happened to.
    private func unbroken() async throws -> (
        blue: [ObjectReference: JSONValue], green: [ObjectReference: JSONValue]
    ) {
        let shop = try await Shop()
        let plan = try await shop.plan().plan
        let exit = try await shop.kirikae("apply", shop.migration, "--yes", gates: plan.gates())
        #expect(exit.code == 0, "\(exit)")
        return try await KillTests.end(of: shop)
    }

    private func ofTheShop(_ objects: [ObjectReference: JSONValue]) -> [ObjectReference: JSONValue] {
        objects.filter { $0.key.namespace != "kirikae" && $0.key.name != "kirikae" }
    }

    @Test(
        "is gone in the middle of a run, which another machine brings to its end from the mirror",
        arguments: [("directory", 150), ("secret", 250)])
    func forward(mirror: String, record: Int) async throws {
        let expected = try await unbroken()
        let (shop, plan, store) = try await killed(mirror: mirror, record: record)
        let key = ["KIRIKAE_IMAGE_KEY": Self.key]

        // Without the key, and with another, nothing is taken in.
        let keyless = try await shop.kirikae("resume", "--from-store", store, "--yes")
        #expect(keyless.code == 2 && keyless.error.contains("KIRIKAE_IMAGE_KEY"), "\(keyless)")
        let other = ["KIRIKAE_IMAGE_KEY": String(repeating: "00", count: 32)]
        let wrong = try await shop.kirikae("resume", "--from-store", store, "--yes", environment: other)
        #expect(wrong.code == 10 && wrong.error.contains("sealed with key"), "\(wrong)")
        #expect(Files.names(in: shop.state + "/runs").isEmpty)

        let status = try await shop.kirikae("status", "--from-store", store, environment: key)
        #expect(status.code == 0 && status.output.hasPrefix("traffic"), "\(status)")
        #expect(Files.names(in: shop.state + "/runs").isEmpty, "to look leaves nothing behind")

        let resumed = try await shop.kirikae(
            "resume", "--from-store", store, "--yes", gates: plan.gates(), environment: key, within: 240)
        #expect(resumed.code == 0, "\(resumed)")
        #expect(resumed.error.contains("records taken in from"), "\(resumed)")
        let end = try await KillTests.end(of: shop)
        #expect(Difference.lines(expected.blue, ofTheShop(end.blue)) == [])
        // Which ports the cluster gives out depends on what else it was asked for.
        let green = Difference.lines(expected.green, ofTheShop(end.green)).filter { !$0.contains("nodePort") }
        #expect(green == [])
        #expect(try shop.shares() == ["storefront": 100, "orders": 100])
        let journal = try await shop.kirikae("journal", "verify")
        #expect(journal.code == 0, "\(journal)")
    }

    @Test(
        "is gone in the middle of a run, which another machine takes back to its start from the mirror",
        arguments: [("secret", 150), ("directory", 250)])
    func back(mirror: String, record: Int) async throws {
        let (shop, _, store) = try await killed(mirror: mirror, record: record)
        let rolledBack = try await shop.kirikae(
            "rollback", "--from-store", store, "--to", "start", "--yes",
            environment: ["KIRIKAE_IMAGE_KEY": Self.key, "KIRIKAE_STATE_DIR": "\(shop.home)/another-desk"], within: 240)
        #expect(rolledBack.code == 8, "\(rolledBack)")
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])
        let fresh = try await Shop()
        #expect(
            Difference.lines(try await KillTests.end(of: fresh).blue, ofTheShop(try await KillTests.end(of: shop).blue))
                == [])
        #expect(
            Difference.lines(try await KillTests.end(of: fresh).green, try await KillTests.end(of: shop).green) == [])
        // Whoever finds the old laptop again cannot go on there with what it knew.
        let run = try #require(Files.names(in: "\(shop.home)/another-desk/runs").first)
        let again = try await shop.kirikae(
            "resume", run, "--from-store", store, "--yes", environment: ["KIRIKAE_IMAGE_KEY": Self.key])
        #expect(again.code == 8, "\(again)")
    }
}
