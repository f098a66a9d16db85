import ArgumentParser

/// How a command finds a cluster: kubectl's own flags.
struct ClusterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The kubeconfig file; $KUBECONFIG or ~/.kube/config otherwise.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig context; the current one otherwise.", valueName: "name"))
    var context: String?
}
