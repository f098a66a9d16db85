import FoundationEssentials
import KubeAPI
import Manifests
import Subprocess
import SystemPackage
import Testing

extension RealShop {
    /// What can be wrong with a connection.
    enum Trouble: String, CaseIterable {
        case unknownAuthority
        case wrongToken
        case wrongPassword
        case wrongKey
        case brokenKey
        case tokenIsNoText
        case lineIsNotClosed
        case nobodyThere
        case wrongHost
        case proxyRefuses
        case pluginFails
        case pluginLies
    }

    /// Blue by a plugin, green by a token, Secrets where commands meet them; returns what must not show.
    func useCanaries() async throws -> [Canary] {
        try FileManager.default.createDirectory(atPath: "\(home)/own/manifests", withIntermediateDirectories: true)
        let manifest = String(decoding: try Data(contentsOf: URL(filePath: Self.manifest)), as: UTF8.self)
        try Data(manifest.replacing("SHOP", with: namespace).utf8).write(
            to: URL(filePath: "\(home)/own/manifests/shop.yaml"))
        try await keepRelease()
        try await rememberApplied()
        let tokens = try ["BLUE", "GREEN"].map { try token(Started.folder($0)) }
        try writePlugin("plugin", answer: Self.answer(tokens[0]))
        try writeKubeconfig("canaries", users: [plugin("plugin"), "{token: \(tokens[1])}"])
        kubeconfigs = ["\(home)/own/canaries"]
        let key = try pair().key
        let word = "canary-of-the-shop"
        return [
            Canary(name: "blue's token", text: tokens[0]), Canary(name: "green's token", text: tokens[1]),
            Canary(name: "a plugin's variable", text: "canary-in-the-environment"),
            Canary(name: "a plugin's argument", text: "canary-in-the-arguments"),
            Canary(name: "a password", text: "canary-of-a-password"),
            Canary(
                name: "a password as it is sent", text: Data("somebody:canary-of-a-password".utf8).base64EncodedString()
            ),
            Canary(name: "a proxy's password", text: "canary-of-the-proxy"),
            Canary(name: "a line of a client key", text: key.split(separator: "\n")[3].description),
            Canary(name: "a client key", text: String(Data(key.utf8).base64EncodedString().dropFirst(200).prefix(60))),
            Canary(name: "Secret data", text: word),
            Canary(name: "Secret data, encoded", text: Data(word.utf8).base64EncodedString()),
        ]
    }

    /// A kubeconfig whose blue does not work, with the canaries in it.
    func kubeconfig(with trouble: Trouble) throws -> String {
        let token = try token(Started.folder("BLUE"))
        let pair = try pair()
        let certificate = Data(pair.certificate.utf8).base64EncodedString()
        var user = "{token: \(token)}"
        var change: (String) -> String = { $0 }
        switch trouble {
        case .unknownAuthority: change = { $0.replacing("certificate-authority-data: ", with: "x-unused: ") }
        case .wrongToken: user = "{token: \(token)x}"
        case .wrongPassword: user = "{username: somebody, password: canary-of-a-password}"
        case .wrongKey:
            let other = try Data(
                contentsOf: URL(filePath: "\(try #require(Started.folder("BLUE")))/pki/controllers.crt"))
            user =
                "{client-certificate-data: \(other.base64EncodedString()), "
                + "client-key-data: \(Data(pair.key.utf8).base64EncodedString())}"
        case .brokenKey:
            let broken = pair.key.split(separator: "\n").enumerated().filter { $0.offset != 5 }.map {
                "\($0.element)\n"
            }
            user =
                "{client-certificate-data: \(certificate), "
                + "client-key-data: \(Data(broken.joined().utf8).base64EncodedString())}"
        case .tokenIsNoText: user = "{token: [\(token)]}"
        case .lineIsNotClosed: user = "{token: \"\(token)}"
        case .nobodyThere: change = { $0.replacing("https://127.0.0.1:", with: "https://127.0.0.1:1/") }
        case .wrongHost: change = { $0.replacing("{server: ", with: "{tls-server-name: elsewhere.example, server: ") }
        case .proxyRefuses:
            change = {
                $0.replacing(
                    "{server: ", with: "{proxy-url: 'http://somebody:canary-of-the-proxy@127.0.0.1:1', server: ")
            }
        case .pluginFails:
            try writePlugin("fails", answer: "\(token)\nexit 3")
            user = plugin("fails")
        case .pluginLies:
            try writePlugin("lies", answer: "{\"kind\":\"Token\",\"status\":{\"token\":\"\(token)\"}}")
            user = plugin("lies")
        }
        try writeKubeconfig(trouble.rawValue, users: [user, user], change)
        return "\(home)/own/\(trouble.rawValue)"
    }

