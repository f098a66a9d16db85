public import Manifests

/// What people decide about one migration: the content of `migration.yaml`, kept in Git and reviewed there.
///
/// Everything that can be derived from the inventory stays out of it. An example with every field stands in
/// `docs/schema/migration.example.yaml`, the JSON Schema beside it.
///
///     apiVersion: kirikae.dev/v1
///     kind: Migration
///     name: shop
///     blue: {inventory: inventory}
///     green: {name: shop-green, version: "1.36"}
///     waves:
///       - {name: backend, namespaces: [orders, stock]}
///       - {name: front, namespaces: [web], dependsOn: [backend]}
///     routes:
///       - {name: shop, wave: front, backend: file, settings: {path: routes.json, route: shop}, steps: [1, 10, 50, 100]}
public struct Migration: Sendable, Hashable, Codable {
    /// Written in every migration file.
    public static let apiVersion = "kirikae.dev/v1"
    /// Written in every migration file.
    public static let kind = "Migration"

    /// A DNS label; names the plan, the runs, the leases and the label on green's objects.
    public var name: String
    /// Today's cluster.
    public var blue: BlueSource
    /// The cluster at the new version.
    public var green: GreenTarget
    /// The application waves, each with its namespaces.
    ///
    /// The platform wave comes first and is not listed.
    public var waves: [MigrationWave]
    /// The splits of traffic, each owned by one wave.
    public var routes: [MigrationRoute]
    /// What happens with namespaces that no wave names.
    public var unassignedNamespaces: UnassignedNamespaces
    /// Overrides of how workloads are classified.
    public var classify: [Classification]
    /// Overrides of what becomes of objects.
    public var decisions: [ObjectDecision]
    /// Hazards that were understood and accepted, each with the reason.
    public var acknowledge: [Acknowledgement]
    /// Seconds to wait for objects to become ready.
    public var readyTimeout: Int
    /// Where runs are mirrored, so that they can go on on another machine; nil for nowhere.
    public var mirror: MirrorPlace?
    /// Programs that are told how runs of this migration stand; nil for none.
    public var on: MigrationHooks?

    /// The name of the wave that holds what all others share.
    public static let platformWave = "platform"

    public init(
        name: String, blue: BlueSource, green: GreenTarget, waves: [MigrationWave] = [],
        routes: [MigrationRoute] = [], unassignedNamespaces: UnassignedNamespaces = .error,
        classify: [Classification] = [], decisions: [ObjectDecision] = [], acknowledge: [Acknowledgement] = [],
        readyTimeout: Int = 600, mirror: MirrorPlace? = nil, on: MigrationHooks? = nil
    ) {
        self.name = name
        self.blue = blue
        self.green = green
        self.waves = waves
        self.routes = routes
        self.unassignedNamespaces = unassignedNamespaces
        self.classify = classify
        self.decisions = decisions
        self.acknowledge = acknowledge
        self.readyTimeout = readyTimeout
        self.mirror = mirror
        self.on = on
    }

    private enum CodingKeys: String, CodingKey {
        case name, blue, green, waves, routes, unassignedNamespaces, classify, decisions, acknowledge, readyTimeout
        case mirror, on
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            blue: try container.decode(BlueSource.self, forKey: .blue),
            green: try container.decode(GreenTarget.self, forKey: .green),
            waves: try container.decodeIfPresent([MigrationWave].self, forKey: .waves) ?? [],
            routes: try container.decodeIfPresent([MigrationRoute].self, forKey: .routes) ?? [],
            unassignedNamespaces: try container.decodeIfPresent(
                UnassignedNamespaces.self, forKey: .unassignedNamespaces) ?? .error,
            classify: try container.decodeIfPresent([Classification].self, forKey: .classify) ?? [],
            decisions: try container.decodeIfPresent([ObjectDecision].self, forKey: .decisions) ?? [],
            acknowledge: try container.decodeIfPresent([Acknowledgement].self, forKey: .acknowledge) ?? [],
            readyTimeout: try container.decodeIfPresent(Int.self, forKey: .readyTimeout) ?? 600,
            mirror: try container.decodeIfPresent(MirrorPlace.self, forKey: .mirror),
            on: try container.decodeIfPresent(MigrationHooks.self, forKey: .on))
    }
}

/// Where today's cluster is read from: a kubeconfig context or an inventory folder.
///
/// One of the two.
public struct BlueSource: Sendable, Hashable, Codable {
    /// A kubeconfig context.
    public var context: String?
    /// A folder as `kirikae inventory` writes it, relative to the migration file.
    public var inventory: String?

