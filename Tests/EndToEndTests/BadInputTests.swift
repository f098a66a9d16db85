import FoundationEssentials
import Glibc
import Manifests
import Planning
import Testing

/// What a mistake is answered with: a message that names the place and what to do, its code of the table, and nothing
/// written anywhere.
@Suite("Bad input", .timeLimit(.minutes(15)))
struct BadInputTests {
    /// One mistake and its answer.
    struct Mistake: CustomStringConvertible {
        var description: String
        var arguments: [String]
        var code: Int32
        /// What the message names.
        var says: [String]
    }

    @Test("Every mistake before a run has its message and its code, and changes nothing")
    func mistakes() async throws {
        let shop = try await Shop()
        _ = try await shop.plan()
        let other = try await Cluster("other", version: "1.36", seed: 77, folder: shop.home)
        let migration = "\(shop.migration)/migration.yaml"
        let text = try Files.read(migration)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try Files.write(text.replacing("name: front", with: "name: {front"), to: "\(shop.home)/broken.yaml")
        try Files.write(
            String(lines.dropLast(12).joined(separator: "\n")) + "\n  - hazard: \"podsec",
            to:
                "\(shop.home)/cut.yaml")
        try Files.write(text.replacing("context: shop-blue", with: "context: nowhere"), to: "\(shop.home)/nowhere.yaml")
        try Files.write(text.replacing("steps: [", with: "stepz: ["), to: "\(shop.home)/field.yaml")
        try Files.write("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n", to: "\(shop.home)/cut-manifest.yaml")
        try Files.write(
            try Files.read(shop.green.kubeconfig).replacing("127.0.0.1:", with: "127.0.0.1:1#").cut("#"),
            to: "\(shop.home)/dead.kubeconfig")
        try Files.write("apiVersion: v1\nkind: Config\nclusters: [{", to: "\(shop.home)/cut.kubeconfig")
        for (name, file, old, new) in [
            ("edited-plan", "plan.yaml", "name: front", "name: fronts"),
            ("edited-objects", "objects.jsonl", "shop-critical", "shop-kritical"),
        ] {
            try Files.copy(shop.migration, to: "\(shop.home)/\(name)")
            let path = "\(shop.home)/\(name)/\(file)"
            try Files.write(try Files.read(path).replacing(old, with: new), to: path)
        }
        let plan = shop.migration
        let table: [Mistake] = [
            Mistake(
                description: "broken YAML", arguments: ["plan", "-f", "\(shop.home)/broken.yaml"], code: 2,
                says: ["broken.yaml:"]),
            Mistake(
                description: "truncated YAML", arguments: ["plan", "-f", "\(shop.home)/cut.yaml"], code: 2,
                says: ["cut.yaml:"]),
            Mistake(
                description: "an unknown field", arguments: ["plan", "-f", "\(shop.home)/field.yaml"], code: 2,
                says: ["field.yaml:", "stepz"]),
            Mistake(
                description: "no such migration file", arguments: ["plan", "-f", "\(shop.home)/none.yaml"], code: 2,
                says: ["none.yaml"]),
            Mistake(
                description: "a truncated manifest",
                arguments: ["check", "\(shop.home)/cut-manifest.yaml", "--to", "1.36", "--parse-all"], code: 3,
                says: ["cut-manifest.yaml:"]),
            Mistake(
                description: "a kubeconfig without the context",
                arguments: ["plan", "-f", "\(shop.home)/nowhere.yaml"],
                code: 2, says: ["nowhere", "kubectl config get-contexts"]),
            Mistake(
                description: "a truncated kubeconfig",
                arguments: ["plan", "-f", migration, "--kubeconfig", "\(shop.home)/cut.kubeconfig"], code: 2,
                says: ["cut.kubeconfig"]),
            Mistake(
                description: "no such kubeconfig",
                arguments: ["plan", "-f", migration, "--kubeconfig", "\(shop.home)/none.kubeconfig"], code: 2,
                says: ["none.kubeconfig"]),
            Mistake(
                description: "a server that cannot be reached",
                arguments: [
                    "inventory", "--kubeconfig", "\(shop.home)/dead.kubeconfig", "--out", "\(shop.home)/out",
                ], code: 11, says: ["shop-green", "kubectl --context shop-green"]),
            Mistake(
                description: "a plan edited by hand", arguments: ["apply", "\(shop.home)/edited-plan", "--yes"],
                code: 2,
                says: ["edited-plan/plan.yaml", "kirikae plan"]),
            Mistake(
                description: "objects edited by hand", arguments: ["apply", "\(shop.home)/edited-objects", "--yes"],
                code: 2, says: ["edited-objects/objects.jsonl", "kirikae plan"]),
            Mistake(
                description: "no plan in the folder", arguments: ["apply", "\(shop.home)/none", "--yes"], code: 2,
                says: ["none/plan.yaml"]),
            Mistake(
                description: "a plan of another pair of clusters",
                arguments: ["apply", plan, "--yes", "--green-context", "other"], code: 10,
                says: ["[wrong-cluster]", "green"]),
            Mistake(
                description: "swapped clusters",
                arguments: [
                    "apply", plan, "--yes", "--blue-context", "shop-green", "--green-context", "shop-blue",
                ], code: 10, says: ["[swapped-clusters]", "--blue-context"]),
            Mistake(
                description: "one cluster for both",
                arguments: ["apply", plan, "--yes", "--green-context", "shop-blue"], code: 10,
                says: ["[same-cluster]"]),
            Mistake(
                description: "nobody to confirm", arguments: ["apply", plan], code: 2, says: ["--yes"]),
            Mistake(
                description: "no run to resume", arguments: ["resume", "--yes"], code: 2, says: ["kirikae apply"]),
            Mistake(
                description: "an unknown flag", arguments: ["apply", plan, "--force"], code: 2, says: ["--force"]),
            Mistake(
                description: "an unknown command", arguments: ["aply"], code: 2, says: ["aply"]),
            Mistake(
                description: "a version outside the catalog", arguments: ["check", shop.home, "--to", "1.99"], code: 2,
                says: ["1.99"]),
        ]
        let kubeconfigs = "\(shop.blue.kubeconfig):\(shop.green.kubeconfig):\(other.kubeconfig)"
        let blue = try await shop.blue.content()
        let green = try await shop.green.content()
        let others = try await other.content()
        for mistake in table {
            let before = Self.written(shop)
            let exit = try await shop.start(
                mistake.arguments, environment: ["KUBECONFIG": kubeconfigs]
            ).end()
            let after = Self.written(shop)
            #expect(exit.code == mistake.code, "\(mistake): \(exit)")
            let message = exit.error + exit.output
            for text in mistake.says { #expect(message.contains(text), "\(mistake) does not say '\(text)': \(exit)") }
            // Folders for runs and locks may come into being; what matters is that no run did.
            let written = Set(after.keys).symmetricDifference(before.keys).union(
                before.keys.filter { after[$0] != before[$0] }
            )
            .filter { !["state/locks", "state/runs", "state/locks/shop.lock"].contains($0) }
            #expect(written.isEmpty, "\(mistake) wrote \(written.sorted())")
        }
        try await shop.blue.expectContent(blue)
        try await shop.green.expectContent(green)
        try await other.expectContent(others)
    }

    /// Every file of a shop, but for what the simulators and this test's own programs write.
    static func written(_ shop: Shop) -> [String: Data] {
        Files.snapshot(shop.home).filter { name, _ in
            !["kirikae-", "sim-"].contains { name.hasPrefix($0) } && !name.hasSuffix(".keep")
        }
    }

    @Test("A plan is begun once; a second apply tells how to go on, while the run is open and when it is done")
    func secondApply() async throws {
        let shop = try await Shop()
        let plan = try await shop.plan().plan
        let first = try await shop.kirikae("apply", shop.migration, "--yes", gates: plan.gates("platform"))
        #expect(first.code == 4, "\(first)")
        let open = try await shop.kirikae("apply", shop.migration, "--yes", gates: plan.gates())
        #expect(open.code == 7, "\(open)")
        #expect(open.error.contains("kirikae resume"), "\(open)")
        #expect(try shop.shares() == ["storefront": 0, "orders": 0])

        let end = try await shop.kirikae("resume", "--yes", gates: plan.gates())
        #expect(end.code == 0, "\(end)")
        let blue = try await shop.blue.declared()
        let nowhere = try await shop.kirikae("rollback", "--yes", "--to", "nowhere")
        #expect(nowhere.code == 2 && nowhere.error.contains("error: run "), "\(nowhere)")
        let done = try await shop.kirikae("apply", shop.migration, "--yes", gates: plan.gates())
        #expect(done.code == 7, "\(done)")
        try await shop.blue.expectDeclared(blue)
    }

    @Test(
        "A full disk stops a run before its next effect; with room again it goes on to the end",
        .enabled(if: SmallDisk.isPossible, "only root can mount a disk that is small enough to fill"))
    func fullDisk() async throws {
        let shop = try await Shop()
        let plan = try await shop.plan().plan
        let disk = try SmallDisk("\(shop.home)/disk", kilobytes: 16_384)
        let state = ["KIRIKAE_STATE_DIR": disk.path]
        // Plans are made with the key that lies in the state directory.
        try Files.copy("\(shop.state)/digest.key", to: "\(disk.path)/digest.key")
        let green = try await shop.green.content()
        try disk.fill()
        let none = try await shop.kirikae("apply", shop.migration, "--yes", environment: state)
        #expect(none.code == 9, "\(none)")
        #expect(none.error.contains(disk.path), "\(none)")
        try await shop.green.expectContent(green)

        try disk.clear()
        let first = try await shop.kirikae(
            "apply", shop.migration, "--yes", gates: plan.gates("platform"), environment: state)
        #expect(first.code == 4, "\(first)")
        try disk.fill()
        let stopped = try await shop.kirikae("resume", "--yes", gates: plan.gates(), environment: state)
        #expect(stopped.code == 9, "\(stopped)")
        try disk.clear()
        let end = try await shop.kirikae("resume", "--yes", gates: plan.gates(), environment: state)
        #expect(end.code == 0, "\(end)")
        #expect(try shop.shares() == ["storefront": 100, "orders": 100])
    }
}

extension String {
    /// Drops from every line what lies between that mark and the end of the number after it.
    fileprivate func cut(_ mark: Character) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.prefix { $0 != mark }
        }.joined(separator: "\n")
    }

    fileprivate func replacing(_ old: String, with new: String) -> String {
        var result = ""
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(old) {
                result += new
                rest = rest.dropFirst(old.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
