public import Manifests
import Programs

/// A credential plugin as a kubeconfig names it (`users[].user.exec`): a program that prints an `ExecCredential`.
///
/// Plain data; ``PluginCredential`` runs it.
public struct ExecPlugin: Sendable, Hashable {
    /// When the plugin may talk to the person at the terminal.
    public enum InteractiveMode: String, Sendable, Hashable {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    /// The user's name in the kubeconfig, for messages.
    public var user: String
    /// `client.authentication.k8s.io/v1` or `…/v1beta1`: the form in which the two talk.
    public var apiVersion: String
    /// A name to look for in `PATH`, or a path; a relative one counts from the kubeconfig's folder.
    public var command: String
    /// What the command is given.
    public var arguments: [String]
    /// What the plugin's environment has besides ours; the last one of a name wins.
    public var environment: [Variable]
    /// What to do when the program is not there, in the words of whoever wrote the kubeconfig.
    public var installHint: String?
    /// When it may ask.
    public var interactiveMode: InteractiveMode
    /// What the plugin is told about the cluster (`spec.cluster`); nil when it asked for nothing.
    public var clusterInfo: JSONValue?

    /// One variable of the plugin's environment.
    public struct Variable: Sendable, Hashable {
        public var name: String
        public var value: String

        /// A variable with this value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A plugin with these parts.
    public init(
        user: String, apiVersion: String, command: String, arguments: [String] = [], environment: [Variable] = [],
        installHint: String? = nil, interactiveMode: InteractiveMode = .ifAvailable, clusterInfo: JSONValue? = nil
    ) {
        self.user = user
        self.apiVersion = apiVersion
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.installHint = installHint
        self.interactiveMode = interactiveMode
        self.clusterInfo = clusterInfo
    }

    /// The two forms that plugins speak; v1alpha1 went away in 1.24.
    static let apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    /// The program with its whole environment.
    ///
    /// It gets the environment that we were started in, as with kubectl, for that is where `HOME`, `PATH`,
    /// `AWS_PROFILE` and proxies stand; over it its own `env`; and over both what we tell it. Two things it does not
    /// get: our own settings (`KIRIKAE_…`), and a `KUBERNETES_EXEC_INFO` meant for somebody else.
    func call(inheriting: [String: String], isInteractive: Bool) -> ProgramCall {
        var environment = inheriting.filter { !$0.key.hasPrefix("KIRIKAE_") }
        for variable in self.environment { environment[variable.name] = variable.value }
        var spec: JSONObject = ["interactive": .bool(isInteractive)]
        spec["cluster"] = clusterInfo
        let info: JSONValue = [
            "apiVersion": .string(apiVersion), "kind": "ExecCredential", "spec": .object(spec),
        ]
        environment["KUBERNETES_EXEC_INFO"] = String(decoding: info.canonicalBytes, as: UTF8.self)
        return ProgramCall(
            [command] + arguments, environment: .only(environment), input: isInteractive ? .ours : .bytes([]),
            messages: .shown)
    }

    /// A person needs time for a login page; a program alone that takes a minute hangs.
    static func limit(isInteractive: Bool) -> Duration { isInteractive ? .seconds(600) : .seconds(60) }
}

extension ExecPlugin: CustomStringConvertible, CustomReflectable {
    public var description: String { "the credential plugin \(command) of user \"\(user)\"" }

    // Arguments and variables hold client secrets now and then.
    public var customMirror: Mirror { Mirror(self, children: ["command": command, "user": user]) }
}
