import Catalog
import Execution
import Findings
import FoundationEssentials
import KubeAPI
import Manifests
import Planning
import SimCluster
import Testing

@testable import Rehearsal

/// Public manifests as one cluster: what strangers wrote goes the whole way too.
@Suite(
    "The public manifests' drill", .enabled(if: PublicManifests.arePresent, "no ../shared/corpus beside the project"))
struct CorpusDrillTests {
    @Test("every file's objects are counted, planned, copied, taken back and copied again")
    func wholeWay() async throws {
        let corpus = PublicManifests()
        let version = corpus.bestMinor
        let target = KubernetesVersion(minor: 36)
        let (accepted, invalid) = try await corpus.acceptedBy(version)
        let (inventory, unloadable) = try await GeneratedMigration.inventory(
            of: accepted, version: version, uid: nil, target: target, seed: 1)
        // Nothing lost on the way into blue: each object is held, a duplicate, or named with a reason.
        let inBlue = Set(inventory.objects.map(\.object.reference))
        let refused = Set(unloadable.map { $0.split(separator: ":")[0] }.map(String.init))
        let lost = corpus.objects.map(\.reference).filter { reference in
            let there =
                inBlue.contains(reference) || inBlue.contains(reference.inDefaultNamespace)
                || inBlue.contains(reference.withoutNamespace) || reference.kind.group == "extensions"
            return !there && !refused.contains(reference.description) && invalid[reference] == nil
        }
        #expect(lost == [])
        #expect(corpus.read == corpus.objects.count - corpus.addedNamespaces + corpus.duplicates)
        #expect(inventory.objects.count > 200)

        let plan = try RehearsedPlan(migration: corpus.migration(to: target), inventory: inventory)
        #expect(plan.document.plan.accounting.read == inventory.objects.count)
        let drill = plan.drill()
        let report = try await drill.run(
            waysBack: [try #require(drill.defaultWayBack)], store: MemoryRunStore())
        #expect(DrillProof(report, document: plan.document).complaints == [])
        print(
            "public manifests at \(version): \(corpus.read) objects read, \(corpus.duplicates) duplicates, "
                + "\(unloadable.count) that \(version) cannot hold, \(invalid.count) that it refuses, \(inventory.objects.count) in blue; "
                + "\(plan.document.plan.accounting)")
    }
}

/// The manifests of `../shared/corpus`, made the objects of one cluster.
struct PublicManifests {
    static let folder = URL(filePath: RehearsedPlan.root).deletingLastPathComponent().appending(path: "shared/corpus")
        .path
    static var arePresent: Bool { FileManager.default.fileExists(atPath: folder) }

    /// How many objects the files hold.
    let read: Int
    /// Objects of a name that another one has already.
    let duplicates: Int
    /// Namespaces that objects name and no file makes.
    let addedNamespaces: Int
    let objects: [KubeObject]

    init() {
        let report = ManifestLoader().load([Self.folder])
        read = report.objects.count
        var seen: Set<ObjectReference> = []
        var kept: [KubeObject] = []
        for loaded in report.objects {
            var object = loaded.object
            let lifecycle = Catalog.builtIn.lifecycle(of: object.gvk)
            if lifecycle?.namespaced == true, object.namespace == nil { object.namespace = "default" }
            if lifecycle?.namespaced == false { object.namespace = nil }
            if seen.insert(object.reference).inserted { kept.append(object) }
        }
        duplicates = read - kept.count
        let known = Set(kept.filter { $0.gvk.kind == "Namespace" }.map(\.name)).union(["default", "kube-system"])
        let missing = Set(kept.compactMap(\.namespace)).subtracting(known).sorted()
        addedNamespaces = missing.count
        objects = kept + missing.map { KubeObject(GroupVersionKind(apiVersion: "v1", kind: "Namespace"), name: $0) }
    }

    /// The minor that serves most of the objects at the versions they are written in; the newest of several.
    var bestMinor: KubernetesVersion {
        let minors = (19...33).map { KubernetesVersion(minor: $0) }
        func count(_ version: KubernetesVersion) -> Int {
            objects.count { Catalog.builtIn.isServed($0.gvk, at: version) }
        }
        return minors.reversed().max { count($0) < count($1) } ?? KubernetesVersion(minor: 24)
    }

    /// The objects that a server of that minor would take, and why it refuses the others: some files are only parts of
    /// objects, which other files complete.
    func acceptedBy(_ version: KubernetesVersion) async throws -> ([KubeObject], refused: [ObjectReference: String]) {
        var stored = SimWorld(version: version, name: "stored", seed: 1, now: 1_760_000_000)
        let unheld = Set(stored.load(objects).map(\.object))
        var fresh = SimWorld(version: version, name: "fresh", seed: 2, now: 1_760_000_000)
        let first = ["Namespace", "CustomResourceDefinition"]
        _ = fresh.load(stored.objects.filter { first.contains($0.gvk.kind) })
        let client = KubeClient(transport: SimTransport(fresh), cluster: "fresh")
        let discovery = try await client.discover()
        var refused: [ObjectReference: String] = [:]
        for object in stored.objects where !first.contains(object.gvk.kind) {
            guard let resource = discovery.resource(for: object.gvk) else { continue }
            do throws(KubeError) {
                _ = try await client.create(CopyRules.portable(object).object, as: resource)
            } catch  where error.code == .invalid {
                refused[object.reference] = error.message
            } catch {}
        }
        let names = Set(refused.keys.map { "\($0.kind.kind) \($0.namespace ?? "") \($0.name)" })
        var reasons: [ObjectReference: String] = [:]
        let kept = objects.filter { object in
            guard !unheld.contains(object.reference) else { return true }
            let name = "\(object.gvk.kind) \(object.namespace ?? "") \(object.name)"
            guard names.contains(name) else { return true }
            reasons[object.reference] = "refused"
            return false
        }
        return (kept, reasons)
    }

    /// Two waves of the namespaces there are; what is in `default` belongs to all.
    func migration(to target: KubernetesVersion) -> Migration {
        let namespaces = Set(objects.filter { $0.gvk.kind == "Namespace" }.map(\.name)).subtracting(
            ["default", "kube-system", "kube-public", "kube-node-lease"]
        ).sorted()
        let middle = namespaces.count / 2
        let waves = [("first", namespaces[..<middle]), ("second", namespaces[middle...])].map {
            MigrationWave(name: $0.0, namespaces: Array($0.1), dependsOn: $0.0 == "second" ? ["first"] : [])
        }
        return Migration(
            name: "public", blue: BlueSource(context: "public-blue"),
            green: GreenTarget(name: "public-green", version: target), waves: waves,
            routes: waves.map {
                MigrationRoute(
                    name: $0.name, wave: $0.name, backend: "file",
                    settings: ["path": "routes.json", "route": .string($0.name)])
            },
            unassignedNamespaces: .platform,
            acknowledge: HazardChecks.all.map { Acknowledgement(hazard: $0.id, reason: "a rehearsal") })
    }
}

extension ObjectReference {
    var inDefaultNamespace: ObjectReference { ObjectReference(kind: kind, namespace: "default", name: name) }
    var withoutNamespace: ObjectReference { ObjectReference(kind: kind, namespace: nil, name: name) }
}
