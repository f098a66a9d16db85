import ArgumentParser

/// The program: an embedded Kubernetes API server behind a loopback socket.
@main
struct KirikaeSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kirikae-sim",
        abstract: "A simulated Kubernetes API server on a loopback socket, for kubectl and for tests.",
        subcommands: [Serve.self])
}
