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
        let green = try await shop.content(.green)
        let canaries = try await shop.useCanaries()
        var called: Set<String> = []
        func run(_ calls: [CommandCall]) async throws {
            for call in calls {
                let exit = try await shop.kirikae(call.words)
                #expect(call.mayEnd(with: exit.code), "\(call.words): \(exit)")
                for canary in canaries where "\(exit.output)\(exit.error)".contains(canary.text) {
                    Issue.record("kirikae \(call.words.joined(separator: " ")) shows \(canary.name)")
                }
                called.insert(call.words.prefix { !$0.hasPrefix("-") && !$0.hasPrefix("/") }.joined(separator: " "))
            }
        }
        func trouble(_ commands: [[String]]) async throws {
            for trouble in RealShop.Trouble.allCases {
                let file = try shop.kubeconfig(with: trouble)
                try await run(commands.map { CommandCall($0 + ["--kubeconfig", file], fails: true) })
            }
        }
        let calls = CommandCalls(shop)
        try await run(calls.before)
        let gates = try PlanFile.read(shop.folder).plan.steps.compactMap { _, step in
            if case .gate = step.action { step.id } else { nil }
        }
        try await run([CommandCall(["apply", shop.folder, "--yes"], [4])])
        try await run(calls.looking)
        // Nobody works on it, and nobody holds it.
        try await run([
            CommandCall(["pause"], [2]), CommandCall(["lock", "release", "--side", "green", "--yes"], [0, 2]),
        ])
        // What fails says more than what succeeds.
        try await trouble(calls.asking + [["resume", "--yes"]])
        let approvals = gates.flatMap { ["--auto-approve", $0] }
        try await run([
            CommandCall(["approve", "--yes"], [0]), CommandCall(["watch", "--yes"] + approvals, [0]),
        ])
        try await run(calls.looking)
        try await trouble([["rollback", "--to", "start", "--yes"]])
        try await run([
            CommandCall(["rollback", "--to", "start", "--dry-run"], [0]),
            CommandCall(["rollback", "--to", "start", "--yes"], [8]),
            CommandCall(["apply", shop.folder, "--yes"], [4]),
            CommandCall(["abandon", "--reason", "tried", "--yes"], [0]),
        ])
        try await run(calls.looking)

        let all = try await shop.commands()
        let untried = all.filter { command in !called.contains { $0 == command || $0.hasPrefix(command + " ") } }
        #expect(untried.isEmpty, "nobody looked for canaries in these commands")
        try shop.expectNoneLeftBehind(canaries)
        // Whoever asks for the data gets it: the search finds what is there.
        let secrets = try shop.text("secret-inventory/objects.jsonl")
        #expect(canaries.contains { secrets.contains($0.text) })
        try await shop.remove(alsoFromGreenWhatIsNotIn: green)
    }

    @Test func `a run that crashes shows no credential and leaves none behind`() async throws {
        let shop = try await RealShop()
        let green = try await shop.content(.green)
        let canaries = try await shop.useCanaries()
        _ = try await shop.plan()
        // In the midst of its requests, whatever they are at that time.
        var crashes = 0
        for moment in [400, 900, 1_500] {
            let words = moment == 400 ? ["apply", shop.folder, "--yes"] : ["resume", "--yes"]
            let end = try await shop.crash(words, after: .milliseconds(moment))
            if end.hasCrashed { crashes += 1 }
            for canary in canaries { #expect(!end.text.contains(canary.text), "\(canary.name)") }
            try shop.expectNoneLeftBehind(canaries)
        }
        #expect(crashes > 0)
        _ = try await shop.kirikae(["rollback", "--to", "start", "--yes"])
        try await shop.remove(alsoFromGreenWhatIsNotIn: green)
    }
}

/// Something that must not show.
struct Canary {
    var name: String
    var text: String
}

extension RealShop {
    /// Looks through every file below the operator's home, but for those that hold the canaries on purpose.
    func expectNoneLeftBehind(_ canaries: [Canary]) throws {
        for name in try FileManager.default.subpathsOfDirectory(atPath: home) where !name.hasPrefix("own") {
            let path = "\(home)/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let mode = attributes[.posixPermissions] as? Int ?? 0
            let isOurs = name.hasPrefix("state") || name.hasPrefix("secret-inventory")
            if isOurs { #expect(mode & 0o077 == 0, "\(name) may be read by others: \(String(mode, radix: 8))") }
            guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
            if name.hasPrefix("secret-inventory") { continue }
            let text = try self.text(name)
            for canary in canaries where text.contains(canary.text) { Issue.record("\(name) holds \(canary.name)") }
        }
    }

    /// What a file below the operator's home holds.
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(home)/\(name)")), as: UTF8.self)
    }

    /// Takes the shop away, and everything on green that was not there before.
    func remove(alsoFromGreenWhatIsNotIn before: [ObjectReference: JSONValue]) async throws {
        try await remove()
        let discovery = try await green.discover()
        for object in try await content(.green).keys where before[object] == nil {
            guard let resource = discovery.resources(for: object.kind).first else { continue }
            _ = try? await green.delete(resource, namespace: object.namespace, name: object.name)
        }
    }

    /// Every command that `kirikae --help` leads to: `check`, `catalog show`.
    func commands() async throws -> [String] {
        let help = try JSONValue(parsing: Array(try await kirikae(["--experimental-dump-help"]).output.utf8))
        func leaves(_ command: JSONValue, _ words: [String]) -> [String] {
            let inner = (command["subcommands"]?.array ?? []).filter { $0["commandName"] != "help" }
            if inner.isEmpty { return [words.joined(separator: " ")] }
            return inner.flatMap { leaves($0, words + [$0["commandName"]?.string ?? "?"]) }
        }
        return leaves(help["command"] ?? .null, [])
    }
}
