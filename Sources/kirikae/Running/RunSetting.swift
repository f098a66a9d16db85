import Execution
import FoundationEssentials
import KubeAPI
import Manifests
import Planning
import Routing

/// Everything that a command needs to work on one run: the plan, both clusters, the routes, the ports.
struct RunSetting {
    let document: PlanDocument
    let store: FileRunStore
    let runner: Runner
    let observer: ConsoleObserver
    private let signals: SignalCounter

    /// Lets `kirikae pause` from another terminal stop this process.
    func listenForPause() {
        _ = store.takePauseRequest(document.plan.name)
        PauseRequests.listen(store, migration: document.plan.name, signals)
    }

    /// For a plan in a folder that is to be begun.
    static func begin(
        _ folder: String, pair: PairOptions, state: StateOptions, key: ImageKeyOptions, mirror: String?,
        hooks: HookOptions, approver: any Approver
    ) throws -> RunSetting {
        let origin = PlanFolder.Origin(
            folder: PlanFolder.absolute(folder), kubeconfig: pair.kubeconfig.map(PlanFolder.absolute),
            blueContext: pair.blueContext, greenContext: pair.greenContext,
            mirror: try mirror.map { try MirrorLocation($0).description })
        let (key, keepKey) = try key.forNewRun(state)
        return try make(
            try PlanFolder.read(folder, origin: origin), origin, state: state, key: key, keepKey: keepKey,
            hooks: hooks, approver: approver, needsGreen: true)
    }

    /// For a run that was begun.
    static func reopen(
        _ run: StoredRun, pair: PairOptions, state: StateOptions, key: ImageKeyOptions, mirror: String? = nil,
        hooks: HookOptions? = nil, approver: any Approver
    ) throws -> RunSetting {
        if let problem = run.problem { throw RunFailure.failure(problem) }
        let store = try state.store()
        let files: PlanFiles
        do { files = try store.plan(of: run.id) } catch { throw RunFailure.failure(error) }
        var origin = try PlanFolder.origin(in: files)
        if let kubeconfig = pair.kubeconfig { origin.kubeconfig = PlanFolder.absolute(kubeconfig) }
        origin.blueContext = pair.blueContext ?? origin.blueContext
        origin.greenContext = pair.greenContext ?? origin.greenContext
        if let mirror { origin.mirror = try MirrorLocation(mirror).description }
        let document = try PlanFolder.read(store.folder(of: run.id) + "/plan", origin: origin)
        return try make(
            document, origin, state: state, key: try key.forAnyRun(state), hooks: hooks, approver: approver,
            needsGreen: false)
    }

    /// The back ends of the plan's routes.
    static func routers(_ plan: Plan, folder: String) throws -> [String: any Router] {
        var routers: [String: any Router] = [:]
        for route in plan.routes {
            do {
                routers[route.name] = try RouterRegistry.router(
                    kind: route.backend, settings: route.settings, ports: RouterAccess.ports(folder: folder))
            } catch {
                throw CommandFailure(
                    .usage, "route \(route.name): \(error.message)",
                    next: "Correct the route in the migration file and plan again.")
            }
        }
        return routers
    }

    /// Green's client.
    ///
    /// Where a way back may be at stake, a context that is gone from the kubeconfig, or a certificate that cannot be
    /// read, counts like a green that does not answer: what needs it says so, and what does not goes on.
    static func green(_ context: String, _ kubeconfig: String?, isNeeded: Bool) throws -> KubeClient {
        do { return try ClusterAccess.open(context, kubeconfig: kubeconfig).client } catch let failure as CommandFailure
            where !isNeeded
        {
            Console().message("warning: green cannot be reached: \(failure.message)")
            return KubeClient(transport: NoTransport(reason: failure.message), cluster: context)
        }
    }

    /// The key of the digests over Secrets; preflight warns when there is none.
    ///
    /// No way back needs it: there a damaged one is only told of.
    private static func digestKey(_ plan: Plan, _ state: StateOptions, isNeeded: Bool) throws -> DigestKey? {
        do { return try DigestKey.named(plan.inputs.digestKey, stateDirectory: state.stateDir) } catch let failure
            as CommandFailure where !isNeeded
        {
            Console().message("warning: \(failure.message)")
            return nil
        }
    }

    /// Where the run is mirrored: as the command line says, or else the plan.
    ///
    /// Where a way back may be at stake, one that cannot be spoken to counts like one that does not answer.
    private static func mirror(
        _ plan: Plan, _ origin: PlanFolder.Origin, isNeeded: Bool
    ) throws -> (any MirrorStore)? {
        let contexts: [Side: String] = [
            .blue: origin.blueContext ?? plan.blue.name, .green: origin.greenContext ?? plan.green.name,
        ]
        let planned = plan.mirror.map { MirrorLocation($0, folder: origin.folder, contexts: contexts) }
        guard let location = try origin.mirror.map({ try MirrorLocation($0) }) ?? planned else { return nil }
        do { return try location.store(kubeconfig: origin.kubeconfig) } catch let failure as CommandFailure
            where !isNeeded
        {
            return MirrorOutOfReach(place: location.description, reason: failure.message)
        }
    }

    private static func make(
        _ document: PlanDocument, _ origin: PlanFolder.Origin, state: StateOptions, key: ImageKey?,
        keepKey: (@Sendable () throws(JournalError) -> Void)? = nil, hooks: HookOptions?, approver: any Approver,
        needsGreen: Bool
    ) throws -> RunSetting {
        let plan = document.plan
        let blue = try ClusterAccess.open(origin.blueContext ?? plan.blue.name, kubeconfig: origin.kubeconfig)
        let green = try green(origin.greenContext ?? plan.green.name, origin.kubeconfig, isNeeded: needsGreen)
        let store = try state.store()
        try StateDirectory.make(store.root)
        let console = Console()
        let observer = ConsoleObserver(console: console)
        let signals = ProcessSignals.install()
        var ports = RunPorts(
            store: store, blue: blue.client, green: green, migration: plan.name,
            routers: try routers(plan, folder: origin.folder), signals: signals, approver: approver,
            observer: observer, actor: Operator.name, place: PlanFolder.absolute(store.root),
            digestKey: try digestKey(plan, state, isNeeded: needsGreen)?.bytes)
        ports.imageKey = key
        ports.keepImageKey = keepKey
        ports.hookRunner = HookPrograms(folder: origin.folder)
        ports.hooks = try hooks?.hooks(over: plan.on) ?? plan.on ?? MigrationHooks()
        ports.prober = HTTPProber(web: RouterAccess.web)
        ports.mirror = try mirror(plan, origin, isNeeded: needsGreen)
        if let digests = ports.digestKey {
            ports.mirroredBeside[FromStoreOptions.digestKeyName] = KeyFile.text(digests)
        }
        return RunSetting(
            document: document, store: store, runner: Runner(ports: ports, tool: Tool.version), observer: observer,
            signals: signals)
    }
}
