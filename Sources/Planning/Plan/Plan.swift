public import Manifests
import Routing

/// The immutable document that says what a migration will do, in which order, and how to get back.
///
/// `plan.yaml` holds this value; the per-object detail stands in `objects.jsonl` beside it, bound by digest
/// (``PlannedObject``). Nothing in either is a secret. The same inputs give the same bytes: every time in it comes
/// from the inventory's `takenAt`; when a run began stands in the journal.
public struct Plan: Sendable, Hashable, Codable {
    /// The format this tool writes.
    ///
    /// A reader refuses newer ones and reads every older one.
    public static let currentFormat = 1

    public var format: Int
    /// A DNS label; names runs, leases and files.
    public var name: String
    /// The version of kirikae that made the plan.
    public var tool: String
    /// When the inventory was taken, RFC 3339 in UTC.
    public var takenAt: String
    public var inputs: PlanInputs
    public var blue: ClusterIdentity
    public var green: ClusterIdentity
    public var accounting: Accounting
    public var hazards: [PlannedHazard]
    public var routes: [Route]
    /// In an order in which they can run; the first is the platform wave.
    public var waves: [Wave]
    /// The rollback table: after each checkpoint, what runs where and how to return.
    public var wayBack: [WayBackEntry]
    /// Where runs are mirrored; nil for nowhere.
    public var mirror: MirrorPlace?
    /// Programs that are told how a run stands; nil for none.
    public var on: MigrationHooks?

    public init(
        name: String, tool: String, takenAt: String, inputs: PlanInputs, blue: ClusterIdentity,
        green: ClusterIdentity, accounting: Accounting, hazards: [PlannedHazard], routes: [Route], waves: [Wave],
        wayBack: [WayBackEntry]
    ) {
        format = Self.currentFormat
        self.name = name
        self.tool = tool
        self.takenAt = takenAt
        self.inputs = inputs
        self.blue = blue
        self.green = green
        self.accounting = accounting
        self.hazards = hazards
        self.routes = routes
        self.waves = waves
        self.wayBack = wayBack
    }

    /// All steps in plan order, each with the wave it stands in.
    public var steps: [(wave: Wave, step: Step)] {
        waves.flatMap { wave in wave.steps.map { (wave: wave, step: $0) } }
    }
}

/// What the plan was made from.
public struct PlanInputs: Sendable, Hashable, Codable {
    public var inventory: Digest
    public var migration: Digest
    public var catalog: Digest
    public var objects: ObjectsFile
    /// Names the key behind the keyed digests over Secret data.
    ///
    /// The key itself never stands in a plan.
    public var digestKey: String?

    public init(inventory: Digest, migration: Digest, catalog: Digest, objects: ObjectsFile, digestKey: String?) {
        self.inventory = inventory
        self.migration = migration
        self.catalog = catalog
        self.objects = objects
        self.digestKey = digestKey
    }

    /// The file of ``PlannedObject`` lines.
    public struct ObjectsFile: Sendable, Hashable, Codable {
        /// A name beside the plan, without a folder.
        public var file: String
        public var count: Int
        /// Over the file's bytes.
        public var digest: Digest

        public init(file: String, count: Int, digest: Digest) {
            self.file = file
            self.count = count
            self.digest = digest
        }
    }
}

/// What makes a cluster that cluster.
///
/// Two clusters are the same when the UIDs of their `kube-system` namespaces are.
public struct ClusterIdentity: Sendable, Hashable, Codable {
    /// How people call it: the kubeconfig context or the inventory's name.
    public var name: String
    /// UID of the namespace `kube-system`.
    ///
    /// Nil only for a green that did not exist when the plan was made; such a plan can be drilled but not applied.
    public var uid: String?
    public var version: KubernetesVersion
    /// Over the sorted list of served `group/version`s.
    ///
    /// Nil where it was not known.
    public var apis: Digest?

    public init(name: String, uid: String?, version: KubernetesVersion, apis: Digest?) {
        self.name = name
        self.uid = uid
        self.version = version
        self.apis = apis
    }
}

/// Which of the two clusters.
public enum Side: String, Sendable, Hashable, Codable, CaseIterable {
    case blue
    case green
}

/// Counts that add up: `read == copied + converted + held + Σ skipped`.
public struct Accounting: Sendable, Hashable, Codable {
    public var read: Int
    public var copied: Int
    public var converted: Int
    public var held: Int
    /// By reason code.
    public var skipped: [String: Int]

    public init(read: Int, copied: Int, converted: Int, held: Int, skipped: [String: Int]) {
        self.read = read
        self.copied = copied
        self.converted = converted
        self.held = held
        self.skipped = skipped
    }

    /// Whether every object read is accounted for.
    public var addsUp: Bool { read == copied + converted + held + skipped.values.reduce(0, +) }
}

/// A hazard of two clusters side by side, as the plan answers it.
public struct PlannedHazard: Sendable, Hashable, Codable {
    /// Stable, such as `cronjob-runs-twice`.
    public var id: String
    public var object: ObjectReference?
    public var message: String
    public var answer: Answer
    /// The inserted step, or the reason given in the migration file for going on.
    public var detail: String?

    /// What the plan does about it.
    public enum Answer: String, Sendable, Hashable, Codable {
        case inserts
        case informs
        case acknowledged
    }

    public init(id: String, object: ObjectReference?, message: String, answer: Answer, detail: String?) {
        self.id = id
        self.object = object
        self.message = message
        self.answer = answer
        self.detail = detail
    }
}

/// One split of traffic, owned by one wave.
public struct Route: Sendable, Hashable, Codable {
    public var name: String
    /// A ``Router`` kind.
    public var backend: String
    /// The back end's settings, without credentials.
    public var settings: JSONValue
    public var wave: String

    public init(name: String, backend: String, settings: JSONValue, wave: String) {
        self.name = name
        self.backend = backend
        self.settings = settings
        self.wave = wave
    }
}

/// Steps that belong to one application or tenant, or to the platform they share.
public struct Wave: Sendable, Hashable, Codable {
    public var name: String
    public var namespaces: [String]
    /// Waves that must be done before this one begins.
    ///
    /// Rolling one of them back rolls this one back too.
    public var dependsOn: [String]
    public var steps: [Step]

    public init(name: String, namespaces: [String], dependsOn: [String], steps: [Step]) {
        self.name = name
        self.namespaces = namespaces
        self.dependsOn = dependsOn
        self.steps = steps
    }
}

/// One row of the rollback table.
public struct WayBackEntry: Sendable, Hashable, Codable {
    public var checkpoint: String
    public var wave: String
    /// What runs where once the checkpoint is reached, in a sentence.
    public var state: String
    /// What `rollback --to` this checkpoint undoes when everything after it was done, in order of undoing.
    public var undoes: [String]
    /// What cannot be brought back, empty when nothing is lost.
    public var notRestored: [String]

    public init(checkpoint: String, wave: String, state: String, undoes: [String], notRestored: [String]) {
        self.checkpoint = checkpoint
        self.wave = wave
        self.state = state
        self.undoes = undoes
        self.notRestored = notRestored
    }
}
