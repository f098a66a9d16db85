public import Findings
import HTTP
import KubeAPI
public import Manifests
public import Planning
import Routing
import SimCluster

/// A migration of a ``GeneratedCluster``: its inventory as read through the API, and a migration file for it.
///
/// Every application is a wave with a route of its own; hazards that refuse are accepted, so that what is tried is the
/// whole way and not the refusal.
public struct GeneratedMigration: Sendable {
    public let seed: UInt64
    public let cluster: GeneratedCluster
    public let migration: Migration
    public let inventory: Inventory
    /// Objects that the generated minor cannot hold; a generator that makes such objects is wrong.
    public let unloadable: [String]

    /// Draws cluster, versions and migration from the seed, and takes the inventory as a user would: from the API.
    public init(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed ^ 0x5EED_0F31_6247_1000)
        let blueMinor = Int.random(in: 19...33, using: &random)
        let greenMinor = Int.random(in: max(25, blueMinor + 1)...37, using: &random)
        let cluster = GeneratedCluster(
            seed: seed, applications: Int.random(in: 1...3, using: &random),
            version: KubernetesVersion(minor: blueMinor))
        self.seed = seed
        self.cluster = cluster
        migration = Self.migration(cluster, to: KubernetesVersion(minor: greenMinor), &random)
        (inventory, unloadable) = try await Self.inventory(
            of: cluster.objects, version: cluster.version, uid: cluster.uid, target: migration.green.version,
            seed: seed)
    }

    /// Puts objects into an embedded cluster, lets its controllers look at them, and reads it as `kirikae inventory`
    /// does.
    public static func inventory(
        of objects: [KubeObject], version: KubernetesVersion, uid: String?, target: KubernetesVersion, seed: UInt64
    ) async throws -> (inventory: Inventory, unloadable: [String]) {
        let start = 1_760_000_000
        var world = SimWorld(version: version, name: "generated-blue", uid: uid, seed: seed, now: start)
        let problems = world.load(objects).map(\.description)
        // Blue's controllers have long seen everything when a migration begins.
        world.advance(to: start + 60)
        let client = KubeClient(transport: SimTransport(world), cluster: "generated-blue")
        let inventory = try await InventorySource.cluster(
            client, name: "generated-blue", takenAt: "2025-10-09T08:54:20Z", target: target,
            secrets: .redacted(key: Array("generated".utf8)))
        return (inventory, problems)
    }

    private static func migration(
        _ cluster: GeneratedCluster, to target: KubernetesVersion, _ random: inout SeededGenerator
    ) -> Migration {
        var waves: [MigrationWave] = []
        var routes: [MigrationRoute] = []
        for application in cluster.applications {
            let earlier = waves.map(\.name).filter { _ in random.chance(40) }
            waves.append(
                MigrationWave(
                    name: application.name, namespaces: application.namespaces, dependsOn: earlier,
                    gates: gates(&random)))
            for index in 0..<random.pick([0, 1, 1, 1, 2]) {
                routes.append(
                    MigrationRoute(
                        name: "\(application.name)-r\(index)", wave: application.name, backend: "file",
                        settings: ["path": "routes.json", "route": .string("\(application.name)-r\(index)")],
                        steps: random.pick([nil, [100], [5, 100], [1, 2, 99, 100]])))
            }
        }
        return Migration(
            name: "generated", blue: BlueSource(context: "generated-blue"),
            green: GreenTarget(name: "generated-green", version: target), waves: waves, routes: routes,
            unassignedNamespaces: .platform,
            acknowledge: HazardChecks.all.map {
                Acknowledgement(hazard: $0.id, reason: "generated")
            })
    }

    private static func gates(_ random: inout SeededGenerator) -> [MigrationGate]? {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: nil
        case 1: []
        case 2: [MigrationGate(gate: .soak, before: .traffic, seconds: 30), MigrationGate(gate: .manual)]
        default: [MigrationGate(gate: .twoPerson, before: .done)]
        }
    }
}
