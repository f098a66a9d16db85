import ArgumentParser

@main
struct Kirikae: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Blue-green Kubernetes cluster migration.")
}
