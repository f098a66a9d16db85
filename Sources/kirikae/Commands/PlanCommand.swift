import ArgumentParser
import Catalog
import Findings
import FoundationEssentials
import KubeAPI
import Manifests
import Planning

/// `kirikae plan`.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Write the plan of a migration: what will be done, in which order, and how to get back.",
        discussion: """
            Blue and green come from the migration file, from inventories, or live from kubeconfig contexts. Writes \
            plan.yaml, objects.jsonl, WAY-BACK.md and the inventory into --out. Nothing is changed in any cluster.

            A plan made without a live green can be drilled, but not applied.
            """)

    @Option(name: [.customShort("f"), .long], help: ArgumentHelp("The migration file.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The folder to write; the migration file's own otherwise.", valueName: "dir"))
    var out: String?

    @Option(help: ArgumentHelp("The kubeconfig file; $KUBECONFIG or ~/.kube/config otherwise.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("Read blue live from this context.", valueName: "name"))
    var blueContext: String?

    @Option(help: ArgumentHelp("Read blue from this inventory folder.", valueName: "dir"))
    var blueInventory: String?

    @Option(help: ArgumentHelp("Read green live from this context.", valueName: "name"))
    var greenContext: String?

    @OptionGroup var overlays: CatalogOverlayOptions
    @OptionGroup var format: OutputOptions

    func run() async throws {
        let catalog = try overlays.combined()
        let file = try MigrationSource.read(file)
        var migration = file.migration
        if let blueContext { migration.blue = BlueSource(context: blueContext) }
        if let blueInventory { migration.blue = BlueSource(inventory: blueInventory) }
        if let greenContext { migration.green.context = greenContext }
        let folder = out ?? MigrationSource.folder(of: self.file)
        let key = try DigestKey.own()
        let blue = try await blue(migration, catalog, key: key)
        let target = try await target(migration, catalog)
        let planned: PlannedMigration
        do {
            planned = try Planner.plan(
                PlanningInput(
                    migration: migration, migrationDigest: file.digest, blue: blue, target: target,
                    catalog: catalog, digestKey: key.bytes, digestKeyID: blue.digestKeyID ?? key.id,
                    tool: Tool.version))
        } catch {
            throw CommandFailure(error.code == .collisions ? .refused : .usage, error.description)
        }
        let digest: Digest
        do {
            digest = try PlanFile.write(planned, to: folder)
            if migration.blue.inventory.map({ Self.resolved($0, self.file) }) != "\(folder)/inventory" {
                try blue.write(to: "\(folder)/inventory")
            }
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        let console = Console()
        for sentence in migration.unmatched(in: blue.objects.map(\.object), hazards: planned.plan.hazards) {
            console.message("\(console.paint("warning:", .yellow)) \(self.file): \(sentence)")
        }
        switch format.output {
        case .json:
            console.result(
                JSONValue.object([
                    "plan": .string(planned.plan.name), "digest": .string(digest.description),
                    "folder": .string(folder),
                    "accounting": try PlanSummary.accounting(planned.plan.accounting),
                ]).indentedText)
        case .text: console.result(PlanSummary.text(planned.plan, digest: digest, folder: folder))
        }
    }

    private func blue(_ migration: Migration, _ catalog: Catalog, key: DigestKey) async throws -> Inventory {
        if let path = migration.blue.inventory {
            return try InventoryFolder.read(blueInventory ?? Self.resolved(path, file))
        }
        guard let context = migration.blue.context else {
            throw CommandFailure(
                .usage, "\(file): blue names neither a context nor an inventory",
                next: "Add blue.context or blue.inventory, or pass --blue-context or --blue-inventory.")
        }
        let inventory = try await ClusterAccess.open(context, kubeconfig: kubeconfig)
            .inventory(target: migration.green.version, catalog: catalog, secrets: .redacted(key: key.bytes))
        guard inventory.notSeen.isEmpty else {
            throw CommandFailure(
                .notEverythingRead,
                "blue could not be read whole:\n" + inventory.notSeen.map { "  \($0)" }.joined(separator: "\n"),
                next: "A plan must not leave out what it cannot see: give these rights, then plan again.")
        }
        return inventory
    }

    private func target(_ migration: Migration, _ catalog: Catalog) async throws -> TargetCapabilities {
        guard let context = migration.green.context else {
            let name = migration.green.name ?? "green"
            let version = migration.green.version
            guard catalog.covers(version) else {
                throw CommandFailure(
                    .usage,
                    "green.version \(version) lies outside the catalog "
                        + "(\(catalog.oldest) to \(catalog.newest))",
                    next: "Name a live green with --green-context, or a version that is known.")
            }
            return TargetCapabilities(
                identity: ClusterIdentity(name: name, uid: nil, version: version, apis: nil), catalog: catalog)
        }
        let access = try ClusterAccess.open(context, kubeconfig: kubeconfig)
        do {
            let version = try await access.client.serverVersion().version
            let uid = try await access.client.clusterUID()
            let discovery = try await access.client.discover()
            let existing = try await access.inventory(
                target: nil, secrets: .redacted(key: try DigestKey.own().bytes))
            return TargetCapabilities(
                identity: ClusterIdentity(
                    name: context, uid: uid, version: version,
                    apis: Planner.apisDigest(discovery.groupVersions)),
                served: discovery.resources.filter { $0.verbs.contains("create") && $0.verbs.contains("list") }.map {
                    .init(gvk: $0.gvk, resource: $0.plural, namespaced: $0.namespaced)
                },
                existing: existing.objects.map(\.object))
        } catch let error as KubeError {
            throw ClusterAccess.failure(error, context)
        }
    }

    /// A path in the migration file, seen from where the command runs.
    private static func resolved(_ path: String, _ file: String) -> String {
        path.hasPrefix("/") ? path : "\(MigrationSource.folder(of: file))/\(path)"
    }
}
