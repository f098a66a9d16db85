import KubeAPI
import Manifests
import Planning
import Synchronization
import Testing

@testable import Execution

/// What keeps a run from beginning.
///
/// In every case nothing is written to either cluster and no run exists afterwards.
@Suite("Before the first write")
struct PreflightTests {
    private func refused(
        _ scene: Scene, _ runner: Runner? = nil, _ document: PlanDocument? = nil
    ) async throws
        -> RunOutcome
    {
        let before = scene.world
        let outcome = await (runner ?? scene.runner).apply(document ?? scene.document)
        #expect(scene.world == before)
        #expect(try scene.store.runs().isEmpty)
        return outcome
    }

    @Test("a cluster that serves what it served when the plan was made has the plan's digest of its APIs")
    func sameAPIs() {
        let versions = ["autoscaling/v2", "autoscaling/v1", "batch/v1", "v1"]
        let discovery = Discovery(resources: [], groupVersions: versions)
        #expect(discovery.groupVersions != discovery.groupVersions.sorted(), "preferred first, not by name")
        #expect(discovery.digest == Planner.apisDigest(discovery.groupVersions))
        #expect(discovery.digest == Planner.apisDigest(versions))
    }

    @Test("all collisions on green are named, and none is touched")
    func collisions() async throws {
        let scene = try Scene()
        scene.green.seed([
            Scene.object("v1", Scene.namespace), Scene.object("v1", Scene.config, ["data": ["colour": "theirs"]]),
            Scene.object("apps/v1", Scene.web, ["spec": ["replicas": 9]]),
        ])
        let outcome = try await refused(scene)
        #expect(outcome.kind == .refused)
        #expect(outcome.problems.filter { $0.code == .collision }.count == 3)
        #expect(outcome.problems.contains { $0.place.contains("\(Scene.web)") })
    }

    @Test("swapped, equal and foreign clusters and other versions are refused")
    func identities() async throws {
        let scene = try Scene()
        var ports = scene.runner.ports
        (ports.blue, ports.green) = (scene.green, scene.blue)
        #expect(try await refused(scene, Runner(ports: ports, tool: "t")).problems.map(\.code) == [.swappedClusters])
        (ports.blue, ports.green) = (scene.blue, scene.blue)
        #expect(try await refused(scene, Runner(ports: ports, tool: "t")).problems.map(\.code) == [.sameCluster])
        ports.green = TestCluster(.green, uid: "other", version: KubernetesVersion(minor: 36), faults: scene.faults)
        #expect(try await refused(scene, Runner(ports: ports, tool: "t")).problems.map(\.code) == [.wrongCluster])
        ports.green = TestCluster(.green, uid: "uid-green", version: KubernetesVersion(minor: 35), faults: scene.faults)
        #expect(try await refused(scene, Runner(ports: ports, tool: "t")).problems.map(\.code) == [.wrongVersion])
    }

    @Test("what changed on blue since the plan is named, and status alone is no change")
    func stale() async throws {
        let scene = try Scene()
        scene.blue.edit(Scene.config) { $0["status"] = ["seen": true] }
        scene.blue.edit(Scene.later) { $0["data"] = ["n": "2"] }
        scene.blue.edit(Scene.secret) { $0["data"] = ["password": "b3RoZXI="] }
        let outcome = try await refused(scene)
        #expect(outcome.kind == .stale)
        #expect(outcome.problems.map(\.place) == ["blue \(Scene.later)", "blue \(Scene.secret)"])
    }

    @Test("Secrets cannot be judged without the key; that is said and skipped, and nothing else is")
    func noKey() async throws {
        let scene = try Scene()
        scene.blue.edit(Scene.secret) { $0["data"] = ["password": "b3RoZXI="] }
        var ports = scene.runner.ports
        ports.digestKey = nil
        let outcome = await Runner(ports: ports, tool: "t").apply(scene.document)
        #expect(outcome.kind == .succeeded, "\(outcome.message)")
        let text = String(decoding: scene.store.bytes(of: try scene.run), as: UTF8.self)
        #expect(text.contains("without the digest key"))
    }

    @Test("a route that stands elsewhere, and a cluster that does not answer, are refused")
    func routesAndReach() async throws {
        let scene = try Scene()
        scene.router.force(10)
        #expect(try await refused(scene).problems.map(\.code) == [.routeUnexpected])
        scene.router.force(0)
        scene.green.state.withLock { $0.isDown = true }
        #expect(try await refused(scene).kind == .unreachable)
    }

    @Test("a plan is begun once")
    func onlyOnce() async throws {
        let scene = try Scene()
        #expect(await scene.runner.apply(scene.document).kind == .succeeded)
        let again = await scene.runner.apply(scene.document)
        #expect(again.kind == .locked)
        #expect(again.next.first == "kirikae runs show \(try scene.run)")
    }

    @Test("a run goes on with no other plan than its own")
    func otherPlan() async throws {
        var scene = try Scene()
        scene.approver = ListedApprover(gates: [], person: "x")
        _ = await scene.runner.apply(scene.document)
        var other = scene.document
        other.digest = Digest(of: "other")
        let outcome = await scene.runner.resume(try scene.run, other)
        #expect(outcome.kind == .refused)
        #expect(outcome.problems.map(\.code) == [.planChanged])
    }
}
