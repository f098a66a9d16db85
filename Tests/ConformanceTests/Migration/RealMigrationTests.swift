import FoundationEssentials
import KubeAPI
import Manifests
import Planning
import Subprocess
import Testing

/// The main job on real control planes: blue is Kubernetes 1.20.2, green the same without the APIs that 1.22 removed.
@Suite(
    "A migration between real control planes",
    .enabled(if: Started.isHere, "make conformance starts them"), .serialized, .timeLimit(.minutes(10)))
struct RealMigrationTests {
    @Test func `to green and all the way back leaves both as they were`() async throws {
        let shop = try await RealShop()
        let before = (blue: try await shop.content(.blue), green: try await shop.content(.green))
        let plan = try await shop.plan()
        let gates = plan.steps.compactMap { _, step in
            if case .gate = step.action { step.id } else { nil }
        }

        let forth = try await shop.kirikae(["apply", shop.folder, "--yes"] + gates.flatMap { ["--auto-approve", $0] })
        #expect(forth.code == 0, "\(forth)")
        #expect(try shop.share() == 100)
        // Pods of green run and are ready; what slept on purpose sleeps.
        let web = try await shop.green.get(.deployments, namespace: shop.namespace, name: "web")
        #expect(web["status.readyReplicas"]?.integer == 2, "\(web.json["status"] ?? .null)")
        let asleep = try await shop.green.get(.deployments, namespace: shop.namespace, name: "asleep")
        #expect(asleep["spec.replicas"]?.integer == 0)
        let ingress = try #require(
            try await shop.green.discover().resources(for: GroupKind(group: "networking.k8s.io", kind: "Ingress")).first
        )
        #expect(ingress.gvk.version == "v1", "1.22 serves no other")
        #expect(
            try await shop.green.get(ingress, namespace: shop.namespace, name: "web")[
                "spec.rules"]?.array?.first?["http"]?["paths"]?.array?.first?["backend"]?["service"]?["name"] == "web")
        // As before but for the plan's own actions on blue.
        let changed = Self.differences(before.blue, try await shop.content(.blue))
        let planned = Set(
            plan.steps.flatMap { _, step -> [ObjectReference] in
                guard case .setFields(let action) = step.action, action.side == .blue else { return [] }
                return action.changes.map(\.object)
            })
        #expect(changed.isSubset(of: planned), "\(changed.subtracting(planned).sorted())")

        let back = try await shop.kirikae(["rollback", "--to", "start", "--yes"])
        #expect(back.code == 8, "\(back)")
        #expect(try shop.share() == 0)
        try await shop.expectAsBefore(.blue, before.blue)
        try await shop.expectAsBefore(.green, before.green)
        try await shop.remove()
    }

    @Test func `somebody with just the rights that rbac prints carries a plan out, and goes back`() async throws {
        let shop = try await RealShop()
        let before = (blue: try await shop.content(.blue), green: try await shop.content(.green))
        let gates = try await shop.plan().steps.compactMap { _, step in
            if case .gate = step.action { step.id } else { nil }
        }
        // First without any: every right that is missing is named before anything is written.
        try shop.become("kubeconfig-nobody")
        let nothing = try await shop.kirikae(["apply", shop.folder, "--yes"])
        #expect(nothing.code == 11 || nothing.code == 10, "\(nothing)")
        #expect(nothing.error.contains("forbidden") || nothing.error.contains("may not"), "\(nothing.error)")
        try await shop.grant(user: "nobody")
        let forth = try await shop.kirikae(["apply", shop.folder, "--yes"] + gates.flatMap { ["--auto-approve", $0] })
        #expect(forth.code == 0, "\(forth)")
        let back = try await shop.kirikae(["rollback", "--to", "start", "--yes"])
        #expect(back.code == 8, "\(back)")
        try await shop.revoke()
        try await shop.expectAsBefore(.blue, before.blue)
        try await shop.expectAsBefore(.green, before.green)
        try await shop.remove()
    }

    static func differences(
        _ before: [ObjectReference: JSONValue], _ after: [ObjectReference: JSONValue]
    ) -> Set<ObjectReference> {
        Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
    }
}
