public import KubeAPI
public import Planning
public import Routing

/// Everything a run touches outside itself.
///
/// Production, drills and tests differ in these only.
public struct RunPorts: Sendable {
    public var store: any RunStore
    public var blue: any ClusterAPI
    public var green: any ClusterAPI
    /// The cluster locks; a side without one is not locked.
    public var leases: [Side: LeaseClient]
    /// By route name.
    public var routers: [String: any Router]
    public var clock: any RunClock
    public var random: any RandomSource
    public var signals: any SignalSource
    public var approver: any Approver
    public var observer: any RunObserver
    /// Asks what gates measure.
    public var prober: any Prober = NoProber()
    /// `user@host#pid`.
    public var actor: String
    /// Names the folder of state on this machine.
    ///
    /// A lock left by a dead process of the same place is taken at once: the local lock proves that it is dead.
    public var place: String
    /// The key of the digests over Secret data; without it staleness of Secrets cannot be judged.
    public var digestKey: [UInt8]?
    /// Seals before-images of Secrets.
    ///
    /// Without one they are kept in clear, which is for rehearsals only.
    public var imageKey: ImageKey?
    /// Puts the image key where the next command finds it, right before a run begins; a run that is refused leaves
    /// nothing behind.
    public var keepImageKey: (@Sendable () throws(JournalError) -> Void)?
    /// Starts the plan's hooks, and those of the command line over them; nil for none.
    public var hookRunner: (any HookRunner)?
    public var hooks = MigrationHooks()
    /// Where the run is mirrored, sealed with ``imageKey``; nil for nowhere.
    public var mirror: (any MirrorStore)?
    /// What the mirror holds beside the plan's files, such as the key of the digests.
    public var mirroredBeside: [String: [UInt8]] = [:]
    /// Whether both clusters are simulated.
    ///
    /// Only then may a plan run that was made before green existed.
    public var isRehearsal = false
    /// Whether calls that might go on at once are carried out one by one, in an order drawn with ``random``.
    ///
    /// A seed then replays a run exactly, whatever the scheduler does.
    public var worksInTurn = false

    public init(
        store: any RunStore, blue: any ClusterAPI, green: any ClusterAPI, leases: [Side: LeaseClient] = [:],
        routers: [String: any Router], clock: any RunClock = SystemClock(), random: any RandomSource = SystemRandom(),
        signals: any SignalSource = SignalCounter(), approver: any Approver,
        observer: any RunObserver = SilentObserver(), actor: String, place: String, digestKey: [UInt8]? = nil
    ) {
        self.store = store
        self.blue = blue
        self.green = green
        self.leases = leases
        self.routers = routers
        self.clock = clock
        self.random = random
        self.signals = signals
        self.approver = approver
        self.observer = observer
        self.actor = actor
        self.place = place
        self.digestKey = digestKey
    }

    /// Ports over two clients, with a Lease `kirikae-<migration>` in `kube-system` of both.
    public init(
        store: any RunStore, blue: KubeClient, green: KubeClient, migration: String, routers: [String: any Router],
        clock: any RunClock = SystemClock(), random: any RandomSource = SystemRandom(),
        signals: any SignalSource = SignalCounter(), approver: any Approver,
        observer: any RunObserver = SilentObserver(), actor: String, place: String, digestKey: [UInt8]? = nil
    ) {
        self.init(
            store: store, blue: KubeCluster(blue), green: KubeCluster(green),
            leases: [
                .blue: LeaseClient(
                    client: blue, namespace: Self.leaseNamespace, name: Self.leaseName(migration)),
                .green: LeaseClient(
                    client: green, namespace: Self.leaseNamespace, name: Self.leaseName(migration)),
            ], routers: routers, clock: clock, random: random, signals: signals, approver: approver,
            observer: observer, actor: actor, place: place, digestKey: digestKey)
    }

    /// Where the Leases live.
    public static let leaseNamespace = "kube-system"
    /// What they are called.
    public static func leaseName(_ migration: String) -> String { "kirikae-\(migration)" }

    func cluster(_ side: Side) -> any ClusterAPI { side == .blue ? blue : green }
}
