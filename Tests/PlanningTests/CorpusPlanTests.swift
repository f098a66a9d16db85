import Catalog
import Findings
import FoundationEssentials
import Manifests
import Testing

@testable import Planning

/// Manifests that other people wrote, planned as if they were a cluster; only where they lie beside the project.
@Suite("Plans of public manifests")
struct CorpusPlanTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/corpus").path

    static let projects = (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? []

    @Test(
        "every problem can be settled by what its remedy says, and then the counts add up",
        .enabled(if: !projects.isEmpty, "shared/corpus is not beside the project"), arguments: projects)
    func project(name: String) throws {
        let report = ManifestLoader().load(["\(Self.folder)/\(name)"], standardInput: { [] })
        let read = report.objects.map { InventoryObject($0.object, location: $0.location(of: "apiVersion")) }
        var namespaces: Set<String> = []
        var migration = SmallShop.migration()
        migration.waves = []
        migration.routes = []
        migration.unassignedNamespaces = .platform
        for _ in 0..<6 {
            let made = namespaces.sorted().map {
                InventoryObject(KubeObject(GroupVersionKind(apiVersion: "v1", kind: "Namespace"), name: $0))
            }
            var input = SmallShop.input([], migration: migration)
            input.blue = Inventory(
                cluster: SmallShop.cluster, takenAt: "2026-01-02T03:04:05Z", objects: read + made)
            do {
                let planned = try Planner.plan(input)
                #expect(planned.plan.accounting.addsUp)
                #expect(planned.plan.accounting.read == read.count + made.count)
                let folder = try TemporaryFolder()
                try PlanFile.write(planned, to: folder.path)
                #expect(try PlanFile.read(folder.path).objects == planned.objects)
                return
            } catch let error as PlanningError {
                settle(error, in: &migration, creating: &namespaces, read: read)
            }
        }
        Issue.record("the problems of \(name) do not come to an end")
    }

    /// What a person would do after reading the error.
    private func settle(
        _ error: PlanningError, in migration: inout Migration, creating namespaces: inout Set<String>,
        read: [InventoryObject]
    ) {
        for problem in error.problems {
            switch error.code {
            case .unservable, .collisions:
                guard let object = problem.object else { continue }
                migration.decisions.append(
                    ObjectDecision(
                        select: ObjectSelector(kind: object.kind, namespace: object.namespace, name: object.name),
                        decision: .skip, reason: "a test"))
            case .unacknowledged:
                let hazard = problem.message.prefix { $0 != ":" }
                migration.acknowledge.append(Acknowledgement(hazard: String(hazard), reason: "a test"))
            case .unassigned:
                namespaces.formUnion(read.compactMap(\.object.namespace))
            case .migration, .clusters, .digestKey: Issue.record("\(error)")
            }
        }
    }
}
