import Manifests
import Routing
import Testing

@testable import Planning

@Suite("The way back")
struct WayBackTests {
    /// The small shop: waves platform, backend (exclusive work), front (a route); front depends on backend.
    private func plan() throws -> Plan { try Planner.plan(SmallShop.input()).plan }

    private func effects(_ plan: Plan) -> [String] { plan.steps.filter { $0.step.action.hasEffect }.map(\.step.id) }

    @Test("from the middle of the traffic only traffic moves")
    func traffic() throws {
        let plan = try plan()
        let done = effects(plan)
        #expect(
            WayBack.undoSequence(plan: plan, done: done, to: "traffic-shop-1") == ["front.302-route-shop-10"],
            "in one jump, from whatever the weights are")
    }

    @Test("green rests before blue works, blue works before traffic comes, the rest goes last")
    func phases() throws {
        var migration = SmallShop.migration()
        migration.classify = [Classification(select: ObjectSelector(name: "front"), class: .exclusive)]
        let plan = try Planner.plan(SmallShop.input(migration: migration)).plan
        let undo = try #require(WayBack.undoSequence(plan: plan, done: effects(plan), to: "before-cutover-front"))
        #expect(
            undo == [
                "front.250-wake-exclusive", "front.240-quiet-blue", "front.300-route-shop-1", "front.210-apply-gated",
            ])
    }

    @Test("what was begun is undone, what was not is not")
    func partial() throws {
        let plan = try plan()
        let done = Array(effects(plan).prefix { $0 != "front.304-route-shop-50" })
        let undo = try #require(WayBack.undoSequence(plan: plan, done: done, to: "before-cutover-front"))
        #expect(undo.first == "front.300-route-shop-1")
        #expect(WayBack.undoSequence(plan: plan, done: done, to: "traffic-shop-10") == [])
        #expect(WayBack.undoSequence(plan: plan, done: [], to: "start") == [])
    }

    @Test("a checkpoint that was recorded is where it was recorded, also after a wave was done again")
    func recordedCut() throws {
        let plan = try plan()
        let ids = plan.steps.map(\.step.id)
        // The backend was taken back and done again after front had reached its cutover.
        let front = ids.filter { $0.hasPrefix("front.") }.prefix { $0 != "front.210-apply-gated" }
        let done =
            ids.filter { !$0.hasPrefix("front.") } + front + ["backend.240-quiet-blue", "backend.250-wake-exclusive"]
        #expect(
            WayBack.undoSequence(plan: plan, done: done, to: "before-cutover-front") == [
                "backend.250-wake-exclusive", "backend.240-quiet-blue",
            ])
    }

    @Test("taking a wave back takes back what depends on it, dependents first")
    func waves() throws {
        let plan = try plan()
        #expect(WayBack.wavesUndone(with: "front", in: plan) == ["front"])
        #expect(WayBack.wavesUndone(with: "backend", in: plan) == ["front", "backend"])
        #expect(WayBack.wavesUndone(with: "platform", in: plan) == ["front", "backend", "platform"])
        let undo = try #require(WayBack.undoSequence(plan: plan, done: effects(plan), wave: "backend"))
        // Twice: what users need of both waves goes before anything is taken away from either.
        let phase = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.step.id, $0.step.undoPhase) })
        let users = undo.prefix { phase[$0] != .reverse }
        #expect(undo.dropFirst(users.count).allSatisfy { phase[$0] == .reverse })
        for part in [Array(users), Array(undo.dropFirst(users.count))] {
            let lastOfFront = try #require(part.lastIndex { $0.hasPrefix("front.") })
            let firstOfBackend = try #require(part.firstIndex { $0.hasPrefix("backend.") })
            #expect(lastOfFront < firstOfBackend)
        }
        #expect(!undo.contains { $0.hasPrefix("platform.") })
    }

    @Test("names that are not in the plan have no way back")
    func unknown() throws {
        let plan = try plan()
        #expect(WayBack.undoSequence(plan: plan, done: [], to: "nowhere") == nil)
        #expect(WayBack.undoSequence(plan: plan, done: [], wave: "nowhere") == nil)
    }

    @Test("WAY-BACK.md holds the exact commands, with what blue had")
    func text() throws {
        let text = try Planner.plan(SmallShop.input()).wayBack
        for line in [
            #"kubectl --context='shop-blue' -n orders patch deployments.apps consumer --type=merge -p '{"metadata":{"annotations":{"kirikae.dev/original-replicas":null}},"spec":{"replicas":1}}'"#,
            #"kubectl --context='shop-blue' -n orders patch cronjobs.batch nightly --type=merge -p '{"metadata":{"annotations":{"kirikae.dev/original-suspend":null}},"spec":{"suspend":false}}'"#,
            #"kubectl --context='shop-green' -n orders patch cronjobs.batch nightly --type=merge -p '{"spec":{"suspend":true}}'"#,
            #"kubectl --context='shop-green' -n web delete ingresses.networking.k8s.io -l kirikae.dev/migration=shop --field-selector metadata.name=front"#,
            #"kubectl --context='shop-green' delete namespaces -l kirikae.dev/migration=shop --field-selector metadata.name=web"#,
            #"kubectl --context='shop-green' -n orders label serviceaccounts default kirikae.dev/migration-"#,
            #"# In routes.json, under routes, "shop": {"blue":100,"green":0}"#,
            "get namespace kube-system -o jsonpath='{.metadata.uid}'", "blue-uid", "### before-cutover-front",
        ] {
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test(
        "users come first: the first section has exclusive work and traffic of all waves, and nothing is deleted in it")
    func usersFirst() throws {
        let text = try Planner.plan(SmallShop.input()).wayBack
        let start = try #require(text.firstRange(of: "## First:"))
        let end = try #require(text.firstRange(of: "## To a checkpoint"))
        let section = text[start.lowerBound..<end.lowerBound]
        #expect(section.contains("green = 0"))
        #expect(section.contains("-n orders patch deployments.apps consumer"))
        #expect(!section.contains("delete"))
        #expect(section.split(separator: "jq ").count == 2, "one command per route, straight to all blue")
    }
}
