import Catalog
import Findings
import KubeAPI
import Manifests
import Planning
import Routing
import SimCluster
import Synchronization

@testable import Execution

/// The reference migration `plans/shop` on two simulated clusters, through KubeAPI, with Leases.
struct ShopStage {
    let blue: SimTransport
    let green: SimTransport
    let clock: WorldClock
    var store = MemoryRunStore()
    let routers: [String: TestRouter]
    let document: PlanDocument
    var signals = SignalCounter()
    var observer: any RunObserver = SilentObserver()
    /// Another process of the same operator, or another operator elsewhere.
    var actor = "ada@desk#1"
    var place = "desk"

    static let key = Array("shop-fixture".utf8)

    init() throws {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        let inventory = try Inventory.read(directory: "\(root)/plans/shop/inventory")
        let bytes = try PosixFile.read("\(root)/plans/shop/migration.yaml")
        let file = try MigrationFile(bytes, file: "migration.yaml")
        let planned = try Planner.plan(
            PlanningInput(
                migration: file.migration, migrationDigest: file.digest, blue: inventory,
                target: TargetCapabilities(
                    identity: ClusterIdentity(
                        name: "shop-green", uid: "green-uid", version: KubernetesVersion(minor: 36), apis: nil),
                    catalog: .builtIn), digestKey: Self.key, digestKeyID: "shop-fixture", tool: "test"))
        document = PlanDocument(
            plan: planned.plan, objects: planned.objects, digest: try PlanFile.digest(of: planned.plan),
            files: PlanFiles([PlanFile.objectsName: PlanFile.objectLines(planned.objects)]))
        let start = 1_710_743_400
        let now = start + 60
        var world = SimWorld(
            version: KubernetesVersion(minor: 24), name: "shop-blue", uid: inventory.cluster.uid, seed: 1, now: start)
        _ = world.load(inventory.objects.map(\.object))
        // Blue's controllers have long seen everything when a migration begins.
        world.advance(to: start + 60)
        blue = SimTransport(world)
        green = SimTransport(
            SimWorld(version: KubernetesVersion(minor: 36), name: "shop-green", uid: "green-uid", seed: 2, now: now))
        clock = WorldClock(start: Int64(now), worlds: [blue, green])
        let faults = Faults()
        routers = Dictionary(uniqueKeysWithValues: planned.plan.routes.map { ($0.name, TestRouter(faults)) })
    }

    var runner: Runner {
        Runner(
            ports: RunPorts(
                store: store, blue: KubeClient(transport: blue, cluster: "blue"),
                green: KubeClient(transport: green, cluster: "green"), migration: "shop", routers: routers,
                clock: clock, random: SeededRandom(seed: 3), signals: signals, approver: Everyone(),
                observer: observer, actor: actor, place: place, digestKey: Self.key), tool: "test")
    }

    var run: String { get throws { store.newestSynced.run } }

    /// What promises are about: everything but our own Lease and what only controllers and servers keep.
    static func content(_ transport: SimTransport) -> [ObjectReference: JSONValue] {
        var content: [ObjectReference: JSONValue] = [:]
        for object in transport.world.objects where object.reference.description != "\(lease)" {
            if object["metadata.ownerReferences"]?.array?.isEmpty == false { continue }
            if ["Event", "Endpoints", "EndpointSlice"].contains(object.gvk.kind) { continue }
            content[object.reference] = object.content
        }
        return content
    }

    static let lease = Scene.reference("Lease.coordination.k8s.io/kube-system/kirikae-shop")

    /// Every gate is opened, by as many persons as it wants.
    struct Everyone: Approver {
        func decide(_ request: GateRequest) async -> GateDecision { .approved(by: "p\(request.approvedBy.count)") }
    }
}

/// Virtual time that moves simulated clusters along.
final class WorldClock: RunClock {
    private let milliseconds: Mutex<Int64>
    private let worlds: [SimTransport]

    init(start: Int64, worlds: [SimTransport]) {
        milliseconds = Mutex(start * 1_000)
        self.worlds = worlds
    }

    var wallMilliseconds: Int64 { milliseconds.withLock { $0 } }
    var monotonicNanoseconds: Int64 { wallMilliseconds * 1_000_000 }

    func sleep(for duration: Duration) async {
        let now = milliseconds.withLock { time in
            time += max(
                1, duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000)
            return time
        }
        for world in worlds { world.advance(to: Int(now / 1_000)) }
    }
}