    private func token(_ folder: String?) throws -> String {
        let folder = try #require(folder)
        let text = String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/kubeconfig-token")), as: UTF8.self)
        let after = try #require(text.split(separator: "token: ", maxSplits: 1).last)
        return String(after.prefix { $0.isLetter || $0.isNumber })
    }

    /// Blue's administrator by certificate.
    private func pair() throws -> (certificate: String, key: String) {
        let folder = try #require(Started.folder("BLUE"))
        let texts = try ["crt", "key"].map {
            String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/pki/admin.\($0)")), as: UTF8.self)
        }
        return (texts[0], texts[1])
    }

    /// A release as Helm keeps it: its manifest holds a Secret.
    private func keepRelease() async throws {
        let pack =
            "python3 '\(Self.project)/scripts/pack-helm-release' web \(namespace) 1 deployed < \(home)/own/manifests/shop.yaml"
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", pack], input: .none, output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        try #require(result.terminationStatus == .exited(0), "\(result.standardError)")
        let report = ManifestLoader().load(bytes: Array(result.standardOutput.utf8), file: "release.yaml")
        _ = try await blue.create(try #require(report.objects.first).object, as: .secrets)
    }

    /// A Secret as `kubectl apply` leaves it: an annotation repeats its data.
    private func rememberApplied() async throws {
        let name = "kubectl.kubernetes.io/last-applied-configuration"
        _ = try await blue.patch(
            .merge([
                "metadata": ["annotations": .object([name: #"{"stringData":{"password":"canary-of-the-shop"}}"#])]
            ]), namespace: namespace, name: "credentials", as: .secrets)
    }

    private func writeKubeconfig(_ name: String, users: [String], _ change: (String) -> String = { $0 }) throws {
        var clusters = ""
        for (index, side) in ["BLUE", "GREEN"].enumerated() {
            let folder = try #require(Started.folder(side))
            let connection = try Kubeconfig.load(path: "\(folder)/kubeconfig", environment: [:]).connection()
            let authority = Data(connection.tls.certificateAuthority ?? []).base64EncodedString()
            clusters += """
                - name: cluster-\(index)
                  cluster: {server: '\(connection.server)', certificate-authority-data: \(authority)}

                """
        }
        let text = """
            apiVersion: v1
            kind: Config
            clusters:
            \(clusters)users:
            - {name: user-0, user: \(users[0])}
            - {name: user-1, user: \(users[1])}
            contexts:
            - {name: real-blue, context: {cluster: cluster-0, user: user-0}}
            - {name: real-green, context: {cluster: cluster-1, user: user-1}}
            """
        try Data(change(text).utf8).write(to: URL(filePath: "\(home)/own/\(name)"))
    }

    private func writePlugin(_ name: String, answer: String) throws {
        let script =
            "#!/bin/sh\ncat <<END\n\(answer.split(separator: "\n")[0])\nEND\n"
            + answer.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
        let made = FileManager.default.createFile(
            atPath: "\(home)/own/\(name)", contents: Data(script.utf8), attributes: [.posixPermissions: 0o700])
        #expect(made)
    }

    private static func answer(_ token: String) -> String {
        "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"\(token)\"}}"
    }

    private func plugin(_ name: String) -> String {
        "{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: '\(home)/own/\(name)', "
            + "args: [canary-in-the-arguments], env: [{name: SECRET, value: canary-in-the-environment}]}}"
    }
}
