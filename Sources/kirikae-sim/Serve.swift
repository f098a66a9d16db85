import ArgumentParser
import FlyingFox
import FoundationEssentials
import Manifests
import SimCluster

/// `kirikae-sim serve`: one simulated cluster until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve one simulated cluster on 127.0.0.1 until SIGTERM or SIGINT.",
        discussion: """
            Plain http, no authentication, listening on 127.0.0.1 only: not for anything but tests and drills. Nothing \
            is kept when it ends, unless --keep names a file. Virtual time follows real time: Deployments and their like become ready after two \
            seconds, or as their annotations kirikae.dev/sim-ready-after and kirikae.dev/sim-never-ready say.

            No schemas are served yet: with kubectl 1.26 and older, `kubectl apply` and `create` need \
            --validate=false.
            """)

    @Option(help: "The Kubernetes minor version to be, such as 1.36.")
    var version: String

    @Option(help: "A name for the cluster, used in the kubeconfig. Default: the inventory's, or `sim`.")
    var name: String?

    @Option(help: "Begin with the objects of an inventory (a directory), or of any manifests.")
    var from: String?

    @Option(help: "Write a kubeconfig for this server to that file.")
    var kubeconfigOut: String?

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(help: "The uid of namespace kube-system, by which a cluster is known. Default: the inventory's.")
    var uid: String?

    @Option(
        help: "Decides all uids and generated names, together with the requests; follows from the name otherwise.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Keep every change there, and begin with what it holds: a cluster that outlives kill -9. The other options "
                + "must be the same.", valueName: "file"))
    var keep: String?

    @Flag(help: "End when standard input is closed, so that the server does not outlive what started it.")
    var untilInputCloses = false

    /// Checks what the types of the options cannot say.
    func validate() throws {
        guard let version = KubernetesVersion(version), version.major == 1, version.minor >= 11 else {
            throw ValidationError("--version wants a Kubernetes minor such as 1.36, not \(self.version)")
        }
    }

    /// Two servers are two clusters: with one seed for all names they would share an identity.
    private static func seed(of name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    func run() async throws {
        guard let minor = KubernetesVersion(version) else { throw ExitCode.validationFailure }
        let seedObjects = try from.map(SeedInventory.init(reading:))
        let name = name ?? seedObjects?.clusterName ?? "sim"
        let log = try keep.map(RequestLog.init)
        var world = SimWorld(
            version: minor, name: name, uid: uid ?? seedObjects?.clusterUID, seed: seed ?? Self.seed(of: name),
            now: log?.began ?? WallClock.seconds)
        if let seedObjects {
            for problem in world.load(seedObjects.objects) {
                StandardStream.error.write("kirikae-sim: not loaded: \(problem)")
            }
        }
        if let log {
            if log.began == nil { log.begin(at: world.now) }
            log.replay(on: &world)
        }
        let transport = SimTransport(world, clock: { WallClock.seconds })
        let listener = SimListener(transport: transport, port: port, log: log)
        let stop = StopSignals()
        if untilInputCloses { stop.watchInput() }
        try await listener.run(until: stop) { boundPort in
            let server = "http://127.0.0.1:\(boundPort)"
            if let kubeconfigOut {
                try KubeconfigFile(clusterName: name, server: server).write(to: kubeconfigOut)
            }
            StandardStream.output.write(
                "kirikae-sim: \(name) serves Kubernetes v\(minor) at \(server) with \(world.objects.count) objects")
        }
    }
}
