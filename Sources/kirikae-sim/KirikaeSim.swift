import ArgumentParser

@main
struct KirikaeSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "An embedded Kubernetes API server on a loopback socket.")
}
