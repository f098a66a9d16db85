public import Catalog
public import Conversion
public import Findings
public import Manifests

/// Everything a plan is made from.
///
/// The same input gives the same bytes, whatever the order in which objects were read.
public struct PlanningInput: Sendable {
    public var migration: Migration
    /// Over the migration file's canonical JSON.
    public var migrationDigest: Digest
    public var blue: Inventory
    public var target: TargetCapabilities
    public var catalog: Catalog
    public var conversions: ConversionRegistry
    /// The key of the digests over Secret data; needed unless every Secret is redacted already.
    public var digestKey: [UInt8]?
    /// Names the key; the inventory's own name for it when left out.
    public var digestKeyID: String?
    /// The version of kirikae.
    public var tool: String

    public init(
        migration: Migration, migrationDigest: Digest, blue: Inventory, target: TargetCapabilities,
        catalog: Catalog = .builtIn, conversions: ConversionRegistry = .builtIn, digestKey: [UInt8]? = nil,
        digestKeyID: String? = nil, tool: String
    ) {
        self.migration = migration
        self.migrationDigest = migrationDigest
        self.blue = blue
        self.target = target
        self.catalog = catalog
        self.conversions = conversions
        self.digestKey = digestKey
        self.digestKeyID = digestKeyID ?? blue.digestKeyID
        self.tool = tool
    }
}

/// A plan with everything that is written beside it.
public struct PlannedMigration: Sendable, Hashable {
    public var plan: Plan
    /// In the order in which they stand in `objects.jsonl`: by reference.
    public var objects: [PlannedObject]
    /// The text of `WAY-BACK.md`.
    public var wayBack: String

    public init(plan: Plan, objects: [PlannedObject], wayBack: String) {
        self.plan = plan
        self.objects = objects
        self.wayBack = wayBack
    }
}
