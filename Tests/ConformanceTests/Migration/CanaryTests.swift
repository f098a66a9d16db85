import FoundationEssentials
import KubeAPI
import Manifests
import Planning
import Testing

/// No credential and no Secret shows anywhere: they are put where every command meets them, and looked for in all that
/// it prints and leaves behind.
extension RealMigrationTests {
    @Test func `no command shows a credential or leaves one behind, whether it succeeds or fails`() async throws {
        let shop = try await RealShop()
        let canaries =
            try shop.useCanaries() + [
                "canary-of-the-shop", Data("canary-of-the-shop".utf8).base64EncodedString(),
            ]
        var gates: [String] = []
        var said: [(command: String, exit: RealShop.Exit)] = []
        func run(_ arguments: [String], expecting codes: [Int32]) async throws {
            let exit = try await shop.kirikae(arguments)
            #expect(codes.contains(exit.code), "\(arguments): \(exit)")
            said.append((arguments.joined(separator: " "), exit))
        }
        let migration = "\(shop.folder)/migration.yaml"
        try await run(["check", "--context", "real-blue", "--to", "1.25"], expecting: [0, 1])
        try await run(["check", "--context", "real-blue", "--to", "1.25", "-o", "json"], expecting: [0, 1])
        try await run(["inventory", "--context", "real-blue", "--out", "\(shop.home)/inventory"], expecting: [0])
        try await run(["plan", "-f", migration], expecting: [0])
        for (_, step) in try PlanFile.read(shop.folder).plan.steps {
            if case .gate = step.action { gates.append(step.id) }
        }
        try await run(["rbac", "blue", shop.folder], expecting: [0])
        try await run(["drill", shop.folder], expecting: [0, 1])
        try await run(["apply", shop.folder, "--yes"], expecting: [0, 4])
        try await run(["status"], expecting: [0, 4])
        try await run(["resume", "--yes"] + gates.flatMap { ["--auto-approve", $0] }, expecting: [0, 2])
        try await run(["runs", "list"], expecting: [0])
        try await run(["journal", "verify"], expecting: [0])
        try await run(["journal", "show"], expecting: [0])
        try await run(["rollback", "--to", "start", "--yes"], expecting: [8])
        // What fails says more than what succeeds.
        for trouble in RealShop.Trouble.allCases {
            let file = try shop.kubeconfig(with: trouble)
            for command in [["inventory", "--out", "\(shop.home)/none"], ["check", "--to", "1.25"]] {
                try await run(command + ["--kubeconfig", file, "--context", "real-blue"], expecting: [2, 11])
            }
        }
        for (command, exit) in said {
            for canary in canaries {
                #expect(!exit.output.contains(canary) && !exit.error.contains(canary), "kirikae \(command)")
            }
        }
        for (path, mode, bytes) in try shop.leftBehind() {
            let text = String(decoding: bytes, as: UTF8.self)
            for canary in canaries { #expect(!text.contains(canary), "\(path)") }
            if path.hasPrefix(shop.home + "/state/") { #expect(mode & 0o077 == 0, "\(path) may be read by others") }
        }
        try await shop.remove()
    }
}

extension RealShop {
    /// What can be wrong with a connection.
    enum Trouble: String, CaseIterable {
        case unknownAuthority
        case wrongToken
        case nobodyThere
        case pluginFails
        case pluginLies
        case wrongHost
    }

    /// Blue by a plugin, green by a token; returns what must not show.
    func useCanaries() throws -> [String] {
        let tokens = try ["BLUE", "GREEN"].map { try token(Started.folder($0)) }
        try writePlugin("plugin", answer: Self.answer(tokens[0]))
        let users = [Self.plugin("\(home)/plugin"), "{token: \(tokens[1])}"]
        try writeKubeconfig("canaries", users: users)
        kubeconfigs = ["\(home)/canaries"]
        return tokens + ["canary-in-the-environment", "canary-in-the-arguments"]
    }

    /// A kubeconfig whose blue does not work, with the canaries in it.
    func kubeconfig(with trouble: Trouble) throws -> String {
        let token = try token(Started.folder("BLUE"))
        var user = "{token: \(token)}"
        var change: (String) -> String = { $0 }
        switch trouble {
        case .unknownAuthority: change = { $0.replacing("certificate-authority-data: ", with: "x-unused: ") }
        case .wrongToken: user = "{token: \(token)x}"
        case .nobodyThere: change = { $0.replacing("https://127.0.0.1:", with: "https://127.0.0.1:1/") }
        case .wrongHost: change = { $0.replacing("{server: ", with: "{tls-server-name: elsewhere.example, server: ") }
        case .pluginFails:
            try writePlugin("fails", answer: "\(token)\nexit 3")
            user = Self.plugin("\(home)/fails")
        case .pluginLies:
            try writePlugin("lies", answer: "{\"kind\":\"Token\",\"status\":{\"token\":\"\(token)\"}}")
            user = Self.plugin("\(home)/lies")
        }
        try writeKubeconfig(trouble.rawValue, users: [user, user], change)
        return "\(home)/\(trouble.rawValue)"
    }

    /// Every file below the operator's home with its mode, but for those that hold the canaries on purpose.
    func leftBehind() throws -> [(path: String, mode: Int, bytes: [UInt8])] {
        let own = Set(["canaries", "plugin", "fails", "lies"] + Trouble.allCases.map(\.rawValue))
        return try FileManager.default.subpathsOfDirectory(atPath: home).filter { !own.contains($0) }.compactMap {
            name in
            let path = "\(home)/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let bytes =
                attributes[.type] as? FileAttributeType == .typeDirectory
                ? [] : [UInt8](try Data(contentsOf: URL(filePath: path)))
            return (path, attributes[.posixPermissions] as? Int ?? 0, bytes)
        }
    }

    private func token(_ folder: String?) throws -> String {
        let folder = try #require(folder)
        let text = String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/kubeconfig-token")), as: UTF8.self)
        let after = try #require(text.split(separator: "token: ", maxSplits: 1).last)
        return String(after.prefix { $0.isLetter || $0.isNumber })
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
        try Data(change(text).utf8).write(to: URL(filePath: "\(home)/\(name)"))
    }

    private func writePlugin(_ name: String, answer: String) throws {
        let script =
            "#!/bin/sh\ncat <<END\n\(answer.split(separator: "\n")[0])\nEND\n"
            + answer.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
        let made = FileManager.default.createFile(
            atPath: "\(home)/\(name)", contents: Data(script.utf8), attributes: [.posixPermissions: 0o700])
        #expect(made)
    }

    private static func answer(_ token: String) -> String {
        "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"\(token)\"}}"
    }

    private static func plugin(_ path: String) -> String {
        "{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: '\(path)', "
            + "args: [canary-in-the-arguments], env: [{name: SECRET, value: canary-in-the-environment}]}}"
    }
}
