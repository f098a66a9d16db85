import KubeAPI
import Manifests
import Planning
import Testing

/// The main job, as a user does it: two kubeconfig contexts, the tool, kubectl beside it.
@Suite("The main job over HTTP", .timeLimit(.minutes(15)))
struct MainJobTests {
    @Test("Plan, apply wave 1, roll back to before the cutover and to the start, forward again to the end")
    func mainJob() async throws {
        let shop = try await Shop()
        let blueBefore = try await shop.blue.declared()
        let greenBefore = try await shop.green.content()
        let plan = try await shop.plan().plan

        // Forward until wave `back` waits at its gate.
        let first = try await shop.kirikae("apply", shop.migration, "--yes", gates: plan.gates("platform", "front"))
        #expect(first.code == 4, "\(first)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 0])
        let copied = Self.created(by: plan, waves: ["platform", "front"])
        for kubectl in Tools.kubectls {
            let missing = copied.subtracting(try await Self.listed(by: kubectl, kinds: copied, shop))
            #expect(missing.isEmpty, "\(kubectl) does not list \(missing.sorted())")
        }

        // Back to before the cutover: traffic and blue are as before, the copies stay.
        let second = try await shop.kirikae("rollback", "--yes", "--to", "before-cutover-front")
        #expect(second.code == 8, "\(second)")
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])
        try await shop.blue.expectDeclared(blueBefore)

        // Forward again, and from there all the way back: nothing was ever there.
        let third = try await shop.kirikae("resume", "--yes", gates: plan.gates("platform", "front"))
        #expect(third.code == 4, "\(third)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 0])
        let fourth = try await shop.kirikae("rollback", "--yes", "--to", "start")
        #expect(fourth.code == 8, "\(fourth)")
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])
        try await shop.green.expectContent(greenBefore)
        try await shop.blue.expectDeclared(blueBefore)
        for kubectl in Tools.kubectls {
            let left = copied.intersection(try await Self.listed(by: kubectl, kinds: copied, shop))
            #expect(left.isEmpty, "\(kubectl) still lists \(left.sorted())")
        }

        // That run is over. A new plan goes to the end.
        let (again, objects) = (try await shop.plan()).parts
        let fifth = try await shop.kirikae("apply", shop.migration, "--yes", gates: again.gates())
        #expect(fifth.code == 0, "\(fifth)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 100])
        let blueAfter = try await shop.blue.declared()
        #expect(Difference.lines(blueBefore, blueAfter).sorted() == plan.blueActions)
        #expect(!plan.blueActions.isEmpty)
        let green = try await shop.green.objects()
        #expect(Self.created(by: plan).filter { green[$0] == nil }.sorted() == [])
        let asleep = Self.asleep(blueBefore).filter { reference in objects.contains { $0.object == reference } }
        #expect(asleep.count >= 2)
        for reference in asleep {
            #expect(green[reference].map { Self.sleeps($0.content) } == true, "\(reference) woke up on green")
        }
        let status = try await shop.kirikae("status")
        #expect(status.code == 0 && status.output.contains("orders: "), "\(status)")
    }

    /// What these waves create on green; all waves when none are named.
    static func created(by plan: Plan, waves: Set<String> = []) -> Set<ObjectReference> {
        Set(
            plan.steps.filter { waves.isEmpty || waves.contains($0.wave.name) }
                .flatMap { _, step -> [ObjectReference] in
                    if case .apply(let action) = step.action { action.objects } else { [] }
                })
    }

    /// Everything of those kinds that kubectl shows on green.
    static func listed(
        by kubectl: String, kinds of: Set<ObjectReference>, _ shop: Shop
    ) async throws -> Set<ObjectReference> {
        // A kind whose definition went away with the rollback is no error here.
        let served = Set(try await shop.green.client.discover().resources.map(\.gvk.groupKind))
        let kinds = Set(of.map(\.kind)).intersection(served).map(\.description).sorted()
        let text = try await shop.kubectl(
            kubectl, "--context", "shop-green", "get", kinds.joined(separator: ","), "-A", "-o", "json")
        let items = try JSONValue(parsing: Array(text.utf8))["items"]?.array ?? []
        return Set(items.compactMap { KubeObject($0)?.reference })
    }

    /// What sleeps in a cluster, on purpose or because somebody put it to sleep.
    static func asleep(_ content: [ObjectReference: JSONValue]) -> [ObjectReference] {
        content.filter { sleeps($0.value) }.keys.sorted()
    }

    static func sleeps(_ content: JSONValue) -> Bool {
        guard ["Deployment", "StatefulSet", "CronJob", "Job"].contains(content["kind"]?.string ?? "") else {
            return false
        }
        return content["spec.replicas" as FieldPath] == 0 || content["spec.suspend" as FieldPath] == true
    }
}
