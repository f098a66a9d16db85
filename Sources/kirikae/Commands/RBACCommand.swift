import ArgumentParser
import Execution
import KubeAPI
import Manifests
import Planning

/// `kirikae rbac`.
struct RBACCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rbac",
        abstract: "Print the rights that a migration needs on a side, as roles and bindings.",
        discussion: """
            Without a plan: what any migration may need there. With one: what this plan changes, and nothing else. \
            Reading is asked for whole on both sides, Secrets included, because what cannot be read cannot be copied. \
            The result is for kubectl apply -f - by somebody who may grant it.
            """)

    /// Which cluster.
    enum ChosenSide: String, ExpressibleByArgument, CaseIterable {
        case blue
        case green

        var side: Side { self == .blue ? .blue : .green }
    }

    @Argument(help: "Which cluster the rights are for.") var side: ChosenSide

    @Argument(help: ArgumentHelp("The folder of a plan.", valueName: "plan")) var plan: String?

    @Option(
        help: ArgumentHelp(
            "To whom: a service account, which is made too where it is the default one.", valueName: "namespace/name"))
    var serviceAccount: String?

    @Option(help: ArgumentHelp("To whom: a user.", valueName: "name")) var user: String?

    @Option(help: ArgumentHelp("To whom: a group.", valueName: "name")) var group: String?

    func validate() throws {
        if [serviceAccount, user, group].compactMap(\.self).count > 1 {
            throw ValidationError("Name one of --service-account, --user and --group.")
        }
        if let serviceAccount, serviceAccount.split(separator: "/", omittingEmptySubsequences: false).count != 2 {
            throw ValidationError("--service-account wants NAMESPACE/NAME.")
        }
    }

    func run() async throws {
        var leaseName: String?
        var changing = PlanRights.changing(side: side.side)
        if let plan {
            let document = try PlanFolder.read(plan)
            changing = PlanRights.changing(document.plan, document.objects, side: side.side)
            leaseName = RunPorts.leaseName(document.plan.name)
        }
        let name = "kirikae-\(side.rawValue)"
        let subject = subject
        var documents: [JSONValue] = []
        if serviceAccount == nil, user == nil, group == nil {
            documents.append([
                "apiVersion": "v1", "kind": "ServiceAccount",
                "metadata": ["name": "kirikae", "namespace": .string(RunPorts.leaseNamespace)],
            ])
        }
        documents += Self.role(
            name, namespace: nil, rules: [PlanRights.reading] + changing, subject: subject)
        documents += Self.role(
            name, namespace: RunPorts.leaseNamespace, rules: PlanRights.lease(named: leaseName), subject: subject)
        Console().result(
            documents.map { YAML.text($0, keyOrder: Self.keyOrder) }.joined(separator: "---\n"))
    }

    private var subject: JSONValue {
        let api: JSONValue = "rbac.authorization.k8s.io"
        if let user { return ["kind": "User", "name": .string(user), "apiGroup": api] }
        if let group { return ["kind": "Group", "name": .string(group), "apiGroup": api] }
        let words = (serviceAccount ?? "\(RunPorts.leaseNamespace)/kirikae").split(separator: "/").map(String.init)
        return ["kind": "ServiceAccount", "name": .string(words[1]), "namespace": .string(words[0])]
    }

    private static let keyOrder = [
        "apiVersion", "kind", "metadata", "name", "namespace", "apiGroup", "roleRef", "subjects", "rules", "apiGroups",
        "resources", "resourceNames", "verbs",
    ]

    private static func role(
        _ name: String, namespace: String?, rules: [AccessRule], subject: JSONValue
    ) -> [JSONValue] {
        let kind = namespace == nil ? "ClusterRole" : "Role"
        var metadata: JSONObject = ["name": .string(name)]
        metadata["namespace"] = namespace.map(JSONValue.string)
        return [
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": .object(metadata),
                "rules": .array(rules.map(\.json)),
            ],
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string("\(kind)Binding"),
                "metadata": .object(metadata),
                "roleRef": [
                    "apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(name),
                ],
                "subjects": [subject],
            ],
        ]
    }
}