    public init(context: String? = nil, inventory: String? = nil) {
        self.context = context
        self.inventory = inventory
    }
}

/// The cluster to move to.
///
/// With a context it is asked; without one the plan can be drilled but not applied.
public struct GreenTarget: Sendable, Hashable, Codable {
    /// How people call it while it has no context; with one, the context names it.
    public var name: String?
    /// The minor version to plan for.
    public var version: KubernetesVersion
    /// A kubeconfig context.
    public var context: String?

    public init(name: String? = nil, version: KubernetesVersion, context: String? = nil) {
        self.name = name
        self.version = version
        self.context = context
    }
}

/// One application or tenant that is switched, and taken back, as a whole.
public struct MigrationWave: Sendable, Hashable, Codable {
    /// A DNS label, unique, not `platform`.
    public var name: String
    /// Its namespaces; each belongs to one wave only.
    public var namespaces: [String]
    /// Waves that must be done before; rolling one of them back rolls this one back too.
    public var dependsOn: [String]
    /// Left out: one manual gate before the cutover.
    ///
    /// An empty list: none, unless something is held behind it.
    public var gates: [MigrationGate]?

    public init(name: String, namespaces: [String], dependsOn: [String] = [], gates: [MigrationGate]? = nil) {
        self.name = name
        self.namespaces = namespaces
        self.dependsOn = dependsOn
        self.gates = gates
    }

    private enum CodingKeys: String, CodingKey { case name, namespaces, dependsOn, gates }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            namespaces: try container.decode([String].self, forKey: .namespaces),
            dependsOn: try container.decodeIfPresent([String].self, forKey: .dependsOn) ?? [],
            gates: try container.decodeIfPresent([MigrationGate].self, forKey: .gates))
    }
}

/// A step that waits, and where.
public struct MigrationGate: Sendable, Hashable, Codable {
    /// What it waits for.
    public var gate: Gate.Kind
    /// Where it stands; before the cutover when left out.
    public var before: Place?
    /// What whoever approves is told.
    public var message: String?
    /// For `soak` and `probe`: how long.
    public var seconds: Int?
    /// For `probe`: what is measured, and what is good enough.
    public var probe: GateProbe?
    /// For `probe`: what a bad measurement leads to; `halt` when left out.
    public var onFailure: Gate.OnFailure?
    /// It does not open before this moment; RFC 3339.
    public var notBefore: String?
    /// It opens only at these times of the week.
    public var window: GateWindow?
    /// For `manual` and `twoPerson`: seconds between the last approval and the opening.
    public var leadTime: Int?

    /// Where in its wave a gate stands.
    public enum Place: String, Sendable, Hashable, WrittenChoice {
        /// Once, before anything is taken from blue.
        case cutover
        /// Before each change of weights but the first.
        case traffic
        /// Once, before the wave counts as done.
        case done
    }

    public init(
        gate: Gate.Kind, before: Place? = nil, message: String? = nil, seconds: Int? = nil, probe: GateProbe? = nil,
        onFailure: Gate.OnFailure? = nil, notBefore: String? = nil, window: GateWindow? = nil, leadTime: Int? = nil
    ) {
        self.gate = gate
        self.before = before
        self.message = message
        self.seconds = seconds
        self.probe = probe
        self.onFailure = onFailure
        self.notBefore = notBefore
        self.window = window
        self.leadTime = leadTime
    }
}

/// One split of traffic.
public struct MigrationRoute: Sendable, Hashable, Codable {
    /// A DNS label, unique.
    public var name: String
    /// The wave whose traffic it carries.
    public var wave: String
    /// A kind in ``RouterRegistry``.
    public var backend: String
    /// The back end's settings, without credentials.
    ///
    /// Relative paths are relative to the plan's folder.
    public var settings: JSONValue
    /// Green's share in percent, ascending, ending at 100; `[1, 10, 50, 100]` when left out.
    public var steps: [Int]?

    public init(name: String, wave: String, backend: String, settings: JSONValue, steps: [Int]? = nil) {
        self.name = name
        self.wave = wave
        self.backend = backend
        self.settings = settings
        self.steps = steps
    }

    /// Green's shares, the default filled in.
    public var shares: [Int] { steps ?? [1, 10, 50, 100] }
}

/// What happens with namespaces that no wave names.
public enum UnassignedNamespaces: String, Sendable, Hashable, WrittenChoice {
    /// Planning fails and lists them.
    case error
    /// They belong to the platform wave.
    case platform
}
