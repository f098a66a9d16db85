import ArgumentParser

/// The form of a result on standard output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text
    case json
}

/// `-o`, on every command that has a result.
struct OutputOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .long], help: "Form of the result: text or json.")
    var output: OutputFormat = .text
}

extension KubernetesVersionArgument: ExpressibleByArgument {
    init?(argument: String) {
        guard let version = Self(argument) else { return nil }
        self = version
    }
}
