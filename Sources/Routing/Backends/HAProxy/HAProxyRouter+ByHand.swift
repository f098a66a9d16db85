import Manifests

extension HAProxyRouter {
    /// The commands for a person without kirikae.
    static func byHand(settings: JSONValue, weights: Weights) -> String? {
        guard let router = try? HAProxyRouter(settings: settings, ports: RouterPorts(folder: "")),
            let commands = try? router.plan(weights), let socket = settings["socket"]?.string
        else { return nil }
        let place = socket.contains("/") ? "UNIX-CONNECT:\(socket)" : "TCP:\(socket)"
        // On the way back blue rises first.
        let ordered = weights.green == 0 ? commands.reversed() : commands
        return """
            printf '%s\\n' \(ShellWord.quoted(ordered.joined(separator: ";"))) | socat - \(ShellWord.quoted(place))
            printf 'show servers state \(router.proxy)\\n' | socat - \(ShellWord.quoted(place))
            """
    }
}
