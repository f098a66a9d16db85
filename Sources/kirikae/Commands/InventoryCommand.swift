import ArgumentParser
import Findings
import FoundationEssentials
import Manifests

/// `kirikae inventory`.
struct InventoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory",
        abstract: "Write down what a cluster holds, for checks, plans and drills without it.",
        discussion: """
            Secrets are kept as keyed digests, so that an inventory can stand in Git; the key stays in the state \
            directory. What the credentials may not read is listed as not seen, and the exit code is 3 then.

            Objects go to disk as they come, so that a large cluster needs no large memory. A reading that was \
            interrupted goes on with --resume: kinds that were read whole are not read again.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: ArgumentHelp("The folder to write; made if missing.", valueName: "dir"))
    var out: String

    @Option(
        help: ArgumentHelp(
            "Read each kind at a version that this minor serves too, where there is one.", valueName: "version"))
    var to: KubernetesVersionArgument?

    @Flag(help: "Keep Secret data as it is. The inventory is then a secret itself.")
    var withSecretData = false

    @Flag(help: "Go on where an interrupted reading into the same folder stopped.")
    var resume = false

    func run() async throws {
        let access = try ClusterAccess.open(cluster.context, options: cluster)
        let secrets: SecretHandling = withSecretData ? .whole : .redacted(key: try DigestKey.own().bytes)
        let record = try await access.record(target: to?.version, secrets: secrets, into: out, resuming: resume)
        let console = Console()
        if withSecretData {
            try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: out)
            console.message("Secret data stands in \(out) in clear; keep it out of Git.")
        }
        let cluster = record.cluster
        console.result(
            "\(record.count) objects of \(cluster.name) (Kubernetes \(cluster.version)) written to \(out)")
        guard record.notSeen.isEmpty else {
            for line in record.notSeen { console.message("not seen: \(line)") }
            throw ExitStatus.notEverythingRead.exitCode
        }
    }
}
